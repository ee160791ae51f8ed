import type { Span } from "./source.ts";

/** The author's mistake, as a value. All of a file's are collected; none is thrown. */
export interface Diagnostic {
  /** A stable name in kebab-case: `unknown-key`, `wrong-type`, `step-may-not-have-run`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** What is wrong and what was expected, one sentence without a full stop, in our own words. */
  readonly message: string;
  /** Where; absent where the fault has no place in a file (an input given on the command line). */
  readonly span?: Span;
  /** What to do about it: the nearest name, the available names, how to quote. */
  readonly hint?: string;
}

/** An error with a place. */
export function errorAt(span: Span, code: string, message: string, hint?: string): Diagnostic {
  return { code, severity: "error", message, span, ...(hint === undefined ? {} : { hint }) };
}

/** A warning with a place: legal, and probably not meant. */
export function warningAt(span: Span, code: string, message: string, hint?: string): Diagnostic {
  return { code, severity: "warning", message, span, ...(hint === undefined ? {} : { hint }) };
}

/** An error that no file can be blamed for. */
export function errorWithoutPlace(code: string, message: string, hint?: string): Diagnostic {
  return { code, severity: "error", message, ...(hint === undefined ? {} : { hint }) };
}

/** True if one of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

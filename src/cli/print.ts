import type { Diagnostic } from "../core/diagnostic.ts";
import { renderFrames } from "../views/frame.ts";
import { jsonLine } from "../views/json.ts";
import type { Style } from "../views/style.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { pageStyle } from "./page-style.ts";

/** How pages on standard output are set. */
export function stdoutStyle({ surroundings, args }: CommandContext): Style {
  return pageStyle(surroundings.stdout, surroundings.env, args);
}

/** Writes lines to standard output. */
export function print({ surroundings }: CommandContext, lines: readonly string[]): void {
  if (lines.length > 0) surroundings.stdout.write(`${lines.join("\n")}\n`);
}

/** Writes one JSON document to standard output. */
export function printDocument({ surroundings }: CommandContext, document: unknown): void {
  surroundings.stdout.write(`${jsonLine(document)}\n`);
}

/** Writes a sentence to standard error, where it does not mix with what is asked for. */
export function note({ surroundings }: CommandContext, sentence: string): void {
  surroundings.stderr.write(`${sentence}\n`);
}

/** Writes what is wrong to standard error. */
export function printDiagnostics({ surroundings, args }: CommandContext, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) surroundings.stderr.write(`${renderFrames(diagnostics, pageStyle(surroundings.stderr, surroundings.env, args))}\n`);
}

/** Writes what is wrong, and answers with the exit code that says so. */
export function refuse(context: CommandContext, diagnostics: readonly Diagnostic[]): number {
  printDiagnostics(context, diagnostics);
  return EXIT.wrong;
}

import { breaksTree, type Fault, type FaultCode } from "./parse-fault.ts";
import { missingColon } from "./parse-traps.ts";

/** Faults that many lines have because one of them does not stand where it should. */
const SPREADS: ReadonlySet<FaultCode> = new Set(["bad-indentation", "nested-mapping", "missing-colon", "after-value", "tab-indentation", "no-value"]);

/** Faults that the lines beside the first share with it; at the left edge of a file only the last. */
const SHARED: ReadonlySet<FaultCode> = new Set(["bad-indentation", "nested-mapping", "after-value"]);

/** Faults that lines seem to have once other lines are comments. */
const LEFT_BEHIND: ReadonlySet<FaultCode> = new Set(["unknown-anchor", "unused-anchor", "complex-key", "missing-key", "no-value"]);

/** A fault that spreads, and the text without the lines in which it does: offsets are the same. */
export interface SetAside {
  readonly fault: Fault;
  readonly text: string;
}

/** True for a fault that the lines after it, or before it, may only echo. */
export function spreads(fault: Fault): boolean {
  return SPREADS.has(fault.code) && breaksTree(fault);
}

/** True for a fault that can come of the setting aside itself. */
export function isLeftBehind(fault: Fault): boolean {
  return LEFT_BEHIND.has(fault.code);
}

/**
 * Sets the fault aside that the others may follow from: a tab before all, else the fault given. Its line and all lines that belong to it
 * become comments, so that only faults of their own are left.
 */
export function setAside(text: string, faults: readonly Fault[], first: Fault): SetAside {
  const fault = faults.find(({ code }) => code === "tab-indentation") ?? missingColon(text, first.start) ?? first;
  const start = text.lastIndexOf("\n", fault.start - 1) + 1;
  const indent = indentOf(lineAt(text, start).replaceAll("\t", ""));
  let end = endOfLine(text, start);
  while (end < text.length) {
    const line = lineAt(text, end + 1);
    const isDeeper = line.trim() === "" || indentOf(line) > indent;
    if (!isDeeper && !(SHARED.has(fault.code) && (indent > 0 || fault.code === "after-value") && indentOf(line) === indent)) break;
    end = endOfLine(text, end + 1);
  }
  return { fault, text: text.slice(0, start) + text.slice(start, end).replaceAll(/[^\r\n]+/g, (line) => "#".repeat(line.length)) + text.slice(end) };
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

function lineAt(text: string, start: number): string {
  return text.slice(start, endOfLine(text, start));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

import type { Diagnostic } from "../core/diagnostic.ts";
import { lineText, positionOf } from "../core/source.ts";
import { paint, PLAIN, type Style } from "./style.ts";
import { oneLine, widthOf } from "./terminal-text.ts";

/** Columns kept to the left of the caret when a line is too long to be shown whole. */
const LEAD = 24;

/** Diagnostics as a screen shows them, one frame each with an empty line between; "" for none. Ends without a line end. */
export function renderFrames(diagnostics: readonly Diagnostic[], style: Style = PLAIN): string {
  return diagnostics.map((diagnostic) => renderFrame(diagnostic, style)).join("\n\n");
}

/**
 * One diagnostic: `file:line:column  error  message`, the line with carets under what is meant, and what to do about it.
 *
 * ```text
 * runbooks/a.yml:12:5  error  `when` is no key of a step
 *   12 |     when: inputs.x
 *      |     ^^^^
 *   hint: here: `if`
 * ```
 */
export function renderFrame(diagnostic: Diagnostic, style: Style = PLAIN): string {
  const { severity, span } = diagnostic;
  const word = paint(style, severity === "error" ? "bad" : "warn", severity);
  const message = oneLine(diagnostic.message);
  const lines = span === undefined ? [`${word}  ${message}`] : [`${placeOf(diagnostic, style)}  ${word}  ${message}`, ...sourceLines(diagnostic, style)];
  if (diagnostic.hint !== undefined) lines.push(`  ${paint(style, "strong", "hint:")} ${oneLine(diagnostic.hint)}`);
  return lines.join("\n");
}

function placeOf({ span }: Diagnostic, style: Style): string {
  if (span === undefined) return "";
  const { line, column } = positionOf(span.source, span.start);
  return paint(style, "strong", `${oneLine(span.source.name)}:${line}:${column}`);
}

/** The line in which a span begins, and the carets; nothing for a file without text. */
function sourceLines({ span, severity }: Diagnostic, style: Style): readonly string[] {
  if (span === undefined) return [];
  const { line, column } = positionOf(span.source, span.start);
  const text = lineText(span.source, line);
  if (text.trim() === "") return [];
  const gutter = `  ${line} | `;
  const shown = windowOf(text, column - 1, column - 1 + Math.max(1, span.end - span.start), Math.max(20, style.columns - gutter.length));
  const empty = `${" ".repeat(gutter.length - 2)}| `;
  const carets = paint(style, severity === "error" ? "bad" : "warn", "^".repeat(Math.max(1, widthOf(shown.meant))));
  return [`${paint(style, "quiet", gutter)}${shown.before}${shown.meant}${shown.after}`, `${paint(style, "quiet", empty)}${" ".repeat(widthOf(shown.before))}${carets}`];
}

/** A line in three parts, safe on a terminal. */
interface ShownLine {
  readonly before: string;
  readonly meant: string;
  readonly after: string;
}

/** A line around what is meant, from `start` to `end`; what does not fit is `…`. */
function windowOf(line: string, start: number, end: number, columns: number): ShownLine {
  const before = safe(line.slice(0, start));
  const meant = safe(line.slice(start, end));
  const after = safe(line.slice(end));
  if (widthOf(before) + widthOf(meant) + widthOf(after) <= columns) return { before, meant, after };
  const lead = widthOf(before) > LEAD && widthOf(before) + widthOf(meant) > columns ? `…${lastColumns(before, LEAD - 1)}` : before;
  const middle = cutTo(meant, columns - widthOf(lead));
  return { before: lead, meant: middle, after: cutTo(after, columns - widthOf(lead) - widthOf(middle)) };
}

/** A tab is as wide as two blanks, so that carets stand under their letters on every terminal. */
function safe(text: string): string {
  return oneLine(text.replaceAll("\t", "  "));
}

/** The letters from the beginning that fit, the last of them `…` where something is left out. */
function cutTo(text: string, columns: number): string {
  if (text.length <= columns && widthOf(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const letter of text) {
    width += widthOf(letter);
    if (width > columns) break;
    kept += letter;
  }
  return columns < 1 ? "" : `${kept}…`;
}

/** As many letters from the end as fit. */
function lastColumns(text: string, columns: number): string {
  let kept = "";
  let width = 0;
  for (const letter of Array.from(text.slice(-4 * columns)).toReversed()) {
    width += widthOf(letter);
    if (width > columns) break;
    kept = letter + kept;
  }
  return kept;
}

import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import type { ScalarNode } from "../../../src/interpreter/language/node.ts";

/** A scalar whose text is the whole of its file. */
export function scalarOf(text: string): ScalarNode {
  return { kind: "scalar", text, style: "plain", span: { source: { name: "a.yml", text }, start: 0, end: text.length }, offsets: undefined, contentStart: 0 };
}

/** A scalar that stands in its file with one unit of something else before each of its own, as escapes do. */
export function scatteredScalarOf(text: string): ScalarNode {
  const file = [...text].map((unit) => `\\${unit}`).join("");
  const offsets = Array.from({ length: text.length + 1 }, (_, index) => (index < text.length ? index * 2 + 1 : text.length * 2));
  return { kind: "scalar", text, style: "quoted", span: { source: { name: "a.yml", text: file }, start: 0, end: file.length }, offsets, contentStart: 1 };
}

/** The part of the file that a diagnostic points at. */
export function pointedAt(diagnostic: Diagnostic): string {
  const { span } = diagnostic;
  return span === undefined ? "" : span.source.text.slice(span.start, span.end);
}

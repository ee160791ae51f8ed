import type { Source } from "../../core/source.ts";
import type { ScalarNode } from "./node.ts";
import { offsetsOf, type ScalarForm } from "./parse-offsets.ts";

/** The scalar that `text` was decoded from. `start` and `end` enclose it in the file, quotes or block header included. */
export function scalarNode(source: Source, start: number, end: number, form: ScalarForm, text: string): ScalarNode {
  const style = form === "plain" ? "plain" : form === "literal" || form === "folded" ? "block" : "quoted";
  const contentStart = style === "quoted" ? start + 1 : start;
  const span = { source, start, end: style === "block" ? start + source.text.slice(start, end).trimEnd().length : end };
  if (source.text.startsWith(text, contentStart) && contentStart + text.length + (style === "quoted" ? 1 : 0) === end) {
    return { kind: "scalar", text, style, span, offsets: undefined, contentStart };
  }
  const offsets = offsetsOf(source.text, start, end, form, text);
  return { kind: "scalar", text, style, span, offsets, contentStart: offsets[0] ?? contentStart };
}

import type { Source } from "../../core/source.ts";
import type { ScalarNode } from "./node.ts";
import { scalarNode } from "./parse-scalar.ts";

/** Thrown at what is not surely of the simple part of YAML; never seen outside. */
export class NotSimple extends Error {}

/** Letters of a key; YAML itself takes 1,024. */
export const KEY_LIMIT = 500;

/** A quoted text on one line, with the escapes that runbooks use. */
export const QUOTED = /'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\["\\/nt])*"/y;

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

/** The quoted text that begins at a place. */
export function quotedNode(source: Source, start: number, quoted: RegExp): ScalarNode {
  quoted.lastIndex = start;
  const written = quoted.exec(source.text)?.[0];
  if (written === undefined) throw new NotSimple();
  const inner = written.slice(1, -1);
  const end = start + written.length;
  if (written.startsWith("'")) return scalarNode(source, start, end, "single-quoted", inner.replaceAll("''", "'"));
  const text = inner.includes("\\") ? inner.replaceAll(/\\(.)/g, (_escape, letter: string) => ESCAPED[letter] ?? letter) : inner;
  return scalarNode(source, start, end, "double-quoted", text);
}

/** What no plain text begins with, unless a letter stands behind the last three. */
const NO_START = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?: |$))/;

/** A plain text without the blanks behind it. */
export function plainText(written: string): string {
  const text = written.trimEnd();
  if (text === "" || text.endsWith(":") || text.includes(": ") || NO_START.test(text)) throw new NotSimple();
  return text;
}

import type { Source } from "../../core/source.ts";
import { MapEntry, type ListNode, type MapNode, type Node } from "./node.ts";
import { KEY_LIMIT, NotSimple, plainText, QUOTED, quotedNode } from "./parse-simple-text.ts";

const DEPTH_LIMIT = 50;

const KEY = /\w[\w./-]*(?: \w[\w./-]*){0,9}: +/y;
const PLAIN = /[^\s,[\]{}#&*!|>'"%@`?:-][^,[\]{}\n]*|-[\w.][^,[\]{}\n]*/y;

/** Reads a list or mapping in brackets that ends on the line on which it begins, in the simple part of YAML. */
export function readFlow(source: Source, start: number, depth = 0): ListNode | MapNode {
  if (depth > DEPTH_LIMIT) throw new NotSimple();
  return source.text[start] === "[" ? flowList(source, start, depth) : flowMap(source, start, depth);
}

function flowList(source: Source, start: number, depth: number): ListNode {
  const items: Node[] = [];
  let at = behindBlanks(source.text, start + 1);
  while (source.text[at] !== "]") {
    const item = flowValue(source, at, depth);
    items.push(item);
    at = behindComma(source.text, item.span.end, "]");
  }
  return { kind: "list", items: items.slice(), span: { source, start, end: at + 1 } };
}

function flowMap(source: Source, start: number, depth: number): MapNode {
  const entries: MapEntry[] = [];
  const names = new Set<string>();
  let at = behindBlanks(source.text, start + 1);
  while (source.text[at] !== "}") {
    KEY.lastIndex = at;
    if (!KEY.test(source.text)) throw new NotSimple();
    const name = source.text.slice(at, source.text.indexOf(":", at));
    if (name.length > KEY_LIMIT || names.has(name)) throw new NotSimple();
    names.add(name);
    const entry = new MapEntry(name, at, flowValue(source, KEY.lastIndex, depth));
    entries.push(entry);
    at = behindComma(source.text, entry.value.span.end, "}");
  }
  return { kind: "map", entries: entries.slice(), span: { source, start, end: at + 1 } };
}

function flowValue(source: Source, at: number, depth: number): Node {
  const first = source.text[at];
  if (first === "[" || first === "{") return readFlow(source, at, depth + 1);
  if (first === '"' || first === "'") return quotedNode(source, at, QUOTED);
  PLAIN.lastIndex = at;
  const written = PLAIN.exec(source.text)?.[0] ?? "";
  if (written.includes(" #")) throw new NotSimple();
  const text = plainText(written);
  return { kind: "scalar", text, style: "plain", span: { source, start: at, end: at + text.length }, offsets: undefined, contentStart: at };
}

function behindBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === " ") at += 1;
  return at;
}

/** Where the next item begins, or the closing bracket stands; a comma before that is left to the library. */
function behindComma(text: string, end: number, close: "]" | "}"): number {
  const at = behindBlanks(text, end);
  if (text[at] === close) return at;
  const next = behindBlanks(text, at + 1);
  if (text[at] !== "," || text[next] === close) throw new NotSimple();
  return next;
}

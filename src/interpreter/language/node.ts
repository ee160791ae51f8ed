import type { Source, Span } from "../../core/source.ts";

/** A file's text as a tree: what every later phase reads. Tags, merge keys and anchors are gone (anchors are expanded); each scalar is still text. */
export type Node = ScalarNode | ListNode | MapNode;

/** A scalar as it was written: its type is that of its place, never guessed from its look. `text` is "" for an absent value (`key:`). */
export interface ScalarNode {
  readonly kind: "scalar";
  /** Decoded: quotes and escapes resolved, block scalars joined; nothing else. */
  readonly text: string;
  readonly style: "plain" | "quoted" | "block";
  /** Of the scalar in the file, quotes included. */
  readonly span: Span;
  /** Offset in the file of each UTF-16 unit of `text`, and one more for its end; undefined where `text` stands in the file as it is, from `contentStart`. */
  readonly offsets: readonly number[] | undefined;
  /** Offset in the file of the first unit of `text`. */
  readonly contentStart: number;
}

/** A list. */
export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly span: Span;
}

/** A mapping, in the order of the file. Keys are unique. Looked into with {@link entryAt}. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly span: Span;
}

/** A key with its value. A tree has more keys than values, and of nearly all only the name is ever looked at: `key` is made when it is asked for. */
export class MapEntry {
  /** The text of the key. */
  readonly name: string;
  readonly value: Node;
  /** The key as it was written; of a plain one, which stands in the file as it is, the offset. */
  readonly written: ScalarNode | number;

  constructor(name: string, written: ScalarNode | number, value: Node) {
    this.name = name;
    this.written = written;
    this.value = value;
  }

  get key(): ScalarNode {
    if (typeof this.written !== "number") return this.written;
    const span = { source: this.value.span.source, start: this.written, end: this.written + this.name.length };
    return { kind: "scalar", text: this.name, style: "plain", span, offsets: undefined, contentStart: this.written };
  }
}

/** A mapping with fewer entries is searched from its beginning: it needs no index, which would be larger than the mapping itself. */
const INDEXED_FROM = 12;

/** Indexes of large mappings, made when one is first asked for. */
const indexes = new WeakMap<MapNode, ReadonlyMap<string, MapEntry>>();

function indexOf(node: MapNode): ReadonlyMap<string, MapEntry> {
  const known = indexes.get(node);
  if (known !== undefined) return known;
  const index = new Map(node.entries.map((entry) => [entry.name, entry]));
  indexes.set(node, index);
  return index;
}

/** The entry of a key, or undefined where the mapping lacks it. */
export function entryAt(node: MapNode, key: string): MapEntry | undefined {
  if (node.entries.length >= INDEXED_FROM) return indexOf(node).get(key);
  for (const entry of node.entries) if (entry.name === key) return entry;
  return undefined;
}

/** The value of a key, or undefined where the mapping lacks it. */
export function valueAt(node: MapNode, key: string): Node | undefined {
  return entryAt(node, key)?.value;
}

/** True if the mapping has the key. */
export function hasKey(node: MapNode, key: string): boolean {
  return entryAt(node, key) !== undefined;
}

/** The span in the file of a part of a scalar's text, by offsets inside `text`. */
export function spanInside(node: ScalarNode, start: number, end: number): Span {
  const { source }: { source: Source } = node.span;
  const at = (index: number): number => node.offsets?.[index] ?? (node.offsets === undefined ? node.contentStart + index : node.span.end);
  return { source, start: at(start), end: Math.max(at(start), at(end)) };
}

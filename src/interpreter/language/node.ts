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

/** A mapping, in the order of the file. Keys are unique. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly span: Span;
  readonly byKey: ReadonlyMap<string, MapEntry>;
}

/** A key with its value. */
export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

/** The value of a key, or undefined where the mapping lacks it. */
export function valueAt(node: MapNode, key: string): Node | undefined {
  return node.byKey.get(key)?.value;
}

/** The span in the file of a part of a scalar's text, by offsets inside `text`. */
export function spanInside(node: ScalarNode, start: number, end: number): Span {
  const { source }: { source: Source } = node.span;
  const at = (index: number): number => node.offsets?.[index] ?? (node.offsets === undefined ? node.contentStart + index : node.span.end);
  return { source, start: at(start), end: Math.max(at(start), at(end)) };
}

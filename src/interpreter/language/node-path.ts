import { entryAt, type MapEntry, type Node } from "./node.ts";

/** A way through a tree: keys of mappings, places in lists (from 0). */
export type NodePath = readonly (string | number)[];

/** The node at the end of a path; undefined where it does not lead anywhere. Digits as text lead into a list too. */
export function nodeAtPath(node: Node, path: NodePath): Node | undefined {
  let at: Node | undefined = node;
  for (const segment of path) {
    if (at === undefined || at.kind === "scalar") return undefined;
    at = at.kind === "map" ? entryAt(at, String(segment))?.value : at.items[Number(segment)];
  }
  return at;
}

/** The key at the end of a path, with its value; undefined where it ends in a list or nowhere. */
export function entryAtPath(node: Node, path: NodePath): MapEntry | undefined {
  const around = nodeAtPath(node, path.slice(0, -1));
  const key = path.at(-1);
  return around?.kind === "map" && key !== undefined ? entryAt(around, String(key)) : undefined;
}

/** The segments of a JSON pointer (RFC 6901); none for "". */
export function pathOfPointer(pointer: string): readonly string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/").map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

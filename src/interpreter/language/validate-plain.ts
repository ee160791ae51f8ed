import { assertNever } from "../../core/assert-never.ts";
import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import type { MapEntry, Node } from "./node.ts";

/** A tree as the validators take it. */
export interface PlainTree {
  /** Every scalar is a string, an absent value null. */
  readonly value: Json;
  /** One for each absent value: no place of any file takes one. */
  readonly diagnostics: readonly Diagnostic[];
}

/** True for a key without a value (`title:`); an empty text is written `""`. */
export function isAbsent(node: Node): boolean {
  return node.kind === "scalar" && node.text === "" && node.style === "plain";
}

/** Makes plain JSON of a tree. Objects have no prototype: a key `__proto__` is only a key. */
export function plainOf(root: Node): PlainTree {
  const diagnostics: Diagnostic[] = [];
  const walk = (node: Node, entry: MapEntry | undefined): Json => {
    switch (node.kind) {
      case "scalar":
        if (!isAbsent(node)) return node.text;
        diagnostics.push(errorAt(entry?.key.span ?? node.span, "missing-value", entry === undefined ? "this item is empty" : `\`${entry.name}\` has no value`, "write one, or leave this out; an empty text is \"\""));
        return null;
      case "list":
        return node.items.map((item) => walk(item, undefined));
      case "map": {
        const object = emptyObject<Json>();
        for (const inner of node.entries) object[inner.name] = walk(inner.value, inner);
        return object;
      }
      default:
        return assertNever(node);
    }
  };
  return { value: walk(root, undefined), diagnostics };
}

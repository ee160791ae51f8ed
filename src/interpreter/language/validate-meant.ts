import { RECORDS } from "./generated/records.ts";
import { hasKey, MapEntry, type MapNode, type Node } from "./node.ts";
import type { Complaint } from "./validate-words.ts";
import { slipOf } from "./validate-words.ts";

/** A key that was misspelt: the mapping that holds it, as it is written, as it was meant. */
export interface Slip {
  readonly map: MapNode;
  readonly written: string;
  readonly meant: string;
}

/** The slips of the pen among complaints: unknown keys near to one that their mapping lacks. */
export function slipsIn(complaints: readonly Complaint[]): readonly Slip[] {
  return complaints.flatMap((complaint) => {
    const { keyword, node, schema, way } = complaint;
    if (keyword !== "additionalProperties" || node.kind !== "map" || way.length > 0 || RECORDS[schema] === undefined) return [];
    const meant = slipOf(complaint);
    return meant === undefined || hasKey(node, meant) ? [] : [{ map: node, written: String(complaint.params["additionalProperty"]), meant }];
  });
}

/** The tree with its misspelt keys as they were meant, so that nobody looks in vain for what stands under them. Where two would become one, the first does. */
export function asMeant(root: Node, slips: readonly Slip[]): Node {
  const byMap = new Map<MapNode, Map<string, string>>();
  for (const { map, written, meant } of slips) {
    const names = byMap.get(map) ?? new Map<string, string>();
    byMap.set(map, names);
    if (![...names.values()].includes(meant)) names.set(written, meant);
  }
  const walk = (node: Node): Node => {
    if (node.kind === "scalar") return node;
    if (node.kind === "list") return { ...node, items: node.items.map(walk) };
    const names = byMap.get(node);
    const entries = node.entries.map(({ name, key, value }) => new MapEntry(names?.get(name) ?? name, { ...key, text: names?.get(name) ?? name }, walk(value)));
    return { ...node, entries };
  };
  return byMap.size === 0 ? root : walk(root);
}

import { NAME, RESERVED_NAMES } from "../../core/names.ts";
import { declaredSteps, type FileLists } from "./lower-declare.ts";
import { hasKey, valueAt, type MapNode } from "./node.ts";

const MAPS = ["inputs", "vars", "targets"] as const;
const LISTS = ["preconditions", "steps", "checks", "postconditions", "block", "rescue", "always", "rollback"] as const;

/**
 * The roots of whose names some could not be read (`inputs` with a key that is no name, `steps` with a step that has no id): the
 * validator has said so, and a name that is missing there may be one of them. Empty for a file of sound structure.
 */
export function unsureRoots(node: MapNode, lists: FileLists): ReadonlySet<string> {
  const unsure = new Set<string>();
  for (const root of MAPS) {
    const value = valueAt(node, root);
    if (value === undefined) continue;
    const isSound = value.kind === "map" && value.entries.every((entry) => isName(entry.key.text));
    if (!isSound) unsure.add(root);
  }
  const hasOddList = (holder: MapNode): boolean => LISTS.some((list) => hasKey(holder, list) && valueAt(holder, list)?.kind !== "list");
  if (hasOddList(node)) unsure.add("steps");
  for (const step of declaredSteps(lists)) if (!isName(step.id) || hasOddList(step.node)) unsure.add("steps");
  return unsure;
}

function isName(text: string): boolean {
  return NAME.test(text) && !RESERVED_NAMES.has(text);
}

import type { PlanNode } from "../../core/plan.ts";
import { withoutItems } from "../plan/paths.ts";
import type { Run } from "./context.ts";

/** Paths of the steps of a run that did something and whose plan says how it is undone. */
export function undoablePaths({ plan, tally }: Run): readonly string[] {
  const known = new Set<string>();
  for (const node of plan.nodes) collect(node, known);
  return [...tally.acts].flatMap(([path, acts]) => (acts.length > 0 && known.has(withoutItems(path)) ? [path] : []));
}

function collect(node: PlanNode, into: Set<string>): void {
  if (node.rollback !== undefined) into.add(withoutItems(node.path));
  for (const child of node.children) collect(child, into);
}

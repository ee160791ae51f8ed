import type { Action } from "../../core/action.ts";
import type { PlanNode, PlannedAction } from "../../core/plan.ts";
import { matchesTemplate } from "../plan/matches.ts";

/** The plan's actions by step path: what a run may issue. */
export class PlannedIndex {
  readonly #byPath = new Map<string, PlannedAction[]>();

  constructor(nodes: readonly PlanNode[]) {
    for (const node of nodes) this.#add(node);
  }

  #add(node: PlanNode): void {
    if (node.actions.length > 0) {
      const known = this.#byPath.get(node.path);
      if (known === undefined) this.#byPath.set(node.path, [...node.actions]);
      else known.push(...node.actions);
    }
    for (const child of node.children) this.#add(child);
  }

  /** True if the plan showed this action for this step. */
  allows(path: string, name: string, action: Action): boolean {
    return patternsOf(path).some((pattern) =>
      this.#byPath.get(pattern)?.some((planned) => planned.name === name && matchesTemplate(planned.template, action)) ?? false);
  }
}

/** A path as the plan may know it: with the items of its loops, or with `[…]` where the list was not known. */
function patternsOf(path: string): readonly string[] {
  const plain = path.replace(/(^|\/)goal\//g, "$1");
  const parts = plain.split(/(\[[^\]]*\])/);
  const loops = parts.filter((part) => part.startsWith("[")).length;
  if (loops === 0) return [plain];
  return Array.from({ length: 2 ** Math.min(loops, 6) }, (_, choice) => {
    let loop = -1;
    return parts.map((part) => {
      if (!part.startsWith("[")) return part;
      loop += 1;
      return (choice >> loop) & 1 ? "[…]" : part;
    }).join("");
  });
}

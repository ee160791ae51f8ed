import type { Action } from "../../core/action.ts";
import type { PlanNode, PlannedAction } from "../../core/plan.ts";
import { matchesTemplate } from "../plan/matches.ts";

/** The plan's actions by step path: what a run may issue. */
export class PlannedIndex {
  readonly #byPath = new Map<string, PlannedAction[]>();
  /** Paths with the instance of a list that only the run knows. */
  readonly #patterns: string[] = [];

  constructor(nodes: readonly PlanNode[]) {
    for (const node of nodes) this.#add(node);
    this.#patterns = [...this.#byPath.keys()].filter((path) => path.includes(ANY_ITEM));
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
    return this.#pathsFor(path).some((known) =>
      this.#byPath.get(known)?.some((planned) => planned.name === name && matchesTemplate(planned.template, action)) ?? false);
  }

  /** The paths under which the plan may know it. A goal asks the postconditions, under paths of its own. */
  #pathsFor(path: string): readonly string[] {
    return withAndWithoutGoal(path).flatMap((plain) => [plain, ...this.#patterns.filter((pattern) => matchesPath(pattern, plain))]);
  }
}

/** The instance of a list that only the run knows. */
const ANY_ITEM = "[…]";

/** True if the path is the pattern, with some item wherever it holds `[…]`. */
function matchesPath(pattern: string, path: string): boolean {
  const parts = pattern.split(ANY_ITEM).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("\\[.*\\]")}$`, "s").test(path);
}

/** A step may be called `goal` itself: every reading of the path counts. */
function withAndWithoutGoal(path: string): readonly string[] {
  const at = path.search(/(?<=^|\/)goal\//);
  if (at === -1) return [path];
  const before = path.slice(0, at);
  return withAndWithoutGoal(path.slice(at + "goal/".length)).flatMap((rest) => [`${before}${rest}`, `${before}goal/${rest}`]);
}

import { worseEffect, type Effect } from "../../core/action.ts";
import { digestOf } from "../../core/digest.ts";
import type { Plan, PlanNode } from "../../core/plan.ts";
import type { Runbook, Scope, Step } from "../../core/runbook.ts";
import { withoutTexts } from "./make-plan.ts";
import { planSteps } from "./plan-file.ts";
import { insideOf } from "./paths.ts";
import type { Roots } from "./roots.ts";

/** A step that is undone: the steps that do it, and the names in reach as they were in its run. */
export interface RollbackEntry {
  /** Of the step that is undone. What undoes it stands below. */
  readonly path: string;
  /** "Undo: Copy the package" */
  readonly title: string;
  readonly steps: readonly Step[];
  /** The file in which it stands. */
  readonly runbook: Runbook;
  readonly roots: Roots;
  readonly scope: Scope;
  /** Paths of the steps around it in its run: while it is undone, what may happen during these may happen. */
  readonly around: readonly string[];
  /** `unknown`: nobody knows whether it did its work. */
  readonly outcome: "known" | "unknown";
}

/** The plan of a run that undoes another one: for each step that is undone, the last first, a block of what undoes it. Addresses, locks, inputs and the probes of its file are those of the run. */
export function makeRollbackPlan(ofRun: Plan, undoes: string, entries: readonly RollbackEntry[]): Plan {
  const nodes = [...ofRun.nodes.filter(({ phase }) => phase === "probe"), ...entries.map((entry) => entryNode(entry, ofRun.addresses))];
  const { runbook, system, simulated, addresses, locks } = ofRun;
  const digest = digestOf({ runbook, system, simulated, undoes, addresses, locks, nodes: nodes.map(withoutTexts) });
  return { ...ofRun, digest, title: `Undo the run ${undoes}: ${ofRun.title}`, nodes };
}

function entryNode({ path, title, steps, roots, scope }: RollbackEntry, addresses: readonly string[]): PlanNode {
  const children = planSteps(steps, { prefix: insideOf(path), phase: "rollback", roots, scope, addresses, ended: new Set(Object.keys(roots.steps)) });
  const effect = children.reduce<Effect>((worst, child) => worseEffect(worst, child.effect), "reads");
  return { path, kind: "block", phase: "rollback", title, why: undefined, if: undefined, uses: undefined, effect, target: { kind: "none" }, irreversible: undefined, actions: [], children };
}

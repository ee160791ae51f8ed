import { emptyObject, type Json } from "../../core/json.ts";
import type { Runbook } from "../../core/runbook.ts";
import { evaluate } from "../language/expression.ts";
import type { Roots } from "../plan/roots.ts";
import { isStopped, type Branch, type Run } from "./context.ts";
import { maskedOutput, readsMasked } from "./masked-outputs.ts";
import { runList, type ListEnd } from "./list.ts";
import { runReadings, type ReadingsEnd } from "./readings.ts";

/** How a file ended. A part that was not come to "went on" without a change. */
export interface FileEnd {
  readonly goal: "held" | "not-held";
  readonly preconditions: ListEnd;
  readonly steps: ListEnd;
  readonly postconditions: ListEnd;
  readonly outputs: Readonly<Record<string, Json>>;
}

const NOT_COME_TO: ReadingsEnd = { kind: "went-on", changed: false, waited: false };

const INTERRUPTED: ReadingsEnd = { kind: "interrupted", changed: false, waited: false };

/** The end of steps that belong to no file's procedure, as that of a file. */
export function fileEndOf(steps: ListEnd): FileEnd {
  return { goal: "not-held", preconditions: NOT_COME_TO, steps, postconditions: NOT_COME_TO, outputs: emptyObject() };
}

/** Runs a file, the run's own or a called one: goal, preconditions, steps, postconditions. A file of checks runs its checks. */
export async function runFile(run: Run, branch: Branch, runbook: Runbook): Promise<FileEnd> {
  const none = { goal: "not-held", preconditions: NOT_COME_TO, steps: NOT_COME_TO, postconditions: NOT_COME_TO } as const;
  if (branch.depth === "once") return lookOnce(run, branch, runbook);
  if (runbook.mode === "checks") {
    const steps = await runReadings(run, branch, runbook.steps);
    return { ...none, steps, outputs: outputsOf(runbook, branch.roots) };
  }
  const isTakenUp = run.resumption?.recorded.begun.has(branch.prefix) === true;
  const atStart = isTakenUp ? undefined : await askGoal(run, branch, runbook);
  if (atStart !== undefined) return { ...none, goal: "held", outputs: outputsOf(runbook, atStart) };
  const preconditions = await runReadings(run, { ...branch, phase: "precondition" }, runbook.preconditions);
  if (preconditions.kind !== "went-on") return { ...none, preconditions, outputs: outputsOf(runbook, branch.roots) };
  if (preconditions.waited && !isTakenUp) {
    const held = await askGoal(run, branch, runbook);
    if (held !== undefined) return { ...none, preconditions, goal: "held", outputs: outputsOf(runbook, held) };
  }
  const steps = await runList(run, branch, runbook.steps);
  const postconditions = steps.kind !== "went-on" ? NOT_COME_TO
    : isStopped(run, branch) ? INTERRUPTED : await runReadings(run, { ...branch, phase: "postcondition" }, runbook.postconditions);
  return { goal: "not-held", preconditions, steps, postconditions, outputs: outputsOf(runbook, branch.roots) };
}

/** One look at a called file: at its goal or its checks in a goal, else at all of its reading lists. */
async function lookOnce(run: Run, branch: Branch, runbook: Runbook): Promise<FileEnd> {
  const goalOnly = branch.phase === "goal" && runbook.mode === "steps";
  const preconditions = goalOnly ? NOT_COME_TO : await runReadings(run, branch, runbook.preconditions);
  const steps = goalOnly ? NOT_COME_TO : await runReadings(run, branch, runbook.steps);
  const postconditions = await runReadings(run, branch, runbook.postconditions);
  return { goal: "not-held", preconditions, steps, postconditions, outputs: outputsOf(runbook, branch.roots) };
}

/** Asks each postcondition, one look, without retry or waiting. Gives the roots with their outputs where all hold; undefined where one does not, or there is none. */
async function askGoal(run: Run, branch: Branch, runbook: Runbook): Promise<Roots | undefined> {
  if (runbook.postconditions.length === 0) return undefined;
  const roots: Roots = Object.assign(emptyObject<unknown>() as unknown as Roots, branch.roots, { steps: emptyObject<Roots["steps"][string]>() });
  const asked = await runReadings(run, { ...branch, roots, scope: Object.assign(emptyObject<unknown>(), branch.scope, roots), phase: "goal", depth: "once", prefix: `${branch.prefix}goal/` }, runbook.postconditions);
  return asked.kind === "went-on" ? roots : undefined;
}

/** The outputs that a file gives; what did not run is absent. */
function outputsOf(runbook: Runbook, roots: Roots): Readonly<Record<string, Json>> {
  const outputs = emptyObject<Json>();
  for (const { name, expression } of runbook.outputs) {
    const value = evaluate(expression, roots);
    if (value.kind === "value") outputs[name] = value.value;
    else if (readsMasked(expression, roots)) outputs[name] = maskedOutput();
  }
  return outputs;
}

import { assertNever } from "../../core/assert-never.ts";
import type { StepFinished } from "../../core/step-event.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import type { Step } from "../../core/runbook.ts";
import { judge } from "../language/expression.ts";
import { stepPath } from "../plan/paths.ts";
import { isReadingOnly } from "./reading-only.ts";
import { runBlock } from "./block.ts";
import { runCall } from "./call.ts";
import type { Branch, Run, StepEnd } from "./context.ts";
import { isDone } from "./context.ts";
import { runLeaf, nextAttempt, titleOf } from "./leaf.ts";
import { eachBefore, runLoop, type RunBody } from "./loop.ts";
import { givenEnd } from "./given-end.ts";
import { applyPolicy } from "./policy.ts";

/**
 * Runs a step: its condition, its loop or its body, then what its failure policy says. Its status and outputs come into reach of
 * the steps after it.
 */
export async function runStep(run: Run, branch: Branch, step: Step, body: RunBody = runBody): Promise<StepEnd> {
  const path = stepPath(branch.prefix, step.id);
  const before = branch.phase === "goal" ? undefined : run.resumption?.endOf(path, step, branch.task.now());
  if (before !== undefined) return giveBack(run, branch, step, path, before);
  for (;;) {
    const startedMs = branch.task.now();
    run.tally.entered.add(path);
    const end = await enter(run, branch, step, path, body);
    const policed = end.status === "failed" && branch.phase !== "goal" ? await applyPolicy(run, branch, step, path, end) : end;
    if (policed === "retry") continue;
    // A step that waits for a person, or whose outcome is unknown, has not ended: what may happen during it may still happen.
    if (policed.status !== "unknown" && policed.status !== "waiting") run.tally.entered.delete(path);
    if (policed.status === "waiting" || (policed.status === "not-yet" && branch.phase !== "goal")) return policed;
    finish(run, branch, step, path, policed, startedMs);
    return policed;
  }
}

async function enter(run: Run, branch: Branch, step: Step, path: string, body: RunBody): Promise<StepEnd> {
  if (step.if !== undefined) {
    const verdict = judge(step.if, branch.scope);
    if (verdict.kind !== "true") {
      run.emit({
        type: "step-started", step: path, kind: kindOf(step), phase: branch.phase, attempt: nextAttempt(run, path), title: titleOf(step, branch), effect: "reads",
        ...(branch.parent === undefined ? {} : { parent: branch.parent }),
      });
      return verdict.kind === "false" ? { status: "skipped", because: verdict.because } : { status: "failed", code: "not_known", because: `its condition cannot be told: ${verdict.because}` };
    }
  }
  return step.loop === undefined ? body(run, branch, step, path) : runLoop(run, branch, step, step.loop, path, body);
}

/** Runs what a step does, once: for a loop, one instance. */
export async function runBody(run: Run, branch: Branch, step: Step, path: string): Promise<StepEnd> {
  const { body } = step;
  switch (body.kind) {
    case "leaf":
      return runLeaf(run, branch, step, body, path);
    case "block":
      return runBlock(run, branch, step, body, path);
    case "call":
      return runCall(run, branch, step, body, path);
    default:
      return assertNever(body);
  }
}

function kindOf(step: Step): "leaf" | "block" | "for-each" | "call" {
  return step.loop === undefined ? step.body.kind : "for-each";
}

/** The end of a step as it was before the run was taken up again: nothing is told anew. */
function giveBack(run: Run, branch: Branch, step: Step, path: string, before: StepFinished): StepEnd {
  const each = step.loop === undefined || run.resumption === undefined ? undefined : eachBefore(run.resumption.recorded, branch, step.loop, path);
  const end: StepEnd = { ...givenEnd(before), ...(each === undefined ? {} : { each }) };
  keepEnd(run, branch, step, path, end);
  return end;
}

/** Tells the end, and puts status and outputs into reach. */
function finish(run: Run, branch: Branch, step: Step, path: string, end: StepEnd, startedMs: number): void {
  const status = end.status === "not-yet" ? "failed" : end.status;
  run.emit({
    type: "step-finished", step: path, status, attempts: end.attempts ?? 1, ms: branch.task.now() - startedMs,
    ...(end.status === "not-yet" ? { code: "not_yet" } : end.code === undefined ? {} : { code: end.code }), ...(end.because === undefined ? {} : { because: end.because }),
    ...(end.condition === undefined ? {} : { condition: end.condition }), ...(end.outputs === undefined ? {} : { outputs: end.outputs }), ...(end.passedOver === undefined ? {} : { passedOver: end.passedOver }),
  });
  keepEnd(run, branch, step, path, end);
}

/** Puts status and outputs into reach, and counts what the run's result is made of. */
function keepEnd(run: Run, branch: Branch, step: Step, path: string, end: StepEnd): void {
  if (end.status === "rescued") run.tally.rescuedOrNoted = true;
  if (end.passedOver === "continue" || (end.passedOver === "skip" && !isReadingOnly(step))) run.tally.passedOver.push(path);
  if (end.passedOver === "note" || (end.passedOver === "skip" && isReadingOnly(step))) {
    run.tally.rescuedOrNoted = true;
    run.tally.openItems.push({ step: path, code: end.code ?? "failed", because: end.because ?? "" });
  }
  const status = end.status === "not-yet" ? "failed" : end.status;
  branch.roots.steps[step.id] = Object.assign(emptyObject<unknown>(), { status, done: isDone(end.status) }, step.loop === undefined ? { outputs: asScope(end.outputs) } : { each: end.each ?? [] }) as Branch["roots"]["steps"][string];
}

function asScope(outputs: Readonly<Record<string, Json>> | undefined): Readonly<Record<string, Json>> {
  return Object.assign(emptyObject<Json>(), outputs ?? {});
}

import type { Call, Step } from "../../core/runbook.ts";
import { renderForPeople } from "../language/template.ts";
import { bindInputs } from "../plan/bind.ts";
import { inputSchemas } from "../plan/input-schemas.ts";
import { insideOf } from "../plan/paths.ts";
import { makeRoots } from "../plan/roots.ts";
import { innerLimits } from "./block.ts";
import type { Branch, Run, StepEnd } from "./context.ts";
import { runFile, type FileEnd } from "./file.ts";
import { nextAttempt, titleOf } from "./leaf.ts";
import { takeFromInputs, takeFromVars } from "./run-secrets.ts";
import { blockEnd } from "./status.ts";

/** Runs a called file: its inputs from `with` and defaults only, its probes and invariants while it runs, its outputs as the step's. */
export async function runCall(run: Run, branch: Branch, step: Step, call: Call, path: string): Promise<StepEnd> {
  run.emit({
    type: "step-started", step: path, kind: "call", phase: branch.phase, attempt: nextAttempt(run, path), title: step.title === undefined ? renderForPeople(call.runbook.title, branch.scope) : titleOf(step, branch), effect: "reads",
    ...(branch.parent === undefined ? {} : { parent: branch.parent }), ...(step.why === undefined ? {} : { why: renderForPeople(step.why, branch.scope) }),
  });
  takeFromInputs(call.with, branch.scope, run.secrets);
  const bound = bindInputs(call.with, inputSchemas(call.runbook), branch.scope, new Map());
  if (bound.kind === "failed") return { status: "failed", code: bound.code, because: bound.because };
  const roots = makeRoots(call.runbook, bound.values, branch.roots.run);
  if (roots.kind === "error") return { status: "failed", code: "bad_input", because: roots.error.map(({ message }) => message).join("; ") };
  takeFromVars(call.runbook, roots.value, run.secrets);
  const foreign = Object.values(roots.value.targets).flatMap((target) => target.addresses ?? [target.address ?? ""]).find((address) => !run.plan.addresses.includes(address));
  if (foreign !== undefined) return { status: "failed", code: "not_a_target", because: `${foreign} is none of this run's targets: ${run.plan.addresses.join(", ")}` };
  const prefix = insideOf(path);
  const watches = branch.depth === "whole";
  if (watches) run.watch.enter(call.runbook, prefix, roots.value);
  const end = await runFile(run, { ...branch, runbook: call.runbook, roots: roots.value, scope: roots.value, prefix, parent: path, limits: innerLimits(step, branch) }, call.runbook);
  if (watches) run.watch.leave(prefix, branch.task.now());
  return { ...callEnd(end), outputs: end.outputs };
}

/** A call's end: `unchanged` by its goal, failed by its preconditions, else as a block over steps and postconditions. */
function callEnd(end: FileEnd): StepEnd {
  if (end.goal === "held") return { status: "unchanged", because: "its goal holds already" };
  for (const part of [end.preconditions, end.steps, end.postconditions]) {
    if (part.kind !== "went-on") return blockEnd({ main: part, rescue: undefined, always: undefined, afterRescue: undefined });
  }
  const changed = end.steps.changed;
  return blockEnd({ main: { kind: "went-on", changed }, rescue: undefined, always: undefined, afterRescue: undefined });
}

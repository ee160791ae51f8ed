import type { Step } from "../../core/runbook.ts";
import { mayEnter, type Branch, type Run, type StepEnd } from "./context.ts";
import type { Failing } from "./failing.ts";
import type { RunBody } from "./loop.ts";
import { runBody, runStep } from "./step.ts";

/** How a list of steps ended. */
export interface ListEnd {
  readonly kind: "went-on" | "failed" | "unknown" | "waiting" | "interrupted" | "not-yet";
  /** The step that ended it, by path, and why. */
  readonly step?: string;
  readonly code?: string;
  readonly because?: string;
  /** Of a list of which all is reported: each failure. */
  readonly failures?: readonly Failing[];
  /** True if one of its steps did something or was passed over: what makes a block `ok` and not `unchanged`. */
  readonly changed: boolean;
  /** True if none of its steps was entered. */
  readonly untouched?: true;
}

/** True for an end after which the list goes on. */
function goesOn(end: StepEnd): boolean {
  return end.status === "ok" || end.status === "unchanged" || end.status === "skipped" || end.status === "rescued" || end.passedOver !== undefined;
}

/** Runs steps one after another, up to the first that neither went well nor is passed over. `body`: what each does; default: what it says. */
export async function runList(run: Run, branch: Branch, steps: readonly Step[], body: RunBody = runBody): Promise<ListEnd> {
  let changed = false;
  for (const [index, step] of steps.entries()) {
    if (!mayEnter(run, branch, `${branch.prefix}${step.id}`) || (branch.course === "forward" && branch.givenUp())) return { kind: "interrupted", changed, ...(index === 0 ? { untouched: true } : {}) };
    const end = await runStep(run, branch, step, body);
    changed ||= end.status === "ok" || end.status === "rescued" || end.passedOver !== undefined;
    if (!goesOn(end)) return { ...listEndOf(end, `${branch.prefix}${step.id}`), changed };
  }
  return { kind: "went-on", changed };
}

/** Runs every step even after one failed, as `always` does; the first failure counts. */
export async function runAll(run: Run, branch: Branch, steps: readonly Step[]): Promise<ListEnd> {
  let first: ListEnd | undefined;
  let changed = false;
  for (const step of steps) {
    if (!mayEnter(run, branch, `${branch.prefix}${step.id}`)) return { kind: "interrupted", changed };
    const end = await runStep(run, branch, step);
    changed ||= end.status === "ok" || end.status === "rescued" || end.passedOver !== undefined;
    if (!goesOn(end)) first ??= { ...listEndOf(end, `${branch.prefix}${step.id}`), changed };
  }
  return first === undefined ? { kind: "went-on", changed } : { ...first, changed };
}

/** How a list ends at a step that did not go on. */
export function listEndOf(end: StepEnd, path: string): Omit<ListEnd, "changed"> {
  const kind = end.status === "failed" || end.status === "unknown" || end.status === "waiting" || end.status === "not-yet" ? end.status : "interrupted";
  return { kind, step: end.failedStep ?? path, ...(end.code === undefined ? {} : { code: end.code }), ...(end.because === undefined ? {} : { because: end.because }), ...(end.failures === undefined ? {} : { failures: end.failures }) };
}

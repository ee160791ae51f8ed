import type { Step } from "../../core/runbook.ts";
import { stepPath } from "../plan/paths.ts";
import { isStopped, mayEnter, type Branch, type Run, type StepEnd } from "./context.ts";
import { toldTogether } from "./failing.ts";
import { titleOf } from "./leaf.ts";
import { listEndOf, type ListEnd } from "./list.ts";
import { stepsNeededBy } from "./needs.ts";
import { runStep } from "./step.ts";

/** How a list of reading steps ended; `waited` if any of them did, or asked. */
export interface ReadingsEnd extends ListEnd {
  readonly waited: boolean;
}

/**
 * Runs a list of reading steps: all of them look once before any of them waits or asks; waiting begins only if none failed;
 * every failure is reported, together. With depth `once` the first pass is all.
 */
export async function runReadings(run: Run, branch: Branch, steps: readonly Step[]): Promise<ReadingsEnd> {
  const ends = new Map<Step, StepEnd>();
  for (const step of steps) {
    if (!mayEnter(run, branch, stepPath(branch.prefix, step.id))) return { kind: "interrupted", changed: false, waited: false };
    const put = putOff(run, branch, step, steps, ends);
    ends.set(step, put ?? await runStep(run, { ...branch, depth: "once" }, step));
  }
  const failures = (): readonly (readonly [Step, StepEnd])[] => [...ends].filter(([, end]) => end.passedOver === undefined && isBad(end));
  const open = [...ends].filter(([, end]) => end.status === "not-yet").map(([step]) => step);
  if (open.length === 0 || (branch.depth === "once" && failures().length === 0)) return { ...summed(branch, ends, failures()), waited: false };
  if (failures().length > 0) {
    for (const step of open) ends.set(step, notWaitedFor(run, branch, step, ends.get(step)));
    return { ...summed(branch, ends, failures()), waited: false };
  }
  for (const step of open) {
    if (isStopped(run, branch)) return { kind: "interrupted", changed: false, waited: true };
    const bad = failures();
    if (bad.some(([, end]) => end.status !== "waiting")) ends.set(step, notWaitedFor(run, branch, step, ends.get(step)));
    // Where a person is waited for it has not failed: it is looked at again with the answer.
    if (bad.length > 0) continue;
    const put = putOff(run, branch, step, steps, ends);
    ends.set(step, put?.status === "skipped" ? put : await runStep(run, branch, step));
  }
  return { ...summed(branch, ends, failures()), waited: true };
}

function isBad(end: StepEnd): boolean {
  return end.status === "failed" || end.status === "unknown" || end.status === "waiting" || end.status === "interrupted";
}

/** A step that needs a failed one is skipped; one that needs a step that is not there yet is put off. */
function putOff(run: Run, branch: Branch, step: Step, steps: readonly Step[], ends: ReadonlyMap<Step, StepEnd>): StepEnd | undefined {
  const needed = steps.filter((other) => stepsNeededBy(step).has(other.id));
  const missing = needed.find((other) => {
    const end = ends.get(other);
    return end !== undefined && (isBad(end) || (end.status === "skipped" && end.code === "needs-failed"));
  });
  if (missing !== undefined) {
    const because = `it needs ${missing.id}, which failed`;
    tell(run, branch, step, "skipped", because);
    return { status: "skipped", code: "needs-failed", because };
  }
  if (needed.some((other) => ends.get(other)?.status === "not-yet")) return { status: "not-yet", because: "it needs a step that is not there yet" };
  return undefined;
}

function notWaitedFor(run: Run, branch: Branch, step: Step, end: StepEnd | undefined): StepEnd {
  const because = `${end?.because ?? "not yet"} (not waited for)`;
  const path = stepPath(branch.prefix, step.id);
  const inside = [...run.tally.told].filter((open) => open.startsWith(`${path}/`) || open.startsWith(`${path}[`)).toReversed();
  for (const open of inside) run.emit({ type: "step-finished", step: open, status: "failed", code: "not_yet", because: "not waited for", attempts: 1, ms: 0 });
  tell(run, branch, step, "failed", because);
  return { status: "failed", code: "not_yet", because };
}

function tell(run: Run, branch: Branch, step: Step, status: "skipped" | "failed", because: string): void {
  const path = stepPath(branch.prefix, step.id);
  if (!run.tally.attempts.has(path)) {
    run.emit({ type: "step-started", step: path, kind: step.loop === undefined ? step.body.kind : "for-each", phase: branch.phase, attempt: 1, title: titleOf(step, branch), effect: "reads", ...(branch.parent === undefined ? {} : { parent: branch.parent }) });
  }
  run.emit({ type: "step-finished", step: path, status, because, attempts: 1, ms: 0, ...(status === "failed" ? { code: "not_yet" } : {}) });
}

/** All failures in one sentence; the first names the list's end. */
function summed(branch: Branch, ends: ReadonlyMap<Step, StepEnd>, failures: readonly (readonly [Step, StepEnd])[]): ListEnd {
  const changed = [...ends.values()].some((end) => end.status === "ok" || end.passedOver !== undefined);
  const [first] = failures;
  if (first === undefined) {
    const open = [...ends].find(([, end]) => end.status === "not-yet");
    return open === undefined ? { kind: "went-on", changed } : { ...listEndOf(open[1], stepPath(branch.prefix, open[0].id)), changed };
  }
  if (failures.every(([, end]) => end.status === "waiting")) return { ...listEndOf(first[1], stepPath(branch.prefix, first[0].id)), changed };
  const each = failures.flatMap(([step, end]) => end.failures ?? [{ step: end.failedStep ?? stepPath(branch.prefix, step.id), because: end.because ?? end.code ?? "" }]);
  return { ...listEndOf(first[1], stepPath(branch.prefix, first[0].id)), because: each.length === 1 ? each[0]?.because ?? "" : toldTogether(each), failures: each, changed };
}

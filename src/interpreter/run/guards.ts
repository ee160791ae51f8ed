import type { Effect } from "../../core/action.ts";
import { isMending, isStopped, type Branch, type Run } from "./context.ts";
import type { Held } from "./watch.ts";

/** Whether a change may be made, as far as probes and invariants say. */
export type Guarded =
  | { readonly kind: "passed" }
  | { readonly kind: "halted" }
  | { readonly kind: "failed"; readonly code: "not_known"; readonly because: string };

/** How long the gate samples again while an invariant cannot be told. */
const NOT_KNOWN_LIMIT_MS = 60_000;
const NOT_KNOWN_EVERY_MS = 5_000;

/**
 * Samples the probes and judges the invariants directly before a change, a person's too. What cannot be told is sampled again for
 * a minute. One that is broken halts the run; an `always` goes on all the same, as mending.
 */
export async function passGuards(run: Run, branch: Branch, effect: Effect): Promise<Guarded> {
  if (isStopped(run, branch)) return { kind: "halted" };
  const held = await sampleUntilKnown(run, branch, effect);
  if (held.kind === "broken" && !isMending(run, branch)) run.halt.raise({ kind: "invariant", invariant: held.invariant, because: held.because });
  if (isStopped(run, branch)) return { kind: "halted" };
  if (held.kind === "not-known" && !isMending(run, branch)) return { kind: "failed", code: "not_known", because: `nothing is changed while it cannot be told: ${held.because}` };
  return { kind: "passed" };
}

async function sampleUntilKnown(run: Run, branch: Branch, effect: Effect): Promise<Held> {
  const untilMs = branch.task.now() + NOT_KNOWN_LIMIT_MS;
  for (;;) {
    const held = await run.watch.sample(run, branch, effect === "changes" ? "changes" : "disrupts");
    if (held.kind !== "not-known" || isMending(run, branch) || branch.task.now() + NOT_KNOWN_EVERY_MS > untilMs) return held;
    if (await branch.task.sleep(NOT_KNOWN_EVERY_MS, run.halt.stopOf(branch.course)) === "stopped") return held;
  }
}

/** One more sample directly after a change that may have stopped a service. */
export async function sampleAfter(run: Run, branch: Branch): Promise<void> {
  const held = await run.watch.sample(run, branch, "after");
  if (held.kind === "broken" && !isMending(run, branch)) run.halt.raise({ kind: "invariant", invariant: held.invariant, because: held.because });
}

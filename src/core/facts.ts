import type { Action, ActionResults } from "./action.ts";
import type { Decision, Facts, Past, PastAct } from "./builtin.ts";
import type { Failure } from "./failure.ts";

/** The answer of a reading that was good; undefined where it failed, was lost or was not made. The kind is that of the declared action. */
export function answerOf<K extends Action["kind"]>(facts: Facts, reading: string, _kind: K): ActionResults[K] | undefined {
  const fact = facts[reading];
  return fact?.kind === "ok" ? (fact.value as ActionResults[K]) : undefined;
}

/** Why a reading gave nothing; undefined where it is good or was not made. A lost channel counts as `unreachable`. */
export function failureOf(facts: Facts, reading: string): Failure | undefined {
  const fact = facts[reading];
  if (fact === undefined || fact.kind === "ok") return undefined;
  return fact.kind === "failed" ? fact.failure : { code: "unreachable", because: fact.because };
}

/** True if something was tried in this attempt: from then on a step fails, it does not refuse. */
export function hasActed(past: Past): boolean {
  return past.acts.some((act) => act.attempt === past.attempt);
}

/** True if nobody knows whether it was done: its answer was lost, or nobody was there to hear it. */
export function isInDoubt({ outcome }: Pick<PastAct, "outcome">): boolean {
  return outcome === "lost" || outcome === "in-doubt";
}

/** The decision that ends an attempt: `refuse` where nothing was tried yet, else `fail`. */
export function giveUp(past: Past, code: string, because: string): Decision<never> {
  return { kind: hasActed(past) ? "fail" : "refuse", code, because };
}

/**
 * What to decide where a reading that is needed gave nothing: before anything was tried the step refuses; afterwards it waits
 * and looks again, because the world may only be slow to answer. Undefined where every named reading is good.
 */
export function withoutReadings(facts: Facts, past: Past, readings: readonly string[]): Decision<never> | undefined {
  for (const reading of readings) {
    const failure = failureOf(facts, reading);
    if (failure === undefined) continue;
    if (hasActed(past)) return { kind: "wait", because: `cannot read ${reading.replaceAll("_", " ")} now: ${failure.because}`, everyMs: 15_000 };
    return { kind: "refuse", ...failure };
  }
  return undefined;
}

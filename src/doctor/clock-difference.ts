import type { Clock } from "../core/port.ts";
import type { Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";

/** How far a target's clock is before the one of this machine, in ms; behind, if it is negative. The true difference lies within `withinMs` of it. */
export interface ClockDifference {
  readonly aheadMs: number;
  readonly withinMs: number;
}

/** The hour that a target told, in ms since 1970, and how exactly. */
export interface Hour {
  readonly ms: number;
  readonly withinMs: number;
}

/** So often is the hour asked for; the answer with the shortest way there and back counts. */
const SAMPLES = 4;

/** Compares a target's clock with that of this machine: the target read its own at some moment between the question and the answer, and in the middle as a guess. */
export async function clockDifference(ask: () => Promise<Reading<Hour>>, clock: Pick<Clock, "now">): Promise<Reading<ClockDifference>> {
  let best: ClockDifference | undefined;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const askedMs = clock.now();
    const hour = await ask();
    const answeredMs = clock.now();
    if (hour.kind === "error") return error(hour.error);
    const withinMs = Math.ceil((answeredMs - askedMs) / 2) + hour.value.withinMs;
    if (best === undefined || withinMs < best.withinMs) best = { aheadMs: Math.round(hour.value.ms - (askedMs + answeredMs) / 2), withinMs };
  }
  return best === undefined ? error({ code: "not_known", because: "the hour was not asked for" }) : ok(best);
}

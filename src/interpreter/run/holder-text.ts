import { dayAndHourOf } from "../../core/time.ts";
import type { Acquired, LockHolder } from "../../core/port.ts";

/** Who holds what one wanted: which run, whose, since when, and in which step it is: `the run k3x of pat on desk, since 2007-11-20 12:00:05 UTC, in step install`. */
export function holderText({ run, by, since, step }: LockHolder): string {
  return `the run ${run}${by === undefined ? "" : ` of ${by}`}, since ${dayAndHourOf(since)}${step === undefined ? "" : `, in step ${step}`}`;
}

/** Why a run did not get its locks. */
export function keptOffBecause(acquired: Exclude<Acquired, { readonly kind: "held" }>): string {
  switch (acquired.kind) {
    case "taken":
      return `\`${acquired.holder.lock}\` is held by ${holderText(acquired.holder)}: two runs never act on it at once`;
    case "claimed":
      return `\`${acquired.holder.lock}\` is claimed by ${holderText(acquired.holder)}: it has begun to change it and has not come to an end; resume it, or abandon it`;
    case "unusable":
      return acquired.because;
  }
}

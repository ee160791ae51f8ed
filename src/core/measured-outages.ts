import type { Event } from "./event.ts";
import type { Outage } from "./outage.ts";
import { timeMs } from "./time.ts";

/** An outage that has begun and of which no end was measured. */
interface Begun {
  readonly since: string;
  readonly step: string | undefined;
}

/** An outage as it counts once the run is taken up again: one of which no end was seen is cut. */
export function cutOpen(outage: Outage): Outage {
  return outage.open ? { ...outage, cut: true } : outage;
}

/**
 * The outages of a run over all its sessions, as its events tell them; each event is taken in once, in order. What was measured is kept
 * although its end was not: an outage in which nobody watched any more, because the runner died or the session ended, is cut there.
 */
export class MeasuredOutages {
  #ended: Outage[] = [];
  readonly #begun = new Map<string, Begun>();
  #lastAt = "";

  take(event: Event): void {
    this.#lastAt = event.at;
    switch (event.type) {
      case "probe-changed":
        if (event.outage !== undefined) this.#ended.push(event.outage);
        if (event.state === "up") this.#begun.delete(event.probe);
        if (event.state === "down" && !this.#begun.has(event.probe)) this.#begun.set(event.probe, { since: event.since, step: event.step });
        return;
      case "watch-stopped":
        this.#end(event.probe, event.at);
        return;
      case "run-finished":
        this.#ended = [...event.outages];
        this.#begun.clear();
        return;
      case "run-resumed":
        for (const probe of [...this.#begun.keys()]) this.#end(probe, event.lastAt);
        this.#ended = this.#ended.map(cutOpen);
        return;
      default:
        return;
    }
  }

  /** Every outage: those that have ended or were cut, in that order, then those that are not over, measured to the last record. */
  get outages(): readonly Outage[] {
    return [...this.#ended, ...[...this.#begun].map(([probe, begun]) => openOutage(probe, begun, this.#lastAt))];
  }

  #end(probe: string, now: string): void {
    const begun = this.#begun.get(probe);
    if (begun === undefined) return;
    this.#begun.delete(probe);
    this.#ended.push(openOutage(probe, begun, now));
  }
}

function openOutage(probe: string, { since, step }: Begun, now: string): Outage {
  const ms = Math.max(0, timeMs(now) - timeMs(since));
  return { probe, ...(step === undefined ? {} : { step }), ms, upperMs: ms, since, open: true };
}

import { timeText } from "../../core/time.ts";
import type { ProbeState } from "../../core/event.ts";
import type { Outage } from "../../core/outage.ts";
import type { Roots } from "../plan/roots.ts";
import type { Json } from "../../core/json.ts";
import type { Probe } from "../../core/runbook.ts";

/** A sample of a probe. */
export interface Sample {
  readonly atMs: number;
  readonly state: ProbeState;
  readonly because: string;
  readonly outputs: Readonly<Record<string, Json>> | undefined;
}

/** A probe while it is watched: its state, since when, and the outage that is open. */
export class WatchedProbe {
  readonly probe: Probe;
  /** What the paths of the file that it stands in begin with. */
  readonly prefix: string;
  /** Its name with the prefix of the file it stands in: `update_b/mailbox`. */
  readonly path: string;
  /** What the plan knows its readings by. */
  readonly planPath: string;
  readonly roots: Roots;
  readonly everyMs: number;
  readonly budgetMs: number | undefined;
  last: Sample | undefined;
  /** True if a step during which it may be down was entered and not ended when the last sample began, or when it ended. */
  mayBeDown = true;
  samples = 0;
  downMs = 0;
  #sinceMs = 0;
  #lastUpMs: number | undefined;
  #down: { readonly sinceMs: number; readonly lastUpMs: number; readonly step: string | undefined } | undefined;

  constructor(probe: Probe, prefix: string, roots: Roots, everyMs: number, budgetMs: number | undefined) {
    this.probe = probe;
    this.prefix = prefix;
    this.path = `${prefix}${probe.name}`;
    this.planPath = `${prefix}probes.${probe.name}`;
    this.roots = roots;
    this.everyMs = everyMs;
    this.budgetMs = budgetMs;
  }

  /** Takes a sample in. Gives the state before and since when, if it changed, and the outage that ended. An unknown sample ends no outage. */
  take(sample: Sample, charged: string | undefined): { readonly before: { readonly state: ProbeState; readonly sinceMs: number } | undefined; readonly changed: boolean; readonly ended: Outage | undefined } {
    const before = this.last === undefined ? undefined : { state: this.last.state, sinceMs: this.#sinceMs };
    const changed = before?.state !== sample.state;
    this.samples += 1;
    this.last = sample;
    if (changed) this.#sinceMs = sample.atMs;
    let ended: Outage | undefined;
    if (sample.state === "down" && this.#down === undefined) {
      this.#down = { sinceMs: sample.atMs, lastUpMs: this.#lastUpMs ?? sample.atMs, step: charged };
    }
    if (sample.state === "up") {
      ended = this.outage(sample.atMs, "ended");
      this.downMs += ended?.ms ?? 0;
      this.#down = undefined;
      this.#lastUpMs = sample.atMs;
    }
    return { before, changed, ended };
  }

  /** The outage that is open, as of a time; undefined where none is. */
  outage(nowMs: number, end: "ended" | "open"): Outage | undefined {
    if (this.#down === undefined) return undefined;
    const { sinceMs, lastUpMs, step } = this.#down;
    return {
      probe: this.path, ...(step === undefined ? {} : { step }), ms: nowMs - sinceMs, upperMs: nowMs - lastUpMs,
      since: timeText(sinceMs), open: end === "open",
    };
  }

  /** How long it has been down without an up sample; 0 where it is not. */
  downForMs(nowMs: number): number {
    return this.#down === undefined ? 0 : nowMs - this.#down.sinceMs;
  }

  /** What the outage that is open is charged to; undefined where none is open, or nothing was under way. */
  get chargedStep(): string | undefined {
    return this.#down?.step;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }
}

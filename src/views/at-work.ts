import type { Event } from "../core/event.ts";
import { oneLine } from "./terminal-text.ts";

/** A change that is under way. */
export interface Work {
  readonly step: string;
  readonly title: string;
  readonly target: string;
  /** `job`: it lives on the target and goes on without the runner. */
  readonly kind: "action" | "job";
}

/** What changes something at this moment: a fold over a run's events. */
export class AtWork {
  readonly #works = new Map<number, Work>();

  /** Takes one event in. A job is at work from its start to the end of its step. */
  see(event: Event): void {
    if (event.type === "action-started" && event.effect !== "reads") {
      const { title, target, what } = event.action;
      this.#works.set(event.number, { step: event.step, title, target, kind: what.kind === "job" ? "job" : "action" });
    } else if (event.type === "action-finished") {
      if (this.#works.get(event.number)?.kind === "action" || event.outcome === "failed" || event.outcome === "not-begun") this.#works.delete(event.number);
    } else if (event.type === "step-finished") {
      for (const [number, { step }] of this.#works) if (step === event.step) this.#works.delete(number);
    }
  }

  /** What is at work, in the order in which it was begun. */
  changes(): readonly Work[] {
    return [...this.#works.values()];
  }

  /** Sentences that say what a run that was asked to end still waits for, and what goes on without it. None where nothing is at work. */
  sentences(): readonly string[] {
    return this.changes().map(({ title, target, kind }) => {
      const what = `“${oneLine(title)}” on ${oneLine(target)}`;
      return kind === "job" ? `${what} is a job there: it goes on without this run, and is looked at once more.` : `${what} is waited for.`;
    });
  }
}

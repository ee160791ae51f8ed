import type { Event } from "../core/event.ts";
import { timeMs } from "../core/time.ts";

/** How long a run waited for people while a process carried it out: a fold over its events. What passed between its sessions is none of it. */
export class Waited {
  /** Paths of the steps whose question is open. */
  readonly #open = new Set<string>();
  #sinceMs = 0;
  #ms = 0;

  /** In milliseconds, without a question that is open still. */
  get ms(): number {
    return this.#ms;
  }

  see(event: Event): void {
    switch (event.type) {
      case "question-asked":
        if (this.#open.size === 0) this.#sinceMs = timeMs(event.at);
        this.#open.add(event.step);
        return;
      case "question-answered":
      case "question-expired":
      case "step-finished":
        if (this.#open.delete(event.step) && this.#open.size === 0) this.#ms += timeMs(event.at) - this.#sinceMs;
        return;
      case "run-resumed":
        return this.#end(timeMs(event.lastAt));
      case "run-finished":
        return this.#end(timeMs(event.at));
      default:
        return;
    }
  }

  #end(atMs: number): void {
    if (this.#open.size > 0) this.#ms += Math.max(0, atMs - this.#sinceMs);
    this.#open.clear();
  }
}

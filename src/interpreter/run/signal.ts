import type { StopSignal } from "./scheduler.ts";

/** A call to whoever sleeps: raised once, and raised it stays. */
export class Signal implements StopSignal {
  #raised = false;
  readonly #listeners = new Set<() => void>();

  get raised(): boolean {
    return this.#raised;
  }

  raise(): void {
    if (this.#raised) return;
    this.#raised = true;
    for (const listener of [...this.#listeners]) listener();
  }

  onRaise(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

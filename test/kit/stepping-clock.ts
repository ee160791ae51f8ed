import type { Clock } from "../../src/core/port.ts";

/** A virtual clock that begins at 0 and moves from wake-up to wake-up. */
export class SteppingClock implements Clock {
  #now = 0;
  #wakes: { readonly atMs: number; readonly key: string; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  at(atMs: number, key: string, wake: () => void): () => void {
    const entry = { atMs, key, wake };
    this.#wakes.push(entry);
    return () => {
      this.#wakes = this.#wakes.filter((other) => other !== entry);
    };
  }

  readonly advance = async (isIdle: () => boolean): Promise<void> => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const [first] = this.#wakes.toSorted((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
    if (first === undefined || !isIdle()) return;
    this.#wakes = this.#wakes.filter((other) => other !== first);
    this.#now = Math.max(this.#now, first.atMs);
    first.wake();
  };
}

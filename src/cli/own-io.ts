import { setImmediate as nextTurn } from "node:timers/promises";

/** Reading and writing of the runner's own disk while a simulated system is driven: it takes none of the system's time, so the same run takes the same time on a slow disk. */
export class OwnIo {
  readonly #pending = new Set<Promise<unknown>>();

  /** Begins it; {@link settled} waits for its end. */
  async begin<T>(work: () => Promise<T>): Promise<T> {
    const begun = work();
    this.#pending.add(begun);
    try {
      return await begun;
    } finally {
      this.#pending.delete(begun);
    }
  }

  /** Resolves when what was begun has ended, and everything that was set free has gone as far as it can. Signals and screens have had their turn then. */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.#pending);
      await nextTurn();
    } while (this.#pending.size > 0);
  }
}

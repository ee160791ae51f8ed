/** Something that is open and can be closed to make room. */
export interface Closable {
  readonly isIdle: boolean;
  close(): void;
}

/** At most so many open at once: who wants to open one waits until one is closed; an idle one is closed to make room. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #open = new Map<Closable, () => void>();
  readonly #waiting: (() => void)[] = [];
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when there is room for `wanted`, with the way to give it back. The longest idle one is closed where there is none. */
  async enter(wanted: Closable): Promise<() => void> {
    while (this.#count >= this.#most) {
      const idle = [...this.#open.keys()].find((other) => other !== wanted && other.isIdle);
      if (idle === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else idle.close();
    }
    this.#count += 1;
    const leave = (): void => {
      if (!this.#open.delete(wanted)) return;
      this.#count -= 1;
      this.stir();
    };
    this.#open.set(wanted, leave);
    return leave;
  }

  /** Something became idle or was closed: one that waits looks again. */
  stir(): void {
    this.#waiting.shift()?.();
  }
}

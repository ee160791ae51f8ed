import type { Clock } from "../core/port.ts";

/** What a virtual clock is handed by those who may use real time. */
export interface RealTime {
  /** Resolves when everything that was set free has gone as far as it can: after the queues of microtasks and of immediates. */
  readonly settle: () => Promise<void>;
  /** Shows the world's time at so many times real speed. */
  readonly pace?: { readonly times: number; readonly sleep: (ms: number) => Promise<void> };
}

interface WakeUp {
  readonly atMs: number;
  readonly key: string;
  readonly number: number;
  readonly wake: () => void;
}

/** The time of a simulated system: it stands still until nothing can go on, then goes to the earliest wake-up, ties by key. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #last = 0;
  readonly #waiting: WakeUp[] = [];
  readonly #real: RealTime;

  /** Starts at a moment, in ms since 1970. */
  constructor(startMs: number, real: RealTime) {
    this.#nowMs = startMs;
    this.#real = real;
  }

  /** The world's time, in ms since 1970. */
  now(): number {
    return this.#nowMs;
  }

  /** Calls `wake` once at that time; one in the past is called at the next turn, and time does not go back. */
  at(atMs: number, key: string, wake: () => void): () => void {
    this.#last += 1;
    const wakeUp = { atMs: Math.max(atMs, this.#nowMs), key, number: this.#last, wake };
    const later = this.#waiting.findIndex((other) => isBefore(wakeUp, other));
    if (later === -1) this.#waiting.push(wakeUp);
    else this.#waiting.splice(later, 0, wakeUp);
    return () => {
      const index = this.#waiting.indexOf(wakeUp);
      if (index !== -1) this.#waiting.splice(index, 1);
    };
  }

  /** The time of the earliest wake-up; undefined if nobody waits. */
  nextMs(): number | undefined {
    return this.#waiting[0]?.atMs;
  }

  /** Lets all that was set free go as far as it can; if the run is idle even then, goes to the earliest wake-up and calls it. Where nobody waits it throws: the run could never go on. */
  readonly advance = async (isIdle: () => boolean): Promise<void> => {
    await this.#real.settle();
    if (!isIdle()) return;
    const next = this.#waiting.shift();
    if (next === undefined) throw new Error("the virtual clock has no wake-up to go to");
    const { pace } = this.#real;
    if (pace !== undefined && next.atMs > this.#nowMs) await pace.sleep((next.atMs - this.#nowMs) / pace.times);
    this.#nowMs = next.atMs;
    next.wake();
  };
}

function isBefore(a: WakeUp, b: WakeUp): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.key === b.key ? a.number < b.number : a.key < b.key;
}

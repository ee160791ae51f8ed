import type { Clock } from "../../core/port.ts";

/** Why a sleep ended: its time came, or what it listens to was called. */
export type Woken = "slept" | "stopped";

/** A call that tells sleepers to get up: a cancellation, a broken invariant. Once raised it stays raised. */
export interface StopSignal {
  readonly raised: boolean;
  onRaise(listener: () => void): () => void;
}

/** A branch of the run. One task runs at a time, until it sleeps or asks the world; it awaits nothing but these. */
export interface Task {
  /** Names it; ties between wake-ups are broken by it. */
  readonly path: string;
  /** The system's time, in ms since 1970. */
  now(): number;
  sleep(ms: number, stop?: StopSignal): Promise<Woken>;
  /** Asks the world: takes the system's time. */
  ask<T>(begin: () => Promise<T>): Promise<T>;
  /** The interpreter's own input and output, and people at the terminal: a virtual clock stands still meanwhile. */
  own<T>(begin: () => Promise<T>): Promise<T>;
  /** Asks, and waits no longer once it is stopped: undefined then; what comes later is nobody's. `own` or `system`: whose time it takes. */
  askUnless<T>(stop: StopSignal, time: "own" | "system", begin: () => Promise<T>): Promise<T | undefined>;
  /** Waits until another task calls `wake`. */
  park(register: (wake: () => void) => void): Promise<void>;
  /** Begins another task. It runs when this one waits. */
  spawn<T>(path: string, body: (task: Task) => Promise<T>): Spawned<T>;
}

/** A task that was begun. */
export interface Spawned<T> {
  /** Waits for its end; throws what it threw. */
  join(task: Task): Promise<T>;
}

/** How often a virtual clock may advance in a row without setting anything free: more is a run that can never go on. */
const IDLE_ADVANCES = 100_000;

/**
 * The one place where anything is awaited. Branches, probes and timers are its tasks; only when none can run does time move,
 * to the earliest wake-up. So a run over a virtual clock has one order of events.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #ready: (() => void)[] = [];
  #live = 0;
  #ownCalls = 0;
  #paused: () => void = () => undefined;
  #poked: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a first task and all that it begins; resolves when every task has ended, with the first one's value; what the first one throws ends it at once. */
  async run<T>(path: string, body: (task: Task) => Promise<T>): Promise<T> {
    const root = this.#begin(path, body);
    let idle = 0;
    while (this.#live > 0) {
      if (root.hasThrown()) break;
      const next = this.#ready.shift();
      if (next !== undefined) {
        idle = 0;
        const paused = new Promise<void>((resolve) => {
          this.#paused = resolve;
        });
        next();
        await paused;
      } else if (this.#ownCalls === 0 && this.#clock.advance !== undefined) {
        idle += 1;
        if (idle > IDLE_ADVANCES) throw new Error("nothing can go on: every task waits, and no wake-up is due");
        await this.#clock.advance(() => this.#ready.length === 0 && this.#ownCalls === 0);
      } else {
        await new Promise<void>((resolve) => {
          this.#poked = resolve;
        });
      }
    }
    return root.value();
  }

  #wake(resume: () => void): void {
    this.#ready.push(resume);
    this.#poked();
  }

  /** Parks the running task until `register`'s callback is called. */
  #park(register: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      let woken = false;
      register(() => {
        if (woken) return;
        woken = true;
        this.#wake(resolve);
      });
      this.#paused();
    });
  }

  #begin<T>(path: string, body: (task: Task) => Promise<T>): { value: () => T; hasThrown: () => boolean; whenDone: (wake: () => void) => void } {
    let end: { readonly kind: "value"; readonly value: T } | { readonly kind: "thrown"; readonly reason: unknown } | undefined;
    const waiting: (() => void)[] = [];
    const task = this.#task(path);
    const finish = (outcome: NonNullable<typeof end>): void => {
      end = outcome;
      this.#live -= 1;
      for (const wake of waiting) wake();
      this.#paused();
    };
    this.#live += 1;
    this.#wake(() => {
      body(task).then((value) => finish({ kind: "value", value }), (reason: unknown) => finish({ kind: "thrown", reason }));
    });
    return {
      value: () => {
        if (end === undefined) throw new Error(`task ${path} has not ended`);
        if (end.kind === "thrown") throw end.reason;
        return end.value;
      },
      hasThrown: () => end?.kind === "thrown",
      whenDone: (wake) => {
        if (end === undefined) waiting.push(wake);
        else wake();
      },
    };
  }

  #task(path: string): Task {
    return {
      path,
      now: () => this.#clock.now(),
      sleep: async (ms, stop) => {
        if (stop?.raised === true) return "stopped";
        let how: Woken = "slept";
        let forget = (): void => undefined;
        await this.#park((wake) => {
          const cancel = this.#clock.at(this.#clock.now() + ms, path, wake);
          forget = stop?.onRaise(() => {
            how = "stopped";
            cancel();
            wake();
          }) ?? forget;
        });
        forget();
        return how;
      },
      ask: (begin) => this.#call(begin, 0),
      own: (begin) => this.#call(begin, 1),
      askUnless: async (stop, time, begin) => (stop.raised ? undefined : this.#call(begin, time === "own" ? 1 : 0, { signal: stop, value: undefined })),
      park: (register) => this.#park(register),
      spawn: (childPath, body) => {
        const child = this.#begin(childPath, body);
        return {
          join: async (joiner) => {
            await joiner.park(child.whenDone);
            return child.value();
          },
        };
      },
    };
  }

  async #call<T>(begin: () => Promise<T>, own: 0 | 1, stop?: { readonly signal: StopSignal; readonly value: T }): Promise<T> {
    let end: { readonly kind: "value"; readonly value: T } | { readonly kind: "thrown"; readonly reason: unknown } | undefined;
    this.#ownCalls += own;
    await this.#park((wake) => {
      let forget = (): void => undefined;
      const settle = (outcome: NonNullable<typeof end>): void => {
        if (end !== undefined) return;
        end = outcome;
        forget();
        this.#ownCalls -= own;
        wake();
      };
      if (stop !== undefined) forget = stop.signal.onRaise(() => settle({ kind: "value", value: stop.value }));
      begin().then((value) => settle({ kind: "value", value }), (reason: unknown) => settle({ kind: "thrown", reason }));
    });
    if (end === undefined) throw new Error("a call was woken before it had ended");
    const settled: { readonly kind: "value"; readonly value: T } | { readonly kind: "thrown"; readonly reason: unknown } = end;
    if (settled.kind === "thrown") throw settled.reason;
    return settled.value;
  }
}

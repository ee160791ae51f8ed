import type { StopSignal, Task } from "./scheduler.ts";
import { Signal } from "./signal.ts";

/** What a step needs before it may change something. */
export interface Passage {
  readonly path: string;
  /** Held while the action runs: changing actions are carried out one at a time per address. */
  readonly address: string;
  /** Held until the step ends: steps whose names overlap never run together. */
  readonly touches: readonly string[];
  /** `disrupting`: it may stop a service, and counts until it ends. */
  readonly weight: "changing" | "disrupting";
  /** How many disrupting steps may be unsettled at a time here. */
  readonly disruptors: number;
}

/** How a step's wait at the gate ended. `blocked`: by a step that ended and whose outcome is unknown. */
export type Opened = { readonly kind: "open"; readonly waited: "for-another" | "not-at-all" } | { readonly kind: "stopped" } | { readonly kind: "late" } | { readonly kind: "blocked"; readonly by: string };

/** A step at the gate looks this often whether its limit has passed, where nothing else wakes it. */
const RECHECK_MS = 3_600_000;

/** Lets changes through: one intent at a time, one change at a time per address, few disrupting steps at a time. */
export class Gate {
  readonly #addresses = new Map<string, string>();
  readonly #touched = new Map<string, string>();
  readonly #disrupting = new Set<string>();
  readonly #abandoned = new Set<string>();
  /** Those that wait, the longest first. */
  readonly #queue = new Set<Passage>();
  readonly #waiting: (() => void)[] = [];
  /** Disrupting steps that have done something and not ended, in the order of their intents. */
  readonly #begun = new Set<string>();
  #passing: string | undefined;
  #openIntent: string | undefined;

  /**
   * What an outage that begins now is charged to: the disrupting step that has done something last and has not ended, since a
   * program may return before what it asked for has happened; else the step whose intent was recorded last and whose action has not
   * ended. Undefined: nothing is under way.
   */
  get chargedStep(): string | undefined {
    return [...this.#begun].at(-1) ?? this.#openIntent;
  }

  /** A step's intent is about to be recorded, or a person is about to do what a step asks for. */
  openIntent(path: string, weight: Passage["weight"]): void {
    this.#openIntent = path;
    if (weight === "disrupting") this.takeUp(path);
  }

  /** A disrupting step has done something, now or before the run was taken up again, and has not ended. */
  takeUp(path: string): void {
    this.#begun.delete(path);
    this.#begun.add(path);
  }

  /** The action has ended. A disrupting step answers for outages until it has ended itself. */
  closeIntent(path: string): void {
    if (this.#openIntent === path) this.#openIntent = undefined;
  }

  /**
   * Waits until the step may pass and nobody who waits longer may, and takes what it needs. Follow with `closePassage` as soon as the intent is recorded. Ends
   * without taking anything where the run is stopped, the step's limit passes, or what it needs belongs to a step whose outcome is
   * unknown.
   */
  async open(task: Task, passage: Passage, stop: StopSignal, leftMs: () => number): Promise<Opened> {
    let waited: "for-another" | "not-at-all" = "not-at-all";
    while (!this.#isNext(passage)) {
      this.#queue.add(passage);
      const refused = this.#refusal(passage, stop, leftMs);
      if (refused !== undefined) {
        this.#queue.delete(passage);
        this.#wakeAll();
        return refused;
      }
      waited = "for-another";
      const turn = new Signal();
      const forget = stop.onRaise(() => turn.raise());
      this.#waiting.push(() => turn.raise());
      await task.sleep(Math.min(leftMs(), RECHECK_MS), turn);
      forget();
    }
    this.#queue.delete(passage);
    this.#passing = passage.path;
    this.#addresses.set(passage.address, passage.path);
    for (const name of passage.touches) this.#touched.set(name, passage.path);
    if (passage.weight === "disrupting") this.#disrupting.add(passage.path);
    return { kind: "open", waited };
  }

  /** Why the step will not pass; undefined while it only waits. */
  #refusal(passage: Passage, stop: StopSignal, leftMs: () => number): Exclude<Opened, { kind: "open" }> | undefined {
    if (stop.raised) return { kind: "stopped" };
    if (leftMs() <= 0) return { kind: "late" };
    const holder = this.#holderOf(passage);
    return holder !== undefined && this.#abandoned.has(holder) ? { kind: "blocked", by: holder } : undefined;
  }

  /** True if the step may pass and none that came before it may: the branch that just let go does not overtake those that wait. */
  #isNext(passage: Passage): boolean {
    for (const waiting of this.#queue) {
      if (waiting === passage) break;
      if (this.#mayPass(waiting)) return false;
    }
    return this.#mayPass(passage);
  }

  /** The step, unsettled, in whose way this one would be; undefined where it only waits for its turn. */
  #holderOf({ path, touches, weight, disruptors }: Passage): string | undefined {
    const toucher = touches.map((name) => this.#touched.get(name)).find((holder) => holder !== undefined && holder !== path && this.#abandoned.has(holder));
    if (toucher !== undefined || weight === "changing" || this.#disrupting.has(path)) return toucher;
    const disrupting = [...this.#disrupting];
    return disrupting.length >= disruptors && disrupting.every((holder) => this.#abandoned.has(holder)) ? disrupting[0] : undefined;
  }

  #mayPass(passage: Passage): boolean {
    if (this.#passing !== undefined || this.#addresses.has(passage.address)) return false;
    const others = (holder: string | undefined): boolean => holder !== undefined && holder !== passage.path;
    if (passage.touches.some((name) => others(this.#touched.get(name)))) return false;
    return passage.weight === "changing" || this.#disrupting.has(passage.path) || this.#disrupting.size < passage.disruptors;
  }

  /** The next step may pass now; the address stays taken. */
  closePassage(): void {
    this.#passing = undefined;
    this.#wakeAll();
  }

  /** The action has ended, or was not begun. */
  freeAddress(address: string): void {
    this.#addresses.delete(address);
    this.#wakeAll();
  }

  /** The step has ended, settled. */
  freeStep(path: string): void {
    this.#disrupting.delete(path);
    this.#begun.delete(path);
    for (const [name, holder] of this.#touched) if (holder === path) this.#touched.delete(name);
    this.#wakeAll();
  }

  /** The step has ended, and nobody knows how: what it holds stays taken, and who waits for that waits in vain. */
  abandonStep(path: string): void {
    this.#abandoned.add(path);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

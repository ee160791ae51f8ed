import type { Task } from "./scheduler.ts";

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

/** Lets changes through: one intent at a time, one change at a time per address, few disrupting steps at a time. */
export class Gate {
  readonly #addresses = new Map<string, string>();
  readonly #touched = new Map<string, string>();
  readonly #disrupting = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #passing: string | undefined;

  /** The step whose intent was recorded last and whose action has not ended; what an outage is charged to. */
  openIntent: string | undefined;

  /** Waits until the step may pass, and takes what it needs. Follow with `closePassage` as soon as the intent is recorded. */
  async open(task: Task, passage: Passage): Promise<void> {
    while (!this.#mayPass(passage)) await task.park((wake) => this.#waiting.push(wake));
    this.#passing = passage.path;
    this.#addresses.set(passage.address, passage.path);
    for (const name of passage.touches) this.#touched.set(name, passage.path);
    if (passage.weight === "disrupting") this.#disrupting.add(passage.path);
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
    for (const [name, holder] of this.#touched) if (holder === path) this.#touched.delete(name);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

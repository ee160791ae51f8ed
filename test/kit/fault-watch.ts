import type { Fault } from "../../src/simulator/fault.ts";
import type { World } from "../../src/simulator/world.ts";

/** A fault that has come about, and when on the world's clock. */
export interface Happened {
  readonly atMs: number;
  readonly fault: Fault;
}

/** What a scheduler of the house begins by itself; how long it takes does not matter here. */
const A_BACKUP: Fault = { kind: "backup", forMs: 0 };

/** Watches a world from outside and keeps what befell it: at a time, around a call, or by a person's hand. The world itself keeps no such list. */
export class FaultWatch {
  readonly #world: World;
  readonly #happened: Happened[] = [];
  #coming: ReadonlyMap<number, Happened> = new Map();
  #seen: readonly number[];

  constructor(world: World) {
    this.#world = world;
    this.#seen = world.state.triggers.map(({ seen }) => seen);
    this.look();
    world.onChange(() => this.look());
  }

  /** What happened until now, oldest first. */
  happened(): readonly Happened[] {
    this.look();
    return this.#happened.toSorted((a, b) => a.atMs - b.atMs);
  }

  /** Keeps what has come about since the last look. The world tells of every changing call, so nothing comes and goes between two looks. */
  look(): void {
    const { due, triggers, nowMs } = this.#world.state;
    const coming = new Map<number, Happened>(due.flatMap(({ number, atMs, what }) => {
      const fault = what.kind === "fault" ? what.fault : what.kind === "backup-begins" ? A_BACKUP : undefined;
      return fault === undefined ? [] : [[number, { atMs, fault }] as const];
    }));
    for (const [number, fault] of this.#coming) if (!coming.has(number)) this.#happened.push(fault);
    this.#coming = coming;
    triggers.forEach((trigger, index) => {
      const before = this.#seen[index] ?? 0;
      const met = Math.min(trigger.seen, trigger.nth + trigger.times - 1) - Math.max(before, trigger.nth - 1);
      if (trigger.afterMs > 0 || met <= 0) return;
      for (const fault of trigger.faults) this.#happened.push({ atMs: nowMs, fault });
    });
    this.#seen = triggers.map(({ seen }) => seen);
  }
}

import { expect } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { freshWorld, runOnWorld } from "../kit/ccr-kit.ts";
import { changesIn, dieAndTakeUp, stateOf } from "../kit/death.ts";

/** A run that nothing disturbed: what every other one is measured by. */
export interface Undisturbed {
  readonly events: readonly Event[];
  readonly result: string;
  readonly state: unknown;
  readonly changes: readonly string[];
}

/** The flagship on a fresh world, undisturbed. */
export async function undisturbed(name: string): Promise<Undisturbed> {
  const world = await freshWorld(name);
  const { events, end } = await runOnWorld(world);
  return { events, result: end.result, state: stateOf(world), changes: changesIn(events).known };
}

/** Every so many records of a run, from one on. */
export function recordsOf({ events }: Undisturbed, from: number, every: number): readonly number[] {
  return Array.from({ length: Math.ceil((events.length - from) / every) }, (_, index) => from + index * every);
}

/** The runner dies after each of these records; each time the run comes to the same end, and nothing is done twice whose outcome was recorded. */
export async function expectSameEnds(name: string, whole: Undisturbed, records: readonly number[]): Promise<number> {
  for (const record of records) {
    const taken = await dieAndTakeUp(name, record);
    if (taken === undefined) throw new Error(`the runner did not die at record ${record}`);
    const { before, after, world } = taken;
    const at = `record ${record}, ${before.at(-1)?.type ?? ""}`;
    expect(after.end.result, at).toBe(whole.result);
    expect(stateOf(world), at).toEqual(whole.state);
    const first = changesIn(before);
    expect([...first.known, ...changesIn(after.events).known], at).toEqual(first.inDoubt.length === 0 ? whole.changes : expect.arrayContaining([...first.known]));
    expect(changesIn(after.events).known.filter((change) => first.known.includes(change)), at).toEqual([]);
    expect([...before, ...after.events].map(({ seq }) => seq), at).toEqual([...before, ...after.events].map((_, index) => index + 1));
    expect(world.state.breaches, at).toEqual([]);
  }
  return records.length;
}

import type { Event } from "../../src/core/event.ts";
import { recordedOf } from "../../src/interpreter/run/recorded.ts";
import { describeWorld } from "../../src/simulator/describe-world.ts";
import type { World } from "../../src/simulator/world.ts";
import { freshWorld, runOnWorld, type CcrOptions, type CcrTrial } from "./ccr-kit.ts";
import { Died } from "./run-kit.ts";

/** What a run that was taken up once came to. */
export interface TakenUp {
  readonly before: readonly Event[];
  readonly after: CcrTrial;
  readonly world: World;
}

/** A run on a world until its runner dies directly after a record; undefined where it ends before. */
export async function dieOn(world: World, diesAt: number, options: CcrOptions): Promise<readonly Event[] | undefined> {
  const events: Event[] = [];
  try {
    await runOnWorld(world, {
      ...options,
      engine: {
        record: (event) => {
          if (event.seq > diesAt) throw new Died(events);
          events.push(event);
          if (event.seq === diesAt) throw new Died(events);
        },
      },
    });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Died)) throw thrown;
    return events;
  }
}

/**
 * The runner dies directly after a record, and the run is taken up. `kept`: that many records less outlast it (what was written and
 * not synced may be lost with the machine, never with the runner).
 */
export async function dieAndTakeUp(name: string, diesAt: number, options: CcrOptions = {}): Promise<TakenUp | undefined> {
  const world = await freshWorld(name);
  const before = await dieOn(world, diesAt, options);
  if (before === undefined || before.length === 0) return undefined;
  world.passTo(Math.max(world.state.nowMs, Date.parse(before.at(-1)?.at ?? "")));
  return { before, after: await runOnWorld(world, { ...options, recorded: recordedOf(before) }), world };
}

/** The changes of a run, by step and action; what is in doubt at its end apart. */
export function changesIn(events: readonly Event[]): { readonly known: readonly string[]; readonly inDoubt: readonly string[] } {
  const answered = new Set(events.flatMap((event) => (event.type === "action-finished" ? [event.number] : [])));
  const known: string[] = [];
  const inDoubt: string[] = [];
  for (const event of events) {
    if (event.type !== "action-started" || event.effect === "reads") continue;
    const line = `${event.step} ${event.action.name} ${JSON.stringify(event.action.fill ?? {})}`;
    (answered.has(event.number) ? known : inDoubt).push(line);
  }
  return { known, inDoubt };
}

/** The world as `world show --json` gives it, without what depends on the hour alone. */
export function stateOf(world: World): unknown {
  const described = describeWorld(world.state) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(described).filter(([key]) => key !== "clock"));
}

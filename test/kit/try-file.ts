import type { Event } from "../../src/core/event.ts";
import { recordedOf } from "../../src/interpreter/run/recorded.ts";
import { Died, tryRun, type Trial, type Tried } from "./run-kit.ts";
import { SteppingClock } from "./stepping-clock.ts";
import { StoreWorld } from "./store-world.ts";

/** What every file of a trial begins with: the targets `a`, `b` and the group `all`. */
export const HEAD = "runbook: 1\nname: trial\ntitle: A trial\ntargets:\n  a: { address: NODEA }\n  b: { address: NODEB }\n  all: { addresses: [NODEA, NODEB, NODEC] }\ntarget: a\n";

/** What a file on a store came to. */
export interface TriedFile extends Tried {
  readonly store: StoreWorld;
  readonly clock: SteppingClock;
  /** How long the run took. */
  readonly seconds: number;
  /** What was set, without addresses and times: `one=new`. */
  readonly sets: readonly string[];
}

/** What a trial of a file may change. */
export interface TrialOptions extends Partial<Omit<Trial, "clock" | "transports">> {
  readonly prepare?: (store: StoreWorld, clock: SteppingClock) => void;
  readonly times?: { readonly getMs: number; readonly setMs: number };
}

/** A run whose runner died after a record, with the store as it was left: what a resume finds. */
export interface Left {
  readonly events: readonly Event[];
  readonly store: StoreWorld;
  readonly clock: SteppingClock;
}

/** Runs a file until its runner dies; undefined where it ends before. */
export async function dieInFile(body: string, diesAt: number, { prepare, times, files, ...more }: TrialOptions = {}): Promise<Left | undefined> {
  const clock = new SteppingClock();
  const store = times === undefined ? new StoreWorld(clock) : new StoreWorld(clock, times);
  prepare?.(store, clock);
  try {
    await tryRun({ clock, transports: store, ...more, diesAt, files: { "main.yml": `${HEAD}${body}\n`, ...files } });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Died)) throw thrown;
    return { events: thrown.events, store, clock };
  }
}

/** Takes up what a dead runner left; without events it begins a run on the store as it is. The file may be another one by now. */
export async function takeUp(body: string, { events, store, clock }: Left, { files, ...more }: Omit<TrialOptions, "prepare" | "times"> = {}): Promise<TriedFile> {
  const tried = await tryRun({ clock, transports: store, ...more, ...(events.length === 0 ? {} : { recorded: recordedOf(events) }), files: { "main.yml": `${HEAD}${body}\n`, ...files } });
  return { ...tried, store, clock, seconds: clock.now() / 1000, sets: store.done.map((line) => /set (.*) @/.exec(line)?.[1] ?? "") };
}

/** Runs a file without its head, whose targets are `a`, `b` and the group `all`, on a store. */
export async function tryFile(body: string, { prepare, times, files, ...more }: TrialOptions = {}): Promise<TriedFile> {
  const clock = new SteppingClock();
  const store = times === undefined ? new StoreWorld(clock) : new StoreWorld(clock, times);
  prepare?.(store, clock);
  const tried = await tryRun({ clock, transports: store, ...more, files: { "main.yml": `${HEAD}${body}\n`, ...files } });
  return { ...tried, store, clock, seconds: clock.now() / 1000, sets: store.done.map((line) => /set (.*) @/.exec(line)?.[1] ?? "") };
}

/** A step that sets a key of its own name. */
export function set(id: string, rest = ""): string {
  return `- { id: ${id}, uses: store.set, with: { key: ${id}, value: new }${rest} }`;
}

/** A step that waits until a key has the value `yes`. */
export function wait(id: string, rest = ""): string {
  return `- { id: ${id}, uses: store.value, with: { key: ${id} }, wait-until: 'outputs.value == "yes"', every: 10s${rest} }`;
}

/** The end of a step, as it was told last. */
export function endOf({ events }: Tried, step: string): Event | undefined {
  return events.findLast((event) => event.type === "step-finished" && event.step === step);
}

import type { Event } from "../../src/core/event.ts";
import { deedsOf, isAtRest } from "../../src/interpreter/run/deeds.ts";
import { recordedOf } from "../../src/interpreter/run/recorded.ts";
import { Died } from "./run-kit.ts";
import { set, takeUp, tryFile, type Left, type TrialOptions, type TriedFile } from "./try-file.ts";

/** A run of a file with all its events, and the store as it left it: what is undone. */
export interface Ran extends Left {
  readonly leave?: readonly string[];
}

/** The run as it is undone: where it is not at rest, it comes to rest first. */
export async function atRest(body: string, ran: Ran, options: TrialOptions = {}): Promise<Ran> {
  if (isAtRest(deedsOf(ran.events))) return ran;
  const { events } = await takeUp(body, ran, { ...options, recorded: recordedOf(ran.events), to: "rollback" });
  return { ...ran, events: [...ran.events, ...events] };
}

/** Undoes a run of a file that is at rest. `before`: the events of a rollback that was cut short, which is taken up. */
export function undoFile(body: string, { events, store, clock, leave = [] }: Ran, before: readonly Event[] = [], options: TrialOptions = {}): Promise<TriedFile> {
  return takeUp(body, { events: before, store, clock }, { ...options, undoes: { events, leave } });
}

/** The runner of a rollback dies directly after a record; undefined where it ends before. */
export async function dieInUndo(body: string, ran: Ran, diesAt: number, options: TrialOptions = {}): Promise<readonly Event[] | undefined> {
  try {
    await undoFile(body, ran, [], { ...options, diesAt });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Died)) throw thrown;
    return thrown.events;
  }
}

/** What undoes a step that sets a key of its own name: it was empty. */
export function back(id: string): string {
  return `, rollback: [ { id: ${id}_back, uses: store.set, with: { key: ${id}, value: "" } } ]`;
}

/** A step that sets a key of its own name, and says how that is undone. */
export function undoable(id: string): string {
  return set(id, back(id));
}

/** Runs a file, brings it to rest, and undoes it. */
export async function runAndUndo(body: string, options: TrialOptions = {}, leave: readonly string[] = [], undoing: TrialOptions = {}): Promise<{ readonly ran: TriedFile; readonly undone: TriedFile }> {
  const ran = await tryFile(body, options);
  const { prepare: _prepared, ...rest } = options;
  const resting = await atRest(body, { ...ran, leave }, rest);
  ran.store.done.length = 0;
  return { ran, undone: await undoFile(body, resting, [], { ...rest, ...undoing }) };
}

/** Paths of the steps that were undone, in their order. */
export function undonePaths({ events }: TriedFile): readonly string[] {
  return events.flatMap((event) => (event.type === "step-started" && event.phase === "rollback" && event.parent === undefined ? [event.step] : []));
}

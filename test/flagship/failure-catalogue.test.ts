import { afterAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import type { World } from "../../src/simulator/world.ts";
import { changedWorld, freshWorld, runOnWorld, sourceWith } from "../kit/ccr-kit.ts";
import { changesOf } from "../kit/changes.ts";
import { standingOf } from "../kit/standing.ts";
import { FAILURES, OF_THE_RUNNER } from "./failures/catalogue.ts";
import { DONE, EXIT_CODES, STANDS, type Ending, type Failure } from "./failures/failure.ts";

const BUILD = "8.1.263.1";
/** A cluster that was left alone comes to rest: services start, copies are looked at anew. */
const REST_MS = 15 * 60_000;

/** Services that are given back one after another count as one change. */
function inShort(changes: readonly string[]): readonly string[] {
  return changes.filter((line, index) => !line.endsWith("sc.exe") || line !== changes[index - 1]);
}

function questionsOf(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === "question-asked" ? [event.question] : []));
}

/** Runs, and compares all that the ending names. */
async function expectEnding(world: World, inputs: Readonly<Record<string, string>>, ending: Ending): Promise<void> {
  const { end, events } = await runOnWorld(world, { inputs });
  expect(end.result, end.because).toBe(ending.result);
  expect(end.exitCode).toBe(EXIT_CODES[ending.result]);
  if (ending.changes !== undefined) expect(inShort(changesOf(events))).toEqual(ending.changes);
  for (const part of ending.because ?? []) expect(end.because).toMatch(part);
  expect(end.owed).toEqual(ending.owed ?? []);
  if (ending.open !== undefined) expect(end.openItems.map(({ step }) => step)).toEqual(ending.open);
  for (const part of ending.left ?? []) expect(end.openItems.map(({ because }) => because).join("\n")).toMatch(part);
  if (ending.asked !== undefined) {
    const asked = questionsOf(events);
    expect(asked).toHaveLength(ending.asked.length);
    ending.asked.forEach((part, index) => expect(asked[index]).toMatch(part));
  }
  world.passTo(world.state.nowMs + REST_MS);
  const { on, updated, amiss } = standingOf(world.state, inputs["build"] ?? BUILD);
  expect({ on, updated, amiss }).toEqual({ on: ending.on ?? on, updated: ending.updated ?? updated, amiss: ending.amiss ?? amiss });
}

async function expectFailure({ world: name, changes = [], package: file, inputs: given = {}, first, cure = [], second, brokenByTheFault = [] }: Failure): Promise<void> {
  const inputs = { ...given, ...sourceWith(file) };
  const world = await changedWorld(name, ...changes);
  await expectEnding(world, inputs, first);
  world.suffer(cure);
  if (second !== undefined) await expectEnding(world, inputs, second);
  expect([...new Set(world.state.breaches.map(({ invariant }) => invariant))].toSorted()).toEqual(brokenByTheFault);
}

describe("the procedure does what the failure catalogue says, and the next run what is left", () => {
  test.each(FAILURES.map((failure) => [failure.row, failure.name, failure] as const))("%s: %s", async (_row, _name, failure) => expectFailure(failure));
});

describe("the failure catalogue", () => {
  const numbered = FAILURES.filter(({ row }) => row !== "–");
  test("has a world for every row, F1 to F41", () => {
    const rows = new Set([...numbered.map(({ row }) => row), ...OF_THE_RUNNER]);
    expect(Array.from({ length: 41 }, (_, index) => `F${index + 1}`).filter((row) => !rows.has(row))).toEqual([]);
    expect(rows.size).toBe(41);
  });

  test("tells every failure in a world of its own", () => {
    const worlds = FAILURES.map(({ world, changes = [], inputs = {}, package: file, row }) => JSON.stringify([row, world, changes, inputs, file]));
    expect(worlds.filter((world, index) => worlds.indexOf(world) !== index)).toEqual([]);
    const names = FAILURES.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  afterAll(() => {
    process.stdout.write(`failure catalogue: 41 rows in ${numbered.length + OF_THE_RUNNER.length} cases, ${FAILURES.length - numbered.length} cases besides\n`);
  });
});

describe("a failure that nobody can wait for", () => {
  test("is said at once", async () => {
    const world = await freshWorld("test/worlds/suspended-copy.world.yml");
    const beganMs = world.state.nowMs;
    await runOnWorld(world);
    expect(world.state.nowMs - beganMs).toBeLessThan(5 * 60_000);
  });
});

describe("F37: another run, or another administrator, at once", () => {
  test("a run whose locks are taken looks at nothing and changes nothing", async () => {
    const world = await freshWorld("two-node");
    const { end, events } = await runOnWorld(world, { lock: { acquire: (names) => ({ kind: "taken", holder: { lock: names[0] ?? "", run: "r000000077", since: "2008-03-15T08:00:00Z" } }) } });
    expect(end).toMatchObject({ result: "stopped", exitCode: 1 });
    expect(end.because).toMatch(/r000000077/);
    expect(events.filter(({ type }) => type === "looked")).toEqual([]);
    expect(changesOf(events)).toEqual([]);
  });

  test("the locks are those of the system's name, of both nodes and of the mailbox server", async () => {
    const wanted: string[] = [];
    await runOnWorld(await freshWorld("two-node"), { lock: { acquire: (names) => { wanted.push(...names); return { kind: "held", release: () => undefined }; } } });
    expect(wanted.join(" ").toLowerCase()).toMatch(/nodea.*nodeb/);
    expect(wanted.join(" ").toLowerCase()).toMatch(/mailbox server exclus1/);
  });
});

class RunnerDied extends Error {}

/** A run whose runner dies at a moment; what it began goes on in the world. */
async function dyingRun(world: World, dies: (event: Event) => boolean): Promise<readonly Event[]> {
  const seen: Event[] = [];
  const run = runOnWorld(world, { onEvent: (event) => { seen.push(event); if (dies(event)) throw new RunnerDied(); } });
  await expect(run).rejects.toThrow(RunnerDied);
  return seen;
}

describe("F38: a runner that dies between an action and its record leaves a system that the next run goes on from", () => {
  const moments = ["action-started", "action-finished"] as const;
  const deaths = DONE.all.flatMap((change, index) => moments.map((moment) => [moment === "action-started" ? "before" : "after", change, index, moment] as const));

  test.each(deaths)("%s `%s`, change %i", async (_when, _change, index, moment) => {
    const world = await freshWorld("two-node");
    let acts = 0;
    const events = await dyingRun(world, (event) => {
      if (event.type === "action-started" && event.effect !== "reads") acts += 1;
      return event.type === moment && acts === index + 1;
    });
    const { end, events: rest } = await runOnWorld(world);
    expect(end.result, end.because).toBe(changesOf(rest).length === 0 ? "nothing to do" : "succeeded");
    const done = changesOf(events).slice(0, moment === "action-started" ? -1 : undefined);
    expect([...done, ...changesOf(rest)]).toEqual(DONE.all);
    expect(standingOf(world.state, BUILD)).toEqual(STANDS.done);
    expect(world.state.breaches).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { setImmediate as nextTurn } from "node:timers/promises";
import { VirtualClock, type RealTime } from "../../src/simulator/virtual-clock.ts";

const settle = async (): Promise<void> => void (await nextTurn());
const idle = (): boolean => true;
const clockAt = (startMs: number, more: Partial<RealTime> = {}): VirtualClock => new VirtualClock(startMs, { settle, ...more });

test("time stands still until it is advanced, and then goes to the earliest wake-up", async () => {
  const clock = clockAt(1_000);
  const woken: string[] = [];
  for (const [atMs, key] of [[3_000, "b"], [2_000, "c"], [3_000, "a"]] as const) clock.at(atMs, key, () => woken.push(`${key} ${clock.now()}`));
  expect([clock.now(), clock.nextMs()]).toEqual([1_000, 2_000]);
  for (let i = 0; i < 3; i += 1) await clock.advance(idle);
  expect(woken).toEqual(["c 2000", "a 3000", "b 3000"]);
  expect(clock.nextMs()).toBeUndefined();
});

test("equal times and keys keep the order in which they were asked for", async () => {
  const clock = clockAt(0);
  const woken: number[] = [];
  for (let i = 0; i < 4; i += 1) clock.at(5, "same", () => woken.push(i));
  for (let i = 0; i < 4; i += 1) await clock.advance(idle);
  expect(woken).toEqual([0, 1, 2, 3]);
});

test("a wake-up in the past is called now, and time does not go back", async () => {
  const clock = clockAt(1_000);
  clock.at(10, "late", () => undefined);
  await clock.advance(idle);
  expect(clock.now()).toBe(1_000);
});

test("a wake-up that was taken back is not called", async () => {
  const clock = clockAt(0);
  const woken: string[] = [];
  const takeBack = clock.at(1, "a", () => woken.push("a"));
  clock.at(2, "b", () => woken.push("b"));
  takeBack();
  takeBack();
  await clock.advance(idle);
  expect(woken).toEqual(["b"]);
});

test("what was set free goes first: where that leaves something to do, time stays", async () => {
  const clock = clockAt(0);
  const done: string[] = [];
  clock.at(5, "later", () => done.push("later"));
  void (async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    done.push("set free");
  })();
  await clock.advance(() => done.length === 0);
  expect([done, clock.now()]).toEqual([["set free"], 0]);
});

test("where nobody waits, going on is our own mistake", async () => {
  await expect(clockAt(0).advance(idle)).rejects.toThrow("no wake-up");
});

test("a pace makes the steps of time take real time", async () => {
  const slept: number[] = [];
  const clock = clockAt(0, { pace: { times: 60, sleep: async (ms) => void slept.push(ms) } });
  clock.at(60_000, "a", () => undefined);
  clock.at(60_000, "b", () => undefined);
  clock.at(90_000, "c", () => undefined);
  for (let i = 0; i < 3; i += 1) await clock.advance(idle);
  expect(slept).toEqual([1_000, 500]);
});

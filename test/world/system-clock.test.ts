import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { behindMs, systemClock } from "../../src/world/system-clock.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

test("wakes in the order of time, ties by key", () => {
  const clock = systemClock();
  const woken: string[] = [];
  for (const [atMs, key] of [[1_000_200, "c"], [1_000_100, "b"], [1_000_100, "a"], [999_000, "past"]] as const) clock.at(atMs, key, () => woken.push(key));
  vi.advanceTimersByTime(199);
  expect(woken).toEqual(["past", "a", "b"]);
  vi.advanceTimersByTime(1);
  expect(woken).toEqual(["past", "a", "b", "c"]);
});

test("a wake-up that was taken back does not come", () => {
  const clock = systemClock();
  const woken: string[] = [];
  const takeBack = clock.at(1_000_100, "a", () => woken.push("a"));
  clock.at(1_000_200, "b", () => woken.push("b"));
  takeBack();
  takeBack();
  vi.advanceTimersByTime(500);
  expect(woken).toEqual(["b"]);
});

test("a wake-up may ask for another", () => {
  const clock = systemClock();
  const woken: number[] = [];
  const again = (): void => {
    woken.push(clock.now());
    if (woken.length < 3) clock.at(clock.now() + 10, "a", again);
  };
  clock.at(1_000_010, "a", again);
  vi.advanceTimersByTime(100);
  expect(woken).toEqual([1_000_010, 1_000_020, 1_000_030]);
});

test("waits longer than a timer can", () => {
  const clock = systemClock();
  const woken: string[] = [];
  clock.at(1_000_000 + 40 * 86_400_000, "a", () => woken.push("a"));
  vi.advanceTimersByTime(40 * 86_400_000 - 1);
  expect(woken).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(woken).toEqual(["a"]);
});

test("finds out that the machine slept", () => {
  const clock = systemClock();
  const woken: string[] = [];
  clock.at(1_000_000 + 3_600_000, "a", () => woken.push("a"));
  vi.setSystemTime(1_000_000 + 3_600_000);
  vi.advanceTimersByTime(30_000);
  expect(woken).toEqual(["a"]);
});

test("goes on where the system's clock is put back: no wait gets longer", () => {
  const clock = systemClock();
  const woken: number[] = [];
  clock.at(1_030_000, "a", () => woken.push(clock.now()));
  vi.advanceTimersByTime(10_000);
  expect(clock.now()).toBe(1_010_000);
  vi.setSystemTime(500_000);
  expect(clock.now()).toBe(1_010_000);
  vi.advanceTimersByTime(20_000);
  expect(woken).toEqual([1_030_000]);
  vi.setSystemTime(2_000_000);
  expect(clock.now()).toBe(2_000_000);
});

test("waits for a clock that is put right by less than a second", () => {
  const clock = systemClock();
  expect(clock.now()).toBe(1_000_000);
  vi.setSystemTime(999_400);
  expect(clock.now()).toBe(1_000_000);
  vi.advanceTimersByTime(400);
  expect(clock.now()).toBe(1_000_000);
  vi.advanceTimersByTime(400);
  expect(clock.now()).toBe(1_000_200);
});

test("begins where it is told to, and counts from there as long as the system's clock is behind", () => {
  const clock = systemClock(5_000_000);
  expect(clock.now()).toBe(5_000_000);
  vi.advanceTimersByTime(1_500);
  expect(clock.now()).toBe(5_001_500);
  expect([behindMs(5_000_000), behindMs(1_001_600), behindMs(0)]).toEqual([3_998_500, 0, 0]);
});

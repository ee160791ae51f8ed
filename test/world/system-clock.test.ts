import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/world/system-clock.ts";

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

test("stands still where the system's clock is put back", () => {
  const clock = systemClock();
  expect(clock.now()).toBe(1_000_000);
  vi.setSystemTime(500_000);
  expect(clock.now()).toBe(1_000_000);
});

import { expect, test } from "vitest";
import { fight } from "./lock-fight.ts";

/** `scripts/lock-fights.ts` makes ten thousand. */
const SCHEDULES = 150;

test("of two processes that want the same locks one gets them, never both, never neither, whoever is killed meanwhile", async () => {
  const counts = await fight(SCHEDULES, 4_711);
  expect(counts.schedules).toBe(SCHEDULES);
  expect(Math.min(counts.acquired, counts.refused, counts.fights, counts.kills)).toBeGreaterThan(10);
  process.stdout.write(`locks: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ")}\n`);
}, 300_000);

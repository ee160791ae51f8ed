import { expect, test } from "vitest";
import { fight, type FightCounts } from "./lock-fight.ts";

/** `scripts/lock-fights.ts` makes ten thousand. Pairs fight side by side, each for locks of its own: who is refused waits most of its time. */
const PAIRS = 5;
const SCHEDULES_A_PAIR = 30;

test("of two processes that want the same locks one gets them, never both, never neither, whoever is killed meanwhile", async () => {
  const each = await Promise.all(Array.from({ length: PAIRS }, (_, pair) => fight(SCHEDULES_A_PAIR, 4_711 + pair)));
  const counts = Object.fromEntries(Object.keys(each[0] ?? {}).map((what) => [what, each.reduce((sum, one) => sum + one[what as keyof FightCounts], 0)]));
  expect(counts["schedules"]).toBe(PAIRS * SCHEDULES_A_PAIR);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10);
  process.stdout.write(`locks: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ")}\n`);
}, 300_000);

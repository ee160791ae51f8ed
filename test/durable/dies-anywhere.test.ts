import { describe, expect, test } from "vitest";
import { expectSameEnds, recordsOf, undisturbed } from "./deaths.ts";

/** Every so many records the runner dies here: a death with its resume takes a fifth of a second. */
const EVERY = 6;

describe("the procedure whose runner dies", () => {
  test("comes to the same end, wherever that was, and does nothing twice whose outcome was recorded", async () => {
    const whole = await undisturbed("two-node");
    const records = recordsOf(whole, 1, EVERY);
    expect(await expectSameEnds("two-node", whole, records)).toBe(records.length);
    process.stdout.write(`deaths: ${records.length} of ${whole.events.length} records, each with a resume\n`);
  }, 900_000);
});

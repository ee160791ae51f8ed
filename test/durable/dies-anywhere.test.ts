import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { PASSING_EVENTS, recordedOf } from "../../src/interpreter/run/recorded.ts";
import { foldView } from "../../src/views/fold-view.ts";
import { emptyViewState, type StepView } from "../../src/views/view-state.ts";
import { expectSameEnds, recordsOf, undisturbed } from "./deaths.ts";

/** Every so many records the runner dies here: a death with its resume takes a fifth of a second. */
const EVERY = 6;

/** What a screen shows of the steps that have ended. */
function endedSteps(events: readonly Event[]): readonly StepView[] {
  const state = emptyViewState();
  for (const event of events) foldView(state, event);
  return [...state.steps.values()].filter(({ finished }) => finished !== undefined);
}

describe("the procedure whose runner dies", () => {
  test("comes to the same end, wherever that was, and does nothing twice whose outcome was recorded", async () => {
    const whole = await undisturbed("two-node");
    const records = recordsOf(whole, 1, EVERY);
    expect(await expectSameEnds("two-node", whole, records)).toBe(records.length);
    process.stdout.write(`deaths: ${records.length} of ${whole.events.length} records, each with a resume\n`);
  }, 900_000);

  test("is known, and what has ended is shown, without what its steps saw, decided and printed", async () => {
    const { events } = await undisturbed("two-node");
    for (let length = 1; length <= events.length; length += 25) {
      const whole = events.slice(0, length);
      const needed = whole.filter(({ type }, index) => index === length - 1 || !PASSING_EVENTS.has(type));
      expect(recordedOf(needed)).toEqual(recordedOf(whole));
      expect(endedSteps(needed)).toEqual(endedSteps(whole));
    }
  });
});

import { expect, test } from "vitest";
import { humanDo } from "../../../src/builtins/human/do.ts";
import { effectOf } from "../../../src/core/builtin.ts";
import type { Verdict } from "../../../src/core/schema.ts";
import type { PastAnswer } from "../../../src/core/builtin.ts";
import { answered, pastOf, PLACE } from "../turns.ts";

const HOLDS: Verdict = { kind: "true" };
const HOLDS_NOT: Verdict = { kind: "false", because: "the marker is not there" };
const UNKNOWN: Verdict = { kind: "not-known", because: "the node does not answer" };

test.each<[string, Verdict | undefined, readonly PastAnswer[], object]>([
  ["without a reading it is asked", undefined, [], { kind: "ask", question: { kind: "do", text: "Suspend the backup.", show: [] } }],
  ["without a reading the person's word counts", undefined, [answered("yes")], { kind: "done", outputs: { by: ["Ann"] } }],
  ["a no is declined", undefined, [answered("no", "no rights")], { kind: "refuse", code: "declined", because: "Ann says that it was not done: no rights" }],
  ["nobody is asked where the reading holds already", HOLDS, [], { kind: "done", outputs: {} }],
  ["the reading, not the word, ends it", HOLDS, [answered("yes")], { kind: "done", outputs: { by: ["Ann"] } }],
  ["a reading that holds outweighs a no", HOLDS, [answered("no")], { kind: "done" }],
  ["it is asked where the reading does not hold", HOLDS_NOT, [], { kind: "ask", because: "the marker is not there" }],
  ["it is asked where the reading cannot be told", UNKNOWN, [], { kind: "ask", because: "it cannot be told: the node does not answer" }],
  ["a word against the reading is asked again, with what was seen", HOLDS_NOT, [answered("yes")], { kind: "ask", question: { show: [expect.stringContaining("the marker is not there")] } }],
  ["a second word against the reading is asked again", HOLDS_NOT, [answered("yes"), answered("yes")], { kind: "ask" }],
  ["a third word against the reading ends it", HOLDS_NOT, [answered("yes"), answered("yes"), answered("yes")], { kind: "refuse", code: "not_done", because: expect.stringContaining("3 times") }],
])("%s", (_title, doneWhen, answers, decision) => {
  expect(humanDo.decide({ instructions: "Suspend the backup.", "done-when": doneWhen, show: [] }, {}, pastOf({ answers }), PLACE)).toMatchObject(decision);
});

test("it counts as changing although it has no action", () => {
  expect(humanDo.actions).toEqual({});
  expect(effectOf(humanDo)).toBe("changes");
});

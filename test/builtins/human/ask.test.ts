import { expect, test } from "vitest";
import { humanAsk } from "../../../src/builtins/human/ask.ts";
import type { Json } from "../../../src/core/json.ts";
import { answered, pastOf, PLACE } from "../turns.ts";

const plain = { question: "Which?", type: "string", show: [] } as const;

test("the question says what the answer must be", () => {
  expect(humanAsk.decide({ ...plain, enum: ["quick", "full"], default: "quick" }, {}, pastOf(), PLACE)).toMatchObject({
    kind: "ask",
    question: { kind: "ask", text: "Which?", value: { type: "string", enum: ["quick", "full"], default: "quick" } },
  });
});

test.each<[string, Parameters<typeof humanAsk.decide>[0], string, Json]>([
  ["a text", plain, "CHG0001234", "CHG0001234"],
  ["a text that looks like a number stays a text", plain, "8.10", "8.10"],
  ["a whole number", { ...plain, type: "integer" }, "-12", -12],
  ["a number", { ...plain, type: "number" }, "2.5", 2.5],
  ["yes for a boolean", { ...plain, type: "boolean" }, "yes", true],
  ["false for a boolean", { ...plain, type: "boolean" }, "false", false],
  ["Enter gives the default", { ...plain, default: "quick" }, "", "quick"],
  ["what matches the pattern", { ...plain, pattern: "^CHG[0-9]+$" }, "CHG7", "CHG7"],
  ["one of the choices", { ...plain, enum: ["a", "b"] }, "b", "b"],
])("%s is the answer", (_title, inputs, answer, value) => {
  expect(humanAsk.decide(inputs, {}, pastOf({ answers: [answered(answer)] }), PLACE)).toMatchObject({ kind: "done", outputs: { answer: value, by: ["Ann"] } });
});

test.each<[string, Parameters<typeof humanAsk.decide>[0], string]>([
  ["nothing", plain, ""],
  ["a fraction for a whole number", { ...plain, type: "integer" }, "1.5"],
  ["a number that JavaScript would round", { ...plain, type: "integer" }, "12345678901234567"],
  ["a word for a number", { ...plain, type: "number" }, "NaN"],
  ["a word for a boolean", { ...plain, type: "boolean" }, "maybe"],
  ["what does not match", { ...plain, pattern: "^CHG[0-9]+$" }, "7"],
  ["none of the choices", { ...plain, enum: ["a", "b"] }, "c"],
  ["a text without end", plain, "x".repeat(1_001)],
])("%s is asked for again, with what was wrong", (_title, inputs, answer) => {
  expect(humanAsk.decide(inputs, {}, pastOf({ answers: [answered(answer)] }), PLACE)).toMatchObject({ kind: "ask", question: { show: [expect.stringContaining("Asked again:")] } });
});

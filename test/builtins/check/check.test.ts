import { expect, test } from "vitest";
import { check } from "../../../src/builtins/check/check.ts";
import type { Verdict } from "../../../src/core/schema.ts";
import { pastOf, PLACE } from "../turns.ts";

const because = "NodeA and NodeB are the same machine.";

test.each<[string, Verdict, object]>([
  ["true is done", { kind: "true" }, { kind: "done", outputs: {} }],
  ["false is refused with the author's sentence and the part that is false", { kind: "false", because: 'inputs.node_a is "NODEA"' }, { kind: "refuse", code: "check_failed", because: `${because} (inputs.node_a is "NODEA")` }],
  ["what cannot be told is not a no", { kind: "not-known", because: "steps.a.outputs.x is absent" }, { kind: "refuse", code: "not_known", because: expect.stringContaining("steps.a.outputs.x is absent") }],
])("%s", (_title, that, decision) => {
  expect(check.decide({ that, because }, {}, pastOf(), PLACE)).toMatchObject(decision);
});

test("it looks at nothing", () => {
  expect(check.look({ that: { kind: "true" }, because }, {}, pastOf())).toEqual({});
});

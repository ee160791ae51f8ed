import { expect, test } from "vitest";
import { runPowershell } from "../../../src/builtins/run/powershell.ts";
import { acted, ended, pastOf, PLACE, printed } from "../turns.ts";

const inputs = { script: "param($a) $a", parameters: { a: "$(evil)" }, effect: "reads", repeatable: false, accept: [0], parse: "json" } as const;

test("a script that reads is a look, and its answer the outputs", () => {
  expect(runPowershell.look(inputs, {}, pastOf())).toEqual({ query: { action: "query" } });
  expect(runPowershell.decide(inputs, { query: printed("7\n") }, pastOf(), PLACE)).toMatchObject({ kind: "done", outputs: { json: 7 } });
});

test("a script that changes something is never a look", () => {
  const changing = { ...inputs, effect: "changes" } as const;
  expect(runPowershell.look(changing, {}, pastOf())).toEqual({});
  expect(runPowershell.decide(changing, {}, pastOf(), PLACE)).toMatchObject({ kind: "act", actions: [{ action: "run" }] });
  expect(runPowershell.decide(changing, {}, pastOf({ acts: [acted("run", { result: ended(0, "7") })] }), PLACE)).toMatchObject({ kind: "done", outputs: { json: 7 } });
});

test("values stand beside the script, never in it", () => {
  expect(runPowershell.actions["query"]?.make(inputs, {})).toEqual({ kind: "script", script: "param($a) $a", parameters: { a: "$(evil)" } });
});

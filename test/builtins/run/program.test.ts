import { describe, expect, test } from "vitest";
import { runProgram } from "../../../src/builtins/run/program.ts";
import type { Past } from "../../../src/core/builtin.ts";
import type { Verdict } from "../../../src/core/schema.ts";
import { acted, answered, ended, pastOf, PLACE } from "../turns.ts";

const inputs = { program: "tool", args: [], effect: "changes", repeatable: false, accept: [0], parse: "text" } as const;
const GOOD = acted("run", { result: ended(0, "done\n") });
const BAD = acted("run", { result: ended(3, "", "broken\n") });
const NOT_THERE = acted("run", { outcome: "failed", failure: { code: "not_found", because: "no tool" } });
const LOST = acted("run", { outcome: "lost" });
const IN_DOUBT = acted("run", { outcome: "in-doubt" });
const HOLDS: Verdict = { kind: "true" };
const HOLDS_NOT: Verdict = { kind: "false", because: "the marker is not there" };
const UNKNOWN: Verdict = { kind: "not-known", because: "the node does not answer" };
const ACT = { kind: "act", actions: [{ action: "run" }] };

describe("without eyes", () => {
  test.each<[string, boolean, Partial<Past>, object]>([
    ["it is run", false, {}, ACT],
    ["it is run once", false, { acts: [GOOD] }, { kind: "done", outputs: { text: "done", exit_code: 0 } }],
    ["a bad exit code fails", false, { acts: [BAD] }, { kind: "fail", code: "exit_code", because: "tool ended with exit code 3: broken" }],
    ["a bad exit code fails although it may be repeated", true, { acts: [BAD] }, { kind: "fail", code: "exit_code" }],
    ["a program that is not there fails", false, { acts: [NOT_THERE] }, { kind: "fail", code: "not_found", because: "no tool" }],
    ["a person is asked about a lost outcome", false, { acts: [LOST] }, { kind: "ask", question: { kind: "do", text: "tool was begun, and its outcome was lost. Did it do its work?" } }],
    ["a lost outcome is repeated where that does no harm", true, { acts: [LOST] }, ACT],
    ["an outcome in doubt is repeated where that does no harm", true, { acts: [IN_DOUBT] }, ACT],
    ["a person's yes ends a lost one", false, { acts: [LOST], answers: [answered("yes")] }, { kind: "done", outputs: {} }],
    ["a person's no has it run again", false, { acts: [LOST], answers: [answered("no")] }, ACT],
    ["an old word says nothing about a new loss", false, { acts: [LOST, LOST], answers: [answered("no")] }, { kind: "ask" }],
    ["what was said in an attempt before says nothing, and what was lost there is not asked about again", false, { attempt: 2, acts: [LOST, { ...LOST, attempt: 2 }], answers: [answered("yes")] }, { kind: "done", outputs: {} }],
    ["a new attempt runs it again, and does not say that it was never run", false, { attempt: 2, acts: [BAD] }, { ...ACT, because: "tool has not been run in attempt 2 yet" }],
  ])("%s", (_title, repeatable, past, decision) => {
    expect(runProgram.decide({ ...inputs, repeatable }, {}, pastOf(past), PLACE)).toMatchObject(decision);
  });
});

describe("with eyes", () => {
  test.each<[string, Verdict, Partial<Past>, object]>([
    ["nothing is run where it is done already", HOLDS, {}, { kind: "done", outputs: {}, because: "`done-when` holds already" }],
    ["it is run where it is not done", HOLDS_NOT, {}, { ...ACT, because: "the marker is not there" }],
    ["what cannot be told is refused before anything is run", UNKNOWN, {}, { kind: "refuse", code: "not_known" }],
    ["what cannot be told afterwards is waited for", UNKNOWN, { acts: [GOOD] }, { kind: "wait" }],
    ["a good exit code alone is not believed", HOLDS_NOT, { acts: [GOOD] }, { kind: "wait", because: expect.stringContaining("the marker is not there") }],
    ["a bad exit code fails", HOLDS_NOT, { acts: [BAD] }, { kind: "fail", code: "exit_code" }],
    ["a bad exit code is forgiven where it is done", HOLDS, { acts: [BAD] }, { kind: "done", outputs: {} }],
    ["a lost outcome that is not there is tried again", HOLDS_NOT, { acts: [LOST] }, ACT],
    ["a lost outcome that is there is done", HOLDS, { acts: [LOST] }, { kind: "done" }],
    ["what it printed is kept", HOLDS, { acts: [GOOD] }, { kind: "done", outputs: { text: "done", exit_code: 0 } }],
  ])("%s", (_title, doneWhen, past, decision) => {
    expect(runProgram.decide({ ...inputs, "done-when": doneWhen }, {}, pastOf(past), PLACE)).toMatchObject(decision);
  });
});

test("it looks at nothing itself", () => {
  expect(runProgram.look(inputs, {}, pastOf())).toEqual({});
});

import { expect, test } from "vitest";
import { runQuery } from "../../../src/builtins/run/query.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, printed, read, refused } from "../turns.ts";

const inputs = { program: "tool", args: ["-v", "a b"], accept: [0], parse: "text" } as const;

test.each<[string, Partial<Parameters<typeof runQuery.decide>[0]>, Fact, object]>([
  ["its output is the answer, without the last line end", {}, printed("one\r\ntwo\r\n"), { kind: "done", outputs: { text: "one\r\ntwo", exit_code: 0 } }],
  ["only one line end is taken away", {}, printed("one\n\n"), { outputs: { text: "one\n" } }],
  ["lines are a list", { parse: "lines" }, printed("one\r\ntwo\n\nfour\n"), { kind: "done", outputs: { lines: ["one", "two", "", "four"], exit_code: 0 } }],
  ["no output is no line", { parse: "lines" }, printed(""), { outputs: { lines: [] } }],
  ["JSON is a value", { parse: "json" }, printed('{"a":[1,null]}\n'), { kind: "done", outputs: { json: { a: [1, null] } } }],
  ["what is no JSON is unreadable", { parse: "json" }, printed("a: 1"), { kind: "refuse", code: "unreadable", because: expect.stringContaining("expected JSON, found `a: 1`") }],
  ["JSON nested without end is unreadable", { parse: "json" }, printed("[".repeat(2_000) + "]".repeat(2_000)), { kind: "refuse", code: "unreadable" }],
  ["a cut output is no list of lines", { parse: "lines" }, read({ exitCode: 0, stdout: "x", stderr: "", droppedBytes: 9 }), { kind: "refuse", code: "unreadable" }],
  ["a cut output is a text", {}, read({ exitCode: 0, stdout: "x", stderr: "", droppedBytes: 9 }), { kind: "done", outputs: { text: "x" } }],
  ["another exit code of a program that printed nothing says that", {}, printed("", 2, "\n"), { kind: "refuse", code: "exit_code", because: "tool ended with exit code 2, and printed nothing" }],
  ["another exit code is refused with what the program said", {}, printed("", 2, "no such thing\n"), { kind: "refuse", code: "exit_code", because: "tool ended with exit code 2: no such thing" }],
  ["an accepted exit code is good", { accept: [0, 2] }, printed("x", 2), { kind: "done", outputs: { exit_code: 2 } }],
  ["a program that is not there is refused", {}, refused("not_found", "no tool"), { kind: "refuse", code: "not_found", because: "no tool" }],
  ["a broken channel is unreachable", {}, LOST, { kind: "refuse", code: "unreachable" }],
])("%s", (_title, changed, query, decision) => {
  expect(runQuery.decide({ ...inputs, ...changed }, { query }, pastOf(), PLACE)).toMatchObject(decision);
});

test("everything that is given reaches the program as it stands", () => {
  const given = { ...inputs, stdin: "x", env: { A: "1" }, folder: "/tmp" };
  expect(runQuery.actions["query"]?.make(given, {})).toEqual({ kind: "program", program: "tool", args: ["-v", "a b"], stdin: "x", env: { A: "1" }, folder: "/tmp" });
  expect(runQuery.actions["query"]?.make(inputs, {})).toEqual({ kind: "program", program: "tool", args: ["-v", "a b"] });
});

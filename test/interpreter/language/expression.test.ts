import { describe, expect, test } from "vitest";
import { compileExpression, evaluate, factsOf, judge, readsOf } from "../../../src/interpreter/language/expression.ts";
import { SCOPE, VALUES } from "./expression-scope.ts";
import { scalarOf } from "./scalar-of.ts";

function compiled(text: string, expected: "boolean" | "list" | "any" = "any") {
  const result = compileExpression(scalarOf(text), SCOPE, expected);
  if (result.kind === "error") throw new Error(`${text}: ${result.error.map(({ message }) => message).join("; ")}`);
  return result.value;
}

describe("the value of an expression", () => {
  test.each([
    ["inputs.kb", "945684"],
    ["inputs.kb + \"-\" + inputs.arch", "945684-x64"],
    ["'single' == \"single\"", true],
    ["inputs.count + 1", 4],
    ["inputs.count / 2", 1],
    ["inputs.count % 2", 1],
    ["inputs.count * inputs.ratio", 4.5],
    ["inputs.ratio / 2", 0.75],
    ["inputs.count == 3.0 && 3.0 == inputs.count && inputs.count != 3.5", true],
    ["inputs.count > 2.5 && 2.5 < inputs.count", true],
    ["-inputs.count", -3],
    ["[1, 2] + [3]", [1, 2, 3]],
    ["inputs.build", "8.1.263.1"],
    ["steps.level.outputs.build < inputs.build", true],
    ["inputs.build >= version(\"8.1.263\") && version(\"8.3.83.6\") < version(\"8.3.245.2\")", true],
    ["version(\"08.03.0245.002\") == version(\"8.3.245.2\")", true],
    ["string(version(\"08.03\"))", "08.03"],
    ["inputs.free > filesize(\"150MB\") && inputs.free == filesize(\"200000kB\")", true],
    ["inputs.free + filesize(\"800MB\")", "1GB"],
    ["inputs.free * 2 - filesize(\"100MB\")", "300MB"],
    ["string(inputs.free)", "200MB"],
    ["inputs.wait < duration(\"3d\") && inputs.wait == duration(\"90m\")", true],
    ["inputs.wait + duration(\"30m\")", "2h"],
    ["run.started - inputs.due", "1d"],
    ["run.started - inputs.due > duration(\"12h\")", true],
    ["inputs.due + duration(\"1d\") == run.started", true],
    ["inputs.due < timestamp(\"2007-11-20T11:00:00+01:00\")", true],
    ["inputs.due", "2007-11-20T09:00:00Z"],
    ["inputs.due.getFullYear()", 2007],
    ["inputs.kb.matches(\"^[0-9]{6,7}$\") && !inputs.kb.matches('x')", true],
    ["inputs.kb.startsWith(\"94\") && inputs.kb.endsWith(\"84\") && inputs.kb.contains(\"568\")", true],
    ["\"a,b\".split(\",\").map(x, x + x).join(\"-\")", "aa-bb"],
    ["\"ABC\".lowerAscii()", "abc"],
    ["size(inputs.nodes) == 2 && inputs.kb.size() == 6", true],
    ["inputs.nodes[1]", "NODEB"],
    ["\"NODEA\" in inputs.nodes", true],
    ["inputs.nodes.filter(n, n != inputs.node)", ["NODEB"]],
    ["inputs.nodes.exists_one(n, n == inputs.node)", true],
    ["steps.level.outputs.copies.exists(c, c.free > filesize(\"500MB\"))", true],
    ["steps.level.outputs.copies.filter(c, c.state == \"Failed\").map(c, c.name)", ["SG2"]],
    ["steps.level.outputs.copies[1].name", "SG2"],
    ["steps.level.outputs.copies", [{ name: "SG1", state: "Healthy", free: "1GB" }, { name: "SG2", state: "Failed" }]],
    ["steps[\"level\"][\"done\"]", true],
    ["inputs.env[\"A-B\"] + inputs.env.constructor", "xc"],
    ["\"A-B\" in inputs.env && !(\"C\" in inputs.env)", true],
    ["has(steps.level.outputs.note) || has(inputs.env.missing)", false],
    ["has(steps.level.outputs.build) && has(inputs.env.constructor)", true],
    ["steps.level.outputs.copies.map(c, has(c.free))", [true, false]],
    ["steps.level.outputs.answer.votes >= 2 && steps.level.outputs.answer.votes + 0.5 == 2.5", true],
    ["steps.level.outputs.answer.list[1]", "two"],
    ["steps.level.outputs.answer.list[2] == null", true],
    ["steps.level.outputs.answer.constructor", 9],
    ["inputs.on ? \"yes\" : \"no\"", "yes"],
    ["type(inputs.count) == int", true],
    ["inputs.on // a comment\n  && true", true],
    ["{\"a\": 1}", { a: 1 }],
    ["null", null],
  ])("%s is %j", (text, expected) => {
    expect(evaluate(compiled(text), VALUES)).toEqual({ kind: "value", value: expected });
  });

  test("a map whose keys are names of JavaScript is only a map", () => {
    const outcome = evaluate(compiled("inputs.env"), VALUES);
    expect(outcome.kind === "value" && JSON.stringify(outcome.value)).toBe("{\"A-B\":\"x\",\"constructor\":\"c\",\"__proto__\":\"p\"}");
  });

  test("a pattern that is a bomb elsewhere takes no time", () => {
    expect(evaluate(compiled("inputs.kb.matches(\"^(([a-z])+.)+[A-Z]([a-z])+$\")"), { inputs: { kb: "a".repeat(50_000) } })).toEqual({ kind: "value", value: false });
  });
});

describe("the type of an expression", () => {
  test.each([
    ["inputs.arch", { type: "string", enum: ["x64", "x86"] }],
    ["inputs.nodes", { type: "list", items: { type: "string", format: "netbios_name" } }],
    ["inputs.on && true", { type: "boolean" }],
    ["inputs.count * 2", { type: "integer" }],
    ["inputs.count * 2.0", { type: "number" }],
    ["version(\"1.2\")", { type: "string", format: "version" }],
    ["inputs.due + inputs.wait", { type: "string", format: "time" }],
    ["run.started - inputs.due", { type: "duration" }],
    ["inputs.free + inputs.free", { type: "size" }],
    ["inputs.nodes.map(n, n.size())", { type: "list", items: { type: "integer" } }],
    ["{\"a\": 1.5}", { type: "map", values: { type: "number" } }],
    ["steps.level.outputs.answer.votes", { type: "any" }],
  ])("%s", (text, expected) => {
    expect(compiled(text).type).toEqual(expected);
  });

  test("a list of records keeps its records", () => {
    expect(compiled("steps.level.outputs.copies.filter(c, c.state == \"Failed\")", "list").type).toMatchObject({ type: "list", items: { type: "object", properties: { name: { type: "string" }, free: { type: "size" } } } });
  });
});

describe("what is not known", () => {
  const noItem = "there is no such item";
  test.each([
    ["steps.level.outputs.note == \"x\"", "`steps.level.outputs.note` has no value"],
    ["inputs.on && steps.level.outputs.note == \"x\"", "`steps.level.outputs.note` has no value"],
    ["steps.level.outputs.note == \"x\" && inputs.on", "`steps.level.outputs.note` has no value"],
    ["inputs.env.missing == \"x\"", "`inputs.env.missing` has no value"],
    ["steps.level.outputs.answer.missing == 1", "`steps.level.outputs.answer.missing` has no value"],
    ["inputs.nodes[7] == \"x\"", `\`inputs.nodes[7]\`: ${noItem}`],
    ["inputs.nodes[-1] == \"x\"", `\`inputs.nodes[-1]\`: ${noItem}`],
    ["inputs.count / 0 == 1", "`inputs.count / 0` divides by zero"],
    ["inputs.count % 0 == 1", "`inputs.count % 0` divides by zero"],
    ["inputs.ratio / 0.0 > 1.0", "`inputs.ratio / 0.0` divides by zero"],
    ["inputs.ratio / (inputs.ratio - 1.5) > 1.0", "`inputs.ratio / (inputs.ratio - 1.5)` divides by zero"],
    ["steps.level.outputs.copies.all(c, c.free > filesize(\"1B\"))", "`c.free` has no value"],
    ["int(inputs.arch) == 1", "`int(inputs.arch)`: the text is no number"],
    ["duration(inputs.arch) > inputs.wait", "\"x64\" is no duration (`90s`, `1h30m`, `3d`)"],
    ["inputs.kb.matches(inputs.kb + \"(\")", "\"945684(\" is no regular expression"],
    ["steps.level.outputs.answer.votes", undefined],
    ["steps.level.outputs.answer.list[1] > 3", "`steps.level.outputs.answer.list[1] > 3`: the values do not fit"],
    ["9223372036854775807 + inputs.count == 1", "`9223372036854775807 + inputs.count`: the number is too large"],
  ])("%s: %s", (text, because) => {
    const verdict = judge(compiled(text), VALUES);
    expect(verdict).toEqual({ kind: "not-known", because: because ?? `\`${text}\` is neither true nor false` });
  });

  test.each([
    ["inputs.on || steps.level.outputs.note == \"x\"", true],
    ["steps.level.outputs.note == \"x\" || inputs.on", true],
    ["!inputs.on && steps.level.outputs.note == \"x\"", false],
    ["steps.level.outputs.note == \"x\" && !inputs.on", false],
    ["inputs.on ? true : steps.level.outputs.note == \"x\"", true],
    ["steps.level.outputs.copies.exists(c, c.free == filesize(\"1GB\"))", true],
    ["steps.level.outputs.copies.all(c, c.free > filesize(\"9GB\"))", false],
  ])("%s is known all the same: %s", (text, expected) => {
    expect(evaluate(compiled(text), VALUES)).toEqual({ kind: "value", value: expected });
  });

  test("a value that is not what its type says is not known", () => {
    expect(evaluate(compiled("inputs.count + 1"), { inputs: { count: "3" } })).toEqual({ kind: "not-known", because: "`inputs.count` is not a whole number: \"3\"" });
  });

  test("a result that cannot be written is not known", () => {
    expect(evaluate(compiled("inputs.due - run.started"), VALUES)).toEqual({ kind: "not-known", because: "the result is a duration below zero" });
    expect(evaluate(compiled("inputs.count * 9007199254740993"), VALUES)).toEqual({ kind: "not-known", because: "the number 27021597764222979 is too large" });
  });

  test("macros in macros over very many items are not begun", () => {
    const nodes = Array.from({ length: 2_000 }, (_, index) => `N${index}`);
    expect(evaluate(compiled("inputs.nodes.all(a, inputs.nodes.exists(b, a == b))"), { inputs: { nodes } })).toEqual({ kind: "not-known", because: "there is too much to look at: 2001 values" });
    expect(evaluate(compiled("inputs.nodes.all(a, a != \"\")"), { inputs: { nodes } })).toEqual({ kind: "value", value: true });
  });
});

describe("a false condition says which part is false", () => {
  test.each([
    ["inputs.build < steps.level.outputs.build", "`inputs.build < steps.level.outputs.build` is false: 8.1.263.1 < 8.1.240.6"],
    ["inputs.on && inputs.count == 4 && inputs.count == 5", "`inputs.count == 4` is false: 3 == 4"],
    ["inputs.on && (inputs.count == 4 || inputs.arch == \"x86\")", "`inputs.count == 4 || inputs.arch == \"x86\"` is false: `inputs.count` = 3, `inputs.arch` = x64"],
    ["(inputs.count + 1) * 2 == (inputs.count)", "`(inputs.count + 1) * 2 == (inputs.count)` is false: 8 == 3"],
    ["!inputs.on", "`inputs.on` is true"],
    ["!(inputs.count == 3)", "`inputs.count == 3` is true"],
    ["has(steps.level.outputs.note)", "`has(steps.level.outputs.note)` is false"],
    ["\"NODEC\" in inputs.nodes", "`\"NODEC\" in inputs.nodes` is false: NODEC in [\"NODEA\",\"NODEB\"]"],
    ["steps.level.outputs.copies.all(c, c.state == \"Healthy\")", "`steps.level.outputs.copies.all(c, c.state == \"Healthy\")` is false for {\"name\":\"SG2\",\"state\":\"Failed\"}"],
    ["inputs.nodes.all(n, n == inputs.node)", "`inputs.nodes.all(n, n == inputs.node)` is false for NODEB"],
    ["inputs.nodes.all(n, // each (of them)\n  n == \"NODEA\" && n != \"x  y\")", "`inputs.nodes.all(n, n == \"NODEA\" && n != \"x  y\")` is false for NODEB"],
    ["inputs.kb.startsWith(\n  \"1\")", "`inputs.kb.startsWith( \"1\")` is false: `inputs.kb` = 945684"],
  ])("%s", (text, because) => {
    expect(judge(compiled(text, "boolean"), VALUES)).toEqual({ kind: "false", because });
  });
});

describe("what an expression reads", () => {
  test("each name once for an evaluation, as far as it is written out", () => {
    expect(compiled("inputs.on && inputs.nodes[0] == inputs.node && inputs.on && has(inputs.env.A)").reads).toEqual([["inputs", "on"], ["inputs", "nodes"], ["inputs", "node"], ["inputs", "env", "A"]]);
  });

  test.each([
    ["steps.level.done && inputs.on && inputs.kb == \"1\"", ["steps.level.done", "inputs.on | steps.level.done", "inputs.kb | steps.level.done, inputs.on"]],
    ["!steps['level'].done || inputs.on", ["steps.level.done", "inputs.on | steps.level.done"]],
    ["!(steps.level.done && inputs.on) ? inputs.count : inputs.count + 1", ["steps.level.done", "inputs.on | steps.level.done", "inputs.count | !steps.level.done && inputs.on", "inputs.count | steps.level.done, inputs.on"]],
    ["has(inputs.env.A) && inputs.env.A == 'x'", ["inputs.env.A?", "inputs.env.A | has(inputs.env.A)"]],
    ["inputs.nodes.all(n, n == inputs.node)", ["inputs.nodes", "inputs.node"]],
  ])("with what holds before it: %s", (text, expected) => {
    const reads = readsOf(compiled(text)).map(({ path, guarded, facts }) => `${path.join(".")}${guarded ? "?" : ""}${facts.length === 0 ? "" : ` | ${facts.join(", ")}`}`);
    expect(reads.map((read) => read.replaceAll("&&", " && "))).toEqual(expected);
  });

  test("each with its place", () => {
    const text = "(has(inputs.env.A)) && steps[\"level\"].done";
    expect(readsOf(compiled(text)).map(({ span }) => text.slice(span.start, span.end))).toEqual(["inputs.env.A", "steps[\"level\"].done"]);
  });

  test.each([
    ["steps.level.done && (inputs.count  ==  3)", ["steps.level.done", "inputs.count==3"]],
    ["inputs.count == 3 // (so far\n && inputs.on", ["inputs.count==3", "inputs.on"]],
    ["!(inputs.on || !inputs.on)", ["!inputs.on", "inputs.on"]],
    ["inputs.kb == \"a  b\"", ["inputs.kb==\"a  b\""]],
  ])("%s says for certain: %j", (text, expected) => {
    expect(factsOf(compiled(text))).toEqual(expected);
  });
});

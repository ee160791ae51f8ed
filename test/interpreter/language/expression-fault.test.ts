import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression, evaluate, factsOf, judge, readsOf } from "../../../src/interpreter/language/expression.ts";
import { SCOPE, VALUES } from "./expression-scope.ts";
import { pointedAt, scalarOf, scatteredScalarOf } from "./scalar-of.ts";

type Expected = "boolean" | "list" | "any";

function faultsOf(text: string, expected: Expected = "any") {
  const result = compileExpression(scalarOf(text), SCOPE, expected);
  return result.kind === "error" ? result.error : [];
}

describe("what is wrong with an expression is said where it is, in our words", () => {
  test.each([
    ["inputs.kbb == \"1\"", "kbb", "there is no `kbb` in `inputs`", "did you mean `kb`?"],
    ["input.kb == \"1\"", "input", "there is no name `input`", "did you mean `inputs`?"],
    ["steps.leve.done", "leve", "there is no `leve` in `steps`", "did you mean `level`?"],
    ["steps.level.outputs.buil == inputs.build", "buil", "there is no `buil` in `steps.level.outputs`", "did you mean `build`?"],
    ["steps[\"leve\"].done", "\"leve\"", "there is no `leve` in `steps`", "did you mean `level`?"],
    ["inputs.build.major == 8", "major", "`inputs.build` is a version and has no parts", undefined],
    ["steps.level.outputs.copies.state == \"x\"", "state", "`steps.level.outputs.copies` is a list and has no `state`", undefined],
    ["steps.level.outputs.copies.all(c, c.stat == \"x\")", "stat", "there is no `stat` in `c`", "did you mean `state`?"],
    ["steps.level.outputs.copies[0].stat == \"x\"", "stat", "there is no `stat` in `steps.level.outputs.copies[0]`", "did you mean `state`?"],
    ["steps.level.outputs.copies.all(c, has(c.fre))", "fre", "there is no `fre` in `c`", "did you mean `free`?"],
    ["inputs", "inputs", "`inputs` is no value: name a part of it", undefined],
    ["has(inputs)", "inputs", "`has` asks for a name with a dot", undefined],
    ["inputs.count = 3", "=", "`=` is no comparison: write `==`", undefined],
    ["inputs.count === 3", "=", "`===` is written `==` in CEL", undefined],
    ["inputs.count <> 3", ">", "`<>` is written `!=` in CEL", undefined],
    ["inputs.on & inputs.on", "&", "`&` is written `&&` in CEL", undefined],
    ["inputs.on and inputs.on", "and", "`and` is written `&&` in CEL", undefined],
    ["inputs.on or inputs.on", "or", "`or` is written `||` in CEL", undefined],
    ["not inputs.on", "not", "`not` is written `!` in CEL", undefined],
    ["not(inputs.on)", "not(inputs.on)", "there is no function `not`", "write `!`: `!(a && b)`"],
    ["inputs.count is 3", "is", "`is` is written `==` in CEL", undefined],
    ["{{inputs.on}}", "{{", "conditions are CEL, without braces", undefined],
    ["inputs.on && {{inputs.on}}", "{{", "conditions are CEL, without braces", undefined],
    ["${{ inputs.on }}", "${{", "conditions are CEL, without braces", undefined],
    ["\"{{inputs.kb}}\" == \"1\"", "\"{{inputs.kb}}\"", "braces mean nothing in a condition: this is only text", undefined],
    ["$on", "$", "a name is written without `$`", undefined],
    ["inputs.on &&", "&", "the expression ends too early", undefined],
    ["(inputs.on", "n", "the expression ends too early", undefined],
    ["inputs.on)", ")", "this cannot be read: `)` is not expected here", undefined],
    ["inputs.kb == 'a", "'a", "a text in quotes is not closed", undefined],
    ["inputs.kb == \"C:\\kb\"", "\\k", "this is no escape of CEL", undefined],
    ["for == 1", "for", "`for` is a word of CEL and no name", undefined],
    ["", "", "the expression is empty", undefined],
    ["inputs.free > 30", "inputs.free > 30", "`>` does not work between a size and a whole number", "a size is compared with a size: `filesize(\"200MB\")`"],
    ["inputs.wait < 90", "inputs.wait < 90", "`<` does not work between a duration and a whole number", "a duration is compared with a duration: `duration(\"10m\")`"],
    ["inputs.build == \"8.1\"", "inputs.build == \"8.1\"", "`==` does not work between a version and text", "a version is compared with a version: `version(\"8.1.263.1\")`"],
    ["inputs.due < \"2007\"", "inputs.due < \"2007\"", "`<` does not work between a time and text", "a time is compared with a time: `timestamp(\"2007-11-20T09:00:00Z\")`"],
    ["inputs.kb < \"2\"", "inputs.kb < \"2\"", "text has no order", "for versions use `version(…)`, for numbers `int(…)`"],
    ["inputs.nodes.exists(n, n >= \"A\")", "n >= \"A\"", "text has no order", undefined],
    ["inputs.kb < steps.level.outputs.answer.a", "inputs.kb < steps.level.outputs.answer.a", "text has no order", undefined],
    ["steps.level.outputs.answer.a < steps.level.outputs.answer.b", "steps.level.outputs.answer.a < steps.level.outputs.answer.b", "`<` needs to know what it compares", undefined],
    ["inputs.count == \"3\"", "inputs.count == \"3\"", "`==` does not work between a whole number and text", undefined],
    ["inputs.on == \"true\"", "inputs.on == \"true\"", "`==` does not work between true or false and text", "`true` and `false` are written without quotes"],
    ["(inputs.count) == (\"3\")", "(inputs.count) == (\"3\")", "`==` does not work", undefined],
    ["steps.level.outputs.copies[0] == steps.level.outputs.copies[1]", "steps.level.outputs.copies[0] == steps.level.outputs.copies[1]", "`==` does not work between an object and an object", "compare parts of the objects"],
    ["inputs.kb && inputs.on", "inputs.kb", "`&&` joins conditions, and `inputs.kb` is text", undefined],
    ["!inputs.count", "!inputs.count", "`!` does not work on a whole number", undefined],
    ["inputs.kb ? 1 : 2", "inputs.kb", "`inputs.kb` is text and no condition", undefined],
    ["inputs.on ? 1 : \"a\"", "inputs.on ? 1 : \"a\"", "both answers of `? :` must be of one type, and these are a whole number and text", undefined],
    ["inputs.kb in [1]", "inputs.kb in [1]", "`in` does not work between text and a list (each a whole number)", undefined],
    ["[1, \"a\"] == []", "\"a\"", "all items must be of one type", undefined],
    ["inputs.nodes.contains(\"A\")", "inputs.nodes.contains(\"A\")", "`contains` does not work on a list (each text) and text", "ask each item: `list.all(x, …)`, `list.exists(x, …)`"],
    ["inputs.kb.matches(3)", "inputs.kb.matches(3)", "`matches` does not work on text and a whole number", undefined],
    ["inputs.kb.all(x, x == \"\")", "inputs.kb", "`all`, `exists`, `map` and `filter` go over a list", undefined],
    ["inputs.nodes[\"a\"]", "\"a\"", "`inputs.nodes` is a list and has no `a`", undefined],
    ["inputs.nodes.len()", "inputs.nodes.len()", "there is no function `len`", "use `size`"],
    ["lower(inputs.kb)", "lower(inputs.kb)", "there is no function `lower`", "use `x.lowerAscii()`"],
    ["contains(inputs.kb, \"9\")", "contains(inputs.kb, \"9\")", "there is no function `contains` of this form", "it is written `x.contains(…)`"],
    ["inputs.kb.startWith(\"9\")", "inputs.kb.startWith(\"9\")", "there is no function `startWith`", "did you mean `startsWith`?"],
    ["now() > inputs.due", "now()", "there is no function `now`", "there is no clock; `run.started` is when the run began"],
    ["inputs.kb.startsWith()", "inputs.kb.startsWith()", "`startsWith` takes one argument here, not 0", undefined],
    ["inputs.due.getHours(\"Europe/Berlin\") == 9", "inputs.due.getHours(\"Europe/Berlin\")", "`getHours` takes no argument here, not 1", undefined],
    ["inputs.wait > duration(\"90\")", "\"90\"", "\"90\" is no duration", undefined],
    ["inputs.free > filesize(\"30\")", "\"30\"", "\"30\" is no size", undefined],
    ["inputs.build > version(\"a b\")", "\"a b\"", "\"a b\" is no version", undefined],
    ["inputs.due > timestamp(\"2007-02-30T00:00:00Z\")", "\"2007-02-30T00:00:00Z\"", "is no time", undefined],
    ["inputs.kb.matches(\"(a\")", "\"(a\"", "`(a` is no regular expression", undefined],
    ["inputs.kb.matches(\"(?=a)\")", "\"(?=a)\"", "looks ahead or behind", undefined],
    ["inputs.arch == \"x46\"", "\"x46\"", "`inputs.arch` is never \"x46\"", "did you mean `x64`?"],
    ["\"x46\" != inputs.arch", "\"x46\"", "`inputs.arch` is never \"x46\"", undefined],
    ["inputs.node == \"nodea\"", "\"nodea\"", "`inputs.node` is in upper case", "write \"NODEA\""],
    ["inputs.host in [\"a\", \"B\"]", "\"B\"", "`inputs.host` is in lower case", "write \"b\""],
    ["\"nodea\" in inputs.nodes", "\"nodea\"", "`inputs.nodes` is in upper case", "write \"NODEA\""],
    ["inputs.node == inputs.host", "inputs.node == inputs.host", "one is a host name in lower case", undefined],
    ["inputs.nodes.all(inputs, true)", "inputs", "`inputs` is a name already", undefined],
    ["inputs.nodes.all(1, true)", "1", "a name is wanted here", undefined],
    ["3u == 3u", "3u", "bytes and unsigned numbers are not part of this language", undefined],
    ["type(inputs.kb)", "type(inputs.kb)", "a type is no value", undefined],
  ])("%s", (text, place, message, hint) => {
    const [first] = faultsOf(text);
    if (first === undefined) throw new Error("accepted");
    expect(first.message).toContain(message);
    expect(pointedAt(first)).toBe(place);
    if (hint !== undefined) expect(first.hint).toBe(hint);
  });

  test("every unknown name is reported at once, in the order of the text", () => {
    expect(faultsOf("inputs.a == 1 && inputs.b.matches(\"(\") && nix.c").map(pointedAt)).toEqual(["a", "b", "\"(\"", "nix"]);
  });

  test("a place is a place in the file, whatever the escapes", () => {
    const scalar = scatteredScalarOf("inputs.kb == 3");
    const result = compileExpression(scalar, SCOPE, "boolean");
    expect(result.kind === "error" && result.error[0]?.span).toMatchObject({ start: 1, end: 28 });
  });
});

describe("an expression is of the type that its place wants", () => {
  test.each<[string, Expected, string]>([
    ["inputs.kb", "boolean", "a condition is true or false, and this is text"],
    ["inputs.nodes", "boolean", "a condition is true or false, and this is a list (each text)"],
    ["inputs.kb", "list", "a list is expected here, and this is text"],
    ["inputs.env", "list", "a list is expected here, and this is a map"],
  ])("%s for %s", (text, expected, message) => {
    expect(faultsOf(text, expected)[0]?.message).toBe(message);
  });

  test.each<[string, Expected]>([["inputs.on", "boolean"], ["steps.level.outputs.answer.ok", "boolean"], ["inputs.nodes", "list"], ["[\"a\"]", "list"], ["steps.level.outputs.answer.nodes", "list"], ["inputs.env", "any"]])("%s may be %s", (text, expected) => {
    expect(faultsOf(text, expected)).toEqual([]);
  });
});

describe("an expression is bounded", () => {
  test.each([
    ["a long one", `inputs.kb == "${"a".repeat(10_000)}"`],
    ["a deep one", `${"(".repeat(200)}true${")".repeat(200)}`],
    ["one of many negations", `${"!".repeat(9_000)}true`],
    ["one of many parts", `1${" + 1".repeat(2_000)} == 1`],
    ["a long list", `[${"1,".repeat(2_000)}1]`],
  ])("%s is refused", (_, text) => {
    expect(faultsOf(text).map(({ code }) => code)).toEqual(["expression-too-large"]);
  });
});

test("nothing that an author writes makes it throw, and no word of the library comes through", () => {
  const leaf = fc.constantFrom("1", "2.5", "'x'", "true", "null", "[]", "{}", "inputs.kb", "inputs.build", "inputs.count", "inputs.ratio", "inputs.on", "inputs.free", "inputs.wait", "inputs.due", "inputs.nodes", "inputs.env", "steps.level.outputs.note", "steps.level.outputs.answer.votes", "steps.level.outputs.answer.list", "steps.level.outputs.copies", "has(inputs.env.A)", "x");
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof({ depthSize: "medium" }, leaf,
      fc.tuple(tie("text"), fc.constantFrom("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "in", "&&", "||"), tie("text")).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(fc.constantFrom("!", "-"), tie("text")).map(([operator, of]) => `${operator}(${of})`),
      fc.tuple(tie("text"), tie("text"), tie("text")).map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`),
      fc.tuple(fc.constantFrom("size", "string", "int", "double", "bool", "type", "dyn", "version", "duration", "filesize", "timestamp"), tie("text")).map(([name, of]) => `${name}(${of})`),
      fc.tuple(tie("text"), fc.constantFrom("contains", "matches", "split", "join", "indexOf", "substring"), tie("text")).map(([of, name, arg]) => `(${of}).${name}(${arg})`),
      fc.tuple(tie("text"), fc.constantFrom("all", "exists", "exists_one", "map", "filter"), tie("text")).map(([list, name, body]) => `(${list}).${name}(x, ${body})`),
      fc.tuple(tie("text"), tie("text")).map(([first, second]) => `[${first}, ${second}]`),
      fc.tuple(tie("text"), tie("text")).map(([of, index]) => `(${of})[${index}]`),
      fc.tuple(fc.constantFrom("(", ")", "..", "=", "?", "\"", "'", "\\", "#", "\0"), tie("text")).map(([noise, of]) => `${of}${noise}`),
    ),
  }));
  const foreign = /overload|dyn\b|undefined|InLinearTime|durationOf|record\d|Unexpected|token|_\d/;
  fc.assert(fc.property(text, (written) => {
    const result = compileExpression(scalarOf(written), SCOPE, "any");
    if (result.kind === "error") {
      expect(result.error.length).toBeGreaterThan(0);
      for (const { message } of result.error) expect(message.replace(/`[^`]*`/g, "")).not.toMatch(foreign);
      return;
    }
    for (const scope of [VALUES, {}]) {
      const outcome = evaluate(result.value, scope);
      if (outcome.kind === "not-known") expect(outcome.because.replace(/`[^`]*`/g, "")).not.toMatch(foreign);
      judge(result.value, scope);
    }
    factsOf(result.value);
    readsOf(result.value);
  }), { numRuns: 5_000 });
});

test("templates and expressions need no code made from text", () => {
  const program = `
    import { parseTemplate, renderText } from ${JSON.stringify(new URL("../../../src/interpreter/language/template.ts", import.meta.url))};
    import { compileExpression, evaluate } from ${JSON.stringify(new URL("../../../src/interpreter/language/expression.ts", import.meta.url))};
    import { scalarOf } from ${JSON.stringify(new URL("./scalar-of.ts", import.meta.url))};
    const scope = { lookup: (path) => (path.join(".") === "inputs.kb" ? { type: "string" } : undefined), namesAt: () => ["inputs"] };
    const values = { inputs: { kb: "9" } };
    console.log(renderText(parseTemplate(scalarOf("{{lower inputs.kb}}")).value, values).value, evaluate(compileExpression(scalarOf("inputs.kb.matches('^9$')"), scope, "any").value, values).value);
    try { new Function("return 1"); } catch (thrown) { console.log(thrown.name); }
  `;
  expect(execFileSync(process.execPath, ["--disallow-code-generation-from-strings", "--no-warnings", "--input-type=module", "-e", program], { encoding: "utf8" })).toBe("9 true\nEvalError\n");
});

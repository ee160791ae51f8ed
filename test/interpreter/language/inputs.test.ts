import { describe, expect, test } from "vitest";
import type { Runbook } from "../../../src/core/runbook.ts";
import { computeVars } from "../../../src/interpreter/language/inputs-vars.ts";
import { missingInputs, resolveInputs, type GivenValue, type InputSource } from "../../../src/interpreter/language/inputs.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";
import { runbookOf, shown, withOneStep } from "./project.ts";

const INPUTS = `inputs:
  kb: { pattern: '^[0-9]{6,7}$', examples: ["945684"], description: Number of the article }
  node: { format: netbios_name, description: A node }
  arch: { enum: [x64, x86], default: x64, description: Architecture }
  version: { default: "8.10", description: Stays text }
  limit: { type: duration, default: 10m, description: A limit }
  count: { type: integer, minimum: 1, maximum: 5, default: 2, description: A number }
  source: { format: file, default: ./packages, description: A folder }
  nodes: { type: list, items: { format: netbios_name }, default: [], description: Nodes }
  note: { description: A remark, required: false }
vars:
  file: KB{{inputs.kb}}-{{inputs.arch}}.msp
  same: "{{inputs.limit}}"
  of_run: "{{run.system}}/{{vars.file}}"
`;

const runbook: Runbook = runbookOf({ "main.yml": withOneStep(INPUTS) });

function texts(values: Readonly<Record<string, string>>): ReadonlyMap<string, GivenValue> {
  return new Map(Object.entries(values).map(([name, text]) => [name, { kind: "text", text }]));
}

function set(values: Readonly<Record<string, string>>): InputSource {
  return { origin: "--set", strict: "names-must-exist", values: texts(values), folder: "/work" };
}

/** The values of a file. */
function file(name: string, text: string, strict: InputSource["strict"]): InputSource {
  const { node } = parse({ name, text });
  const values = node?.kind === "map" ? node.entries.map(({ key, value }) => [key.text, { kind: "node", node: value } as const] as const) : [];
  return { origin: name, strict, values: new Map(values), folder: "/values" };
}

function resolved(...sources: readonly InputSource[]): Readonly<Record<string, unknown>> {
  const inputs = resolveInputs(runbook, sources);
  return inputs.kind === "ok" ? Object.fromEntries(inputs.value.map(({ name, value }) => [name, value])) : { faults: shown(inputs.error) };
}

function faults(...sources: readonly InputSource[]): readonly string[] {
  const inputs = resolveInputs(runbook, sources);
  return inputs.kind === "error" ? shown(inputs.error) : [];
}

const GIVEN = { kb: "945684", node: "nodea" };

describe("the inputs of a run", () => {
  test("come from the strongest source that has them, and say from which", () => {
    const inputs = resolveInputs(runbook, [set(GIVEN), { ...set({ kb: "1234567", arch: "x86" }), origin: "inventory" }]);
    expect(inputs.kind === "ok" && inputs.value.map(({ name, value, origin }) => `${name} = ${JSON.stringify(value)} from ${origin}`)).toEqual([
      'kb = "945684" from --set', 'node = "NODEA" from --set', 'arch = "x86" from inventory', 'version = "8.10" from default',
      'limit = "10m" from default', "count = 2 from default", 'source = "/project/packages" from default', "nodes = [] from default",
    ]);
  });

  test("are of the declared type whatever they looked like", () => {
    expect(resolved(set({ ...GIVEN, version: "8.10", limit: "90s", count: "3", nodes: '["a", "b"]' }))).toMatchObject({ version: "8.10", limit: "1m30s", count: 3, nodes: ["A", "B"] });
    expect(resolved(set(GIVEN), file("v.yml", "version: 8.10\nlimit: 60m\ncount: 3\nnodes: [a]\n", "names-must-exist"))).toMatchObject({ version: "8.10", limit: "1h", count: 3, nodes: ["A"] });
  });

  test("have files relative to what says them", () => {
    expect(resolved(set({ ...GIVEN, source: "a.msp" }))).toMatchObject({ source: "/work/a.msp" });
    expect(resolved(set(GIVEN), file("v.yml", "source: ../a.msp\n", "names-must-exist"))).toMatchObject({ source: "/a.msp" });
    expect(resolved(set({ ...GIVEN, source: "/srv/a.msp" }))).toMatchObject({ source: "/srv/a.msp" });
    expect(resolved({ origin: "x", strict: "names-must-exist", values: texts({ ...GIVEN, source: "a.msp" }) })).toMatchObject({ source: "a.msp" });
  });

  test("are left out where they are optional and nobody gives them", () => {
    expect(Object.keys(resolved(set(GIVEN)))).not.toContain("note");
  });

  test("are refused with what they must match, what came and from where", () => {
    expect(faults(set({ ...GIVEN, kb: "1; del *" }))).toEqual(["bad-input: `kb` must match ^[0-9]{6,7}$ — got `1; del *` (from --set)"]);
  });

  test("show all their faults at once, those of files with their place", () => {
    expect(faults(set({ kb: "94568", kbb: "1", count: "9" }), file("v.yml", "node: a.b\narch: x68\nunknown: 1\n", "names-must-exist"))).toEqual([
      "unknown-input: `main` has no input `kbb` (from --set)",
      "v.yml:3:10 unknown-input: `main` has no input `unknown` (from v.yml)",
      "bad-input: `kb` must match ^[0-9]{6,7}$ — got `94568` (from --set)",
      "v.yml:1:7 bad-input: `node`: expected the NetBIOS name of a machine: at most 15 letters, digits and `-`, no `.`, found the text \"a.b\" (from v.yml)",
      "v.yml:2:7 bad-input: `arch`: expected one of `x64`, `x86`, found the text \"x68\", did you mean `x64`? (from v.yml)",
      "bad-input: `count`: expected at most 5, found 9 (from --set)",
    ]);
  });

  test("of a list show the place of the item", () => {
    expect(faults(set(GIVEN), file("v.yml", "nodes: [a, b.c]\n", "names-must-exist"))).toEqual([expect.stringMatching(/^v\.yml:1:12 .*`nodes`: .*b\.c.*from v\.yml/)]);
  });

  test("that a weaker source gives wrongly are not looked at", () => {
    expect(faults(set(GIVEN), file("v.yml", "kb: wrong\n", "extra-names-allowed"))).toEqual([]);
  });

  test("may stand for other runbooks in an inventory", () => {
    expect(faults(set(GIVEN), file("inventory", "other: 1\n", "extra-names-allowed"))).toEqual([]);
  });

  test("that are missing are all listed, with what they are and how to give them", () => {
    const inputs = resolveInputs(runbook, []);
    expect(inputs.kind === "error" && inputs.error.map(({ message, hint }) => [message, hint])).toEqual([
      ["`kb` is not given: Number of the article", "--set kb=945684; or in a file of --values, in the inventory, or as RUNBOOK_INPUT_KB"],
      ["`node` is not given: A node", "--set node=VALUE; or in a file of --values, in the inventory, or as RUNBOOK_INPUT_NODE"],
    ]);
    const systems = [{ name: "lab", inputs: new Map([["kb", 1], ["node", 1]]) }, { name: "live", inputs: new Map([["node", 1]]) }];
    const unnamed = resolveInputs(runbook, [], "nobody", systems);
    expect(unnamed.kind === "error" && unnamed.error.map(({ hint }) => hint?.split(";")[0])).toEqual(["--system lab gives it", "--system NAME gives it: `lab`, `live`"]);
    expect(missingInputs(runbook, [set({ kb: "1" })]).map(({ name }) => name)).toEqual(["node"]);
  });

  test.each(["__proto__", "constructor"])("know no input %s", (name) => {
    expect(faults({ ...set(GIVEN), values: new Map([...texts(GIVEN), [name, { kind: "text", text: "x" }]]) })).toEqual([`unknown-input: \`main\` has no input \`${name}\` (from --set)`]);
  });
});

describe("an input that takes what was remembered", () => {
  const called = runbookOf({ "main.yml": withOneStep("inputs:\n  snapshot: { type: object, properties: { a: { type: string } }, remember: true, description: A snapshot }\n") });

  test("cannot be given by hand, nor asked for", () => {
    const given = resolveInputs(called, [{ origin: "--set", strict: "names-must-exist", values: texts({ snapshot: '{"a": "b"}' }) }]);
    expect(given.kind === "error" && shown(given.error)).toEqual(["not-remembered: `snapshot` takes only what a step of a run has remembered, so nobody can give it (from --set)"]);
    expect(missingInputs(called, [])).toEqual([]);
  });
});

describe("vars", () => {
  test("are computed in their order, and hand on values as they are", () => {
    const vars = computeVars(runbook, { kb: "945684", arch: "x64", limit: "1h" }, { system: "exclus1" });
    expect(vars).toEqual({ kind: "ok", value: { file: "KB945684-x64.msp", same: "1h", of_run: "exclus1/KB945684-x64.msp" } });
  });

  test("that have no value are all reported", () => {
    const vars = computeVars(runbook, { kb: "945684" }, { system: "exclus1" });
    expect(vars.kind === "error" && shown(vars.error).map((line) => line.split(": ")[1])).toEqual(["`file` has no value", "`same` has no value", "`of_run` has no value"]);
  });
});

import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";
import { type FileKind, fileKindOf, validate, wrongKind } from "../../../src/interpreter/language/validate.ts";
import { commentCutsScalar } from "../../../src/interpreter/language/validate-cut.ts";
import type { Node } from "../../../src/interpreter/language/node.ts";

function treeOf(text: string): Node {
  const { node } = parse({ name: "a.yml", text });
  if (node === undefined) throw new Error("no tree");
  return node;
}

function faultsIn(kind: FileKind, text: string): readonly string[] {
  return validate(kind, treeOf(text)).map(written);
}

/** `code: what it points at`. */
function written({ code, span }: Diagnostic): string {
  return `${code}: ${span?.source.text.slice(span.start, span.end) ?? ""}`;
}

/** A runbook around the steps of one line each. */
function runbook(...steps: readonly string[]): string {
  return `runbook: 1\nname: example\ntitle: Example\nsteps:\n${steps.map((step) => `  - ${step}\n`).join("")}`;
}

describe("the kind of a file", () => {
  test.each(["runbook", "inventory", "world", "texts", "config"])("%s is said by the first key", (kind) => {
    expect(fileKindOf(treeOf(`${kind}: 1\n`))).toBe(kind);
  });

  test.each(["name: x\nrunbook: 1\n", "rehearsal: 1\n", "- runbook\n", "runbook\n", "__proto__: 1\n"])("is none for %j", (text) => {
    expect(fileKindOf(treeOf(text))).toBeUndefined();
  });

  test("that is not the one wanted is said at the first key", () => {
    const diagnostic = wrongKind(treeOf("inventory: 1\nsystems: {}\n"), "runbook");
    expect(written(diagnostic)).toBe("wrong-kind: inventory");
    expect(diagnostic.message).toContain("`runbook: 1`");
  });
});

describe("a step", () => {
  test.each([
    ["{ id: a, uses: cluster.nodes }", []],
    ["{ id: a, uses: no.such_builtin, with: { a: b } }", []],
    ["{ id: a, uses: cluster.nodes, timeout: '{{inputs.limit}}', on-failure: '{{inputs.policy}}' }", []],
    ["{ id: a, uses: cluster.nodes, max-parallel: '{{inputs.n}}', for-each: inputs.list }", []],
    ["{ id: a, call: x.yml, with: { anything: [1, { b: c }] }, pass: [d] }", []],
    ["{ id: a, uses: run.program, with: { program: ls, args: '{{inputs.args}}' } }", []],
    ["{ id: a, uses: run.program, with: { program: ls, args: [a, '{{inputs.b}}'] } }", []],
    ["{ id: a, uses: cluster.nodes, uses_: b }", ["unknown-key: uses_"]],
    ["{ id: a, usse: cluster.nodes }", ["unknown-key: usse"]],
    ["{ id: a, shell: ls }", ["unknown-key: shell"]],
    ["{ id: a }", ["missing-key: { id: a }"]],
    ["{ id: a, uses: cluster.nodes, block: [{ id: b, uses: cluster.nodes }], expect: [] }", ["too-many-keys: block"]],
    ["{ id: a, call: x.yml, every: 5s }", ["key-out-of-place: every"]],
    ["{ id: '{{inputs.a}}', uses: cluster.nodes }", ["wrong-form: '{{inputs.a}}'"]],
    ["{ id: a, uses: '{{inputs.a}}' }", ["no-template: '{{inputs.a}}'"]],
    ["{ id: a, uses: cluster.nodes, timeout: 0 }", ["wrong-form: 0"]],
    ["{ id: a, uses: cluster.nodes, timeout: 1h 30m }", ["wrong-form: 1h 30m"]],
    ["{ id: a, uses: cluster.nodes, if: { a: b } }", ["wrong-shape: { a: b }"]],
    ["{ id: a, uses: human.approve, with: { question: Go?, approvers: [x], count: 1, not-operator: true, expires: 1h } }", []],
    ["{ id: a, uses: human.approve, with: { question: Go?, not_operator: true, expires: 10 } }", ["unknown-input: not_operator", "wrong-form: 10"]],
    ["{ id: a, uses: human.confirm, with: { question: Go?, approvers: [x] } }", ["unknown-input: approvers"]],
  ])("%s", (step, faults) => {
    expect(faultsIn("runbook", runbook(step))).toEqual(faults);
  });

  test("deep inside others is looked at like any other", () => {
    const inner = "{ id: c, uses: cluster.nodes, when: x }";
    const text = runbook(`{ id: a, block: [{ id: b, block: [${inner}], rescue: [{ id: d, uses: cluster.nodes, when: y }], after-rescue: stop }], always: [{ id: e, usez: cluster.nodes }] }`);
    expect(faultsIn("runbook", text)).toEqual(["unknown-key: when", "unknown-key: when", "unknown-key: usez"]);
  });

  test("that a reference brings into the file twice has its fault told once", () => {
    expect(faultsIn("runbook", runbook("{ id: a, uses: cluster.nodes, retry: &r { attempts: x } }", "{ id: b, uses: cluster.nodes, retry: *r }"))).toEqual(["wrong-form: x"]);
  });
});

describe("an id", () => {
  test.each(["__proto__", "2nd", "Copy", "copy-it", "in", "this", "ä"])("%s is refused", (id) => {
    expect(faultsIn("runbook", runbook(`{ id: ${id}, uses: cluster.nodes }`))).toHaveLength(1);
  });

  test.each(["constructor", "to_string", "a", "a1_b2", "local"])("%s is fine", (id) => {
    expect(faultsIn("runbook", runbook(`{ id: ${id}, uses: cluster.nodes }`))).toEqual([]);
  });

  test("stands once in a file, whatever it is called", () => {
    expect(faultsIn("runbook", runbook("{ id: constructor, uses: cluster.nodes }", "{ id: constructor, uses: cluster.nodes }"))).toEqual(["duplicate-id: constructor"]);
  });
});

describe("a comment behind a plain value", () => {
  test.each([
    ["a: b # c", true],
    ["a: b\t# c", true],
    ["a: b#c", false],
    ["a: 'b' # c", false],
    ["a: b\n# c", false],
    ["a: # c", false],
  ])("%j may have cut it: %s", (text, cuts) => {
    const node = treeOf(`${text}\n`);
    const value = node.kind === "map" ? node.entries[0]?.value : undefined;
    expect(value?.kind === "scalar" && commentCutsScalar(value)).toBe(cuts);
  });

  test.each(["inputs.a == \"b #c\"", "f(inputs.a, #b)", "inputs.a && # b", "inputs.a in # b", "inputs.a == 'it #1'"])("cuts %s, which is no whole expression", (condition) => {
    expect(faultsIn("runbook", `runbook: 1\nname: a\ntitle: A\nsteps:\n  - id: a\n    uses: cluster.nodes\n    if: ${condition}\n`)).toEqual([`needs-quotes: ${condition.slice(0, condition.indexOf(" #")).trimEnd()}`]);
  });
});

describe("a long file", () => {
  const steps = Array.from({ length: 10_000 }, (_, index) => `{ id: s${index}, uses: cluster.nodes, when: x }`);

  test("of 10,000 faulty steps has 10,000 faults, in their order", () => {
    const diagnostics = validate("runbook", treeOf(runbook(...steps)));
    expect(diagnostics).toHaveLength(10_000);
    expect(diagnostics.map(({ span }) => span?.start ?? 0)).toEqual(diagnostics.map(({ span }) => span?.start ?? 0).toSorted((a, b) => a - b));
  });
});

describe("words of the validator's library", () => {
  test("never reach a message", () => {
    const text = "runbook: 3\nname: [1]\ntitle: { a: b }\ninputs: { a: { type: list, minimum: x } }\nsteps: [a, [b], { id: c, uses: check, with: 1 }, { block: [] }]\nlock: {}\n";
    for (const { message, hint } of validate("runbook", treeOf(text))) {
      expect(`${message} ${hint ?? ""}`).not.toMatch(/\bmust\b|schema|propert(?:y|ies)|array|object|#\/|instance/);
    }
  });
});

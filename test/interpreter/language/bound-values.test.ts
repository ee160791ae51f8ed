import { expect, test } from "vitest";
import type { Scope } from "../../../src/core/runbook.ts";
import { bindInputs } from "../../../src/interpreter/plan/bind.ts";
import { runbookOf } from "./project.ts";

const HEAD = "runbook: 1\nname: main\ntitle: Main\n";

/** What the first step's builtin is given, with these values in reach. */
function given(text: string, scope: Scope): unknown {
  const body = runbookOf({ "main.yml": HEAD + text }).steps[0]?.body;
  if (body?.kind !== "leaf") throw new Error("the first step is no leaf");
  const bound = bindInputs(body.with, body.builtin.inputs, scope, new Map());
  return bound.kind === "ok" ? bound.values : bound;
}

const copyFrom = (from: string): string => `inputs:\n  name: { description: d }\nsteps:\n  - { id: a, uses: file.copy, target: local, with: { from: ${from}, to: /srv/a } }\n`;

test.each([
  ["a template that gives a relative file", '"packages/{{inputs.name}}.msp"', "/project/packages/kb.msp"],
  ["a template that is nothing but a value", '"{{inputs.name}}"', "/project/kb"],
  ["a template that gives an absolute file", '"/srv/{{inputs.name}}"', "/srv/kb"],
  ["a literal", "packages/a.msp", "/project/packages/a.msp"],
])("%s means a file beside the runbook", (_case, from, expected) => {
  expect(given(copyFrom(from), { inputs: { name: "kb" } })).toMatchObject({ from: expected });
});

test("what is missing in a `because` of `check` prints as a dash", () => {
  const text = "inputs:\n  owner: { required: false, description: d }\nsteps:\n  - { id: a, uses: check, with: { that: 1 == 2, because: \"{{inputs.owner}} holds it\" } }\n";
  expect(given(text, { inputs: {} })).toMatchObject({ because: "– holds it" });
});

import { describe, expect, test } from "vitest";
import type { Leaf, Step } from "../../../src/core/runbook.ts";
import { runbookOf } from "./project.ts";

const HEAD = `runbook: 1
name: main
title: Main
inputs:
  node: { format: netbios_name, description: A node }
  other: { format: netbios_name, description: Another node }
  build: { format: version, default: 8.10, description: A build }
targets:
  node: { address: "{{inputs.node}}" }
  other: { address: "{{inputs.other}}" }
`;

function stepsOf(yaml: string): readonly Step[] {
  return runbookOf({ "main.yml": `${HEAD}${yaml}` }).steps;
}

function leafOf(step: Step | undefined): Leaf {
  if (step?.body.kind !== "leaf") throw new Error("no leaf");
  return step.body;
}

function bindingOf(leaf: Leaf, name: string): unknown {
  return leaf.with.find((entry) => entry.name === name)?.binding;
}

describe("a lowered runbook", () => {
  test("keeps what is written as it is written, and brings values to their one form", () => {
    const runbook = runbookOf({ "main.yml": `${HEAD}steps:\n  - id: copy\n    uses: exchange.copy_status\n    target: node\n    with: { identity: exclus1, max_copy_queue: 3 }\n    timeout: 90m\n` });
    expect(runbook.inputs.find(({ name }) => name === "build")?.schema).toMatchObject({ default: "8.10" });
    const [step] = runbook.steps;
    expect(bindingOf(leafOf(step), "max_copy_queue")).toMatchObject({ kind: "literal", value: 3 });
    expect(step?.timeout?.template.text).toBe("90m");
  });

  test("gives leaves the target of the file, of a block, or their own; `local` undoes it, and a person has none", () => {
    const [first, block, last, person] = stepsOf(`target: node
steps:
  - id: first
    uses: cluster.quorum
  - id: around
    target: other
    block:
      - id: inner
        uses: cluster.quorum
      - id: own
        uses: cluster.quorum
        target: node
      - id: here
        uses: cluster.quorum
        target: local
  - id: last
    uses: file.stat
    with: { path: /srv/a }
  - id: person
    uses: human.confirm
    with: { question: Is it so? }
`);
    expect(leafOf(first).target).toMatchObject({ kind: "named", name: "node" });
    const inner = block?.body.kind === "block" ? block.body.steps.map((step) => leafOf(step).target) : [];
    expect(inner).toMatchObject([{ kind: "named", name: "other" }, { kind: "named", name: "node" }, { kind: "local" }]);
    expect(leafOf(last).target).toMatchObject({ kind: "named", name: "node" });
    expect(leafOf(person).target).toEqual({ kind: "none" });
  });

  test("lets what only reads act on this machine where no target is named", () => {
    const [look] = stepsOf("steps:\n  - id: look\n    uses: file.stat\n    with: { path: /srv/a }\n");
    expect(leafOf(look).target).toEqual({ kind: "local" });
  });

  test("makes a file that a step names absolute, from the folder of the runbook", () => {
    const [copy] = stepsOf("steps:\n  - id: copy\n    uses: file.copy\n    target: local\n    with: { from: ./packages/a.msp, to: 'C:\\a.msp' }\n");
    expect(bindingOf(leafOf(copy), "from")).toMatchObject({ value: "/project/packages/a.msp" });
    expect(bindingOf(leafOf(copy), "to")).toMatchObject({ value: "C:\\a.msp" });
  });

  test("lets a reading act where the step's leaves do unless it says another place", () => {
    const step = (target: string): string => `target: node\nsteps:\n  - id: by_hand\n    uses: human.do\n    with:\n      instructions: Do it.\n      done-when: { uses: file.stat, ${target}with: { path: /srv/a }, that: outputs.exists }\n`;
    const readingOf = (yaml: string): unknown => {
      const binding = leafOf(stepsOf(yaml)[0]).with.find(({ name }) => name === "done-when")?.binding;
      return binding?.kind === "reading" ? binding.reading.target : undefined;
    };
    expect(readingOf(step(""))).toMatchObject({ kind: "named", name: "node" });
    expect(readingOf(step("target: local, "))).toEqual({ kind: "local" });
  });

  test.each([
    ["reads", "uses: cluster.quorum", true],
    ["changes by an action", "uses: file.copy\n    with: { from: a, to: /srv/a }", false],
    ["changes by a person", "uses: human.do\n    with: { instructions: Do it. }", false],
    ["reads by its literal", "uses: run.powershell\n    with: { script: Get-Date, effect: reads }", true],
    ["disrupts by its default", "uses: run.powershell\n    with: { script: Get-Date }", false],
  ])("knows of a step that it %s", (_what, yaml, reads) => {
    const target = yaml.includes("human.") ? "" : "    target: local\n";
    expect(leafOf(stepsOf(`steps:\n  - id: it\n    ${yaml}\n${target}`)[0]).reads).toBe(reads);
  });

  test("puts vars in the order in which they need each other, with the types of what they hand on", () => {
    const { vars } = runbookOf({ "main.yml": `${HEAD}vars:\n  third: "{{vars.second}}!"\n  second: "{{vars.first}}"\n  first: "{{inputs.build}}"\nsteps:\n  - id: look\n    uses: cluster.quorum\n    target: local\n` });
    expect(vars.map(({ name }) => name)).toEqual(["first", "second", "third"]);
    expect(vars.map(({ schema }) => ("format" in schema ? schema.format : undefined))).toEqual(["version", "version", undefined]);
  });

  test("types the outputs of a called file for its caller, and marks what may be absent", () => {
    const part = "runbook: 1\nname: part\ntitle: Part\nsteps:\n  - id: look\n    uses: cluster.quorum\n    target: local\n  - id: maybe\n    if: run.simulated\n    uses: cluster.quorum\n    target: local\noutputs:\n  votes: steps.look.outputs.votes\n  maybe: steps.maybe.outputs.votes\n";
    expect(runbookOf({ "main.yml": part }).outputSchemas).toMatchObject({ votes: { type: "integer", required: true }, maybe: { type: "integer", required: false } });
  });

  test("hands on inputs by `pass` as `with` would", () => {
    const part = "runbook: 1\nname: part\ntitle: Part\ninputs:\n  build: { format: version, description: A build }\nsteps:\n  - id: look\n    uses: cluster.quorum\n    target: local\n";
    const { steps } = runbookOf({ "main.yml": `${HEAD}steps:\n  - id: go\n    call: ./part.yml\n    pass: [build]\n`, "part.yml": part });
    expect(steps[0]?.body).toMatchObject({ kind: "call", with: [{ name: "build", binding: { kind: "template", template: { parts: [{ kind: "value", value: { kind: "path", path: ["inputs", "build"] } }] } } }] });
  });
});

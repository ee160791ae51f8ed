import { expect, test } from "vitest";
import { builtins } from "../../src/builtins/index.ts";
import { error, ok } from "../../src/core/result.ts";
import { loadRunbook } from "../../src/interpreter/language/load.ts";

const FILE = "/project/example.yml";

/** What the examples may name without saying it. */
const HEAD = `runbook: 1
name: example
title: Example
inputs:
  cms: { format: netbios_name, description: The mailbox server }
  node_a: { format: netbios_name, description: One node }
  node_b: { format: netbios_name, description: The other node }
  build: { format: version, description: The build }
  comment: { description: Why, default: because }
targets:
  node_a: { address: "{{inputs.node_a}}" }
  node_b: { address: "{{inputs.node_b}}" }
steps:
`;

/** Steps that an example may refer to. */
const BEFORE: Readonly<Record<string, string>> = {
  services_before: "  - id: services_before\n    uses: windows.services_snapshot\n    target: node_b\n    remember: true\n",
  revocation: "  - id: revocation\n    uses: windows.revocation_check\n    target: node_b\n    remember: true\n",
  databases_before: "  - id: databases_before\n    uses: exchange.databases\n    target: node_b\n    with: { identity: EXCLUS1 }\n    remember: true\n",
  install: "  - id: install\n    uses: exchange.install_rollup\n    target: node_b\n    with: { file: 'D:\\ur\\a.msp', build: 8.1.263.1, mailbox_server: EXCLUS1 }\n",
};

function runbookOf(yaml: string): string {
  const needed = Object.entries(BEFORE).filter(([id]) => yaml.includes(`steps.${id}.`)).map(([, step]) => step);
  return `${HEAD}${needed.join("")}${yaml.trimEnd().split("\n").map((line) => `  ${line}\n`).join("")}`;
}

test.each([...builtins.values()].flatMap(({ name, examples }) => examples.map(({ title, yaml }) => [name, title, yaml] as const)))("%s: the example \"%s\" is a legal step", (_name, _title, yaml) => {
  const text = runbookOf(yaml);
  const files = { read: (path: string) => (path === FILE ? ok(text) : error("there is no such file")) };
  const { diagnostics } = loadRunbook(FILE, "example.yml", { files, registry: builtins, projectFolder: "/project" });
  expect(diagnostics.map(({ message, span }) => `${message}: ${span === undefined ? "" : text.slice(span.start, span.end)}`)).toEqual([]);
});

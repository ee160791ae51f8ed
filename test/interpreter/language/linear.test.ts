import { expect, test } from "vitest";
import { builtins } from "../../../src/builtins/index.ts";
import type { AnyBuiltin } from "../../../src/core/builtin.ts";
import { declareFile } from "../../../src/interpreter/language/lower-declare.ts";
import { indexSteps } from "../../../src/interpreter/language/lower-index.ts";
import { stepMembers } from "../../../src/interpreter/language/lower-members.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";
import { load } from "./project.ts";

/** So many steps, each of which reads the one before it; `read` is the name that each asks for. */
function steps(count: number, read: (index: number) => string): string {
  const lines = ["runbook: 1", "name: many", "title: Many", "target: local", "steps:"];
  for (let i = 0; i < count; i += 1) {
    lines.push(`  - id: s${i}`, `    title: "{{default steps.${read(i)}.outputs.votes 0}} votes"`, "    uses: cluster.quorum");
    lines.push("    expect:", "      - that: outputs.votes > 1", "        because: \"{{outputs.votes}} votes\"");
    if (i > 0) lines.push(`    if: steps.${read(i)}.done && steps.${read(i)}.outputs.votes > 1`);
  }
  return `${lines.join("\n")}\n`;
}

/** How often anything of the builtin is looked at while a file of so many steps is checked. */
function looksFor(count: number, read: (index: number) => string): number {
  let looks = 0;
  const counted = <T extends object>(value: T): T => new Proxy(value, {
    get: (object, key): unknown => {
      looks += 1;
      const found: unknown = Reflect.get(object, key);
      return typeof found === "object" && found !== null ? counted(found) : found;
    },
    ownKeys: (object) => {
      looks += 1;
      return Reflect.ownKeys(object);
    },
  });
  const quorum = builtins.get("cluster.quorum");
  const registry = new Map<string, AnyBuiltin>(quorum === undefined ? [] : [["cluster.quorum", counted(quorum)]]);
  load({ "main.yml": steps(count, read) }, registry);
  return looks;
}

test.each([
  ["of a sound file", (index: number): string => `s${Math.max(0, index - 1)}`],
  ["of a file with a fault in every step", (index: number): string => `t${index}`],
])("the work for a step %s does not grow with the file", (_what, read) => {
  const few = looksFor(50, read);
  const many = looksFor(500, read);
  expect(few).toBeGreaterThan(50);
  expect(many / few).toBeLessThan(10.5);
});

test("a misspelt step is looked for among those near by, not in the whole file", () => {
  const { node } = parse({ name: "main.yml", text: steps(2_000, (index) => `s${Math.max(0, index - 1)}`) });
  if (node?.kind !== "map") throw new Error("no mapping");
  const members = stepMembers(indexSteps(declareFile(node)), { outputs: new Map(), items: new Map(), facts: new Map() });
  const names = members.names("s1000");
  expect(names.length).toBe(400);
  expect(names).toContain("s1001");
  expect(names).not.toContain("s1");
  expect(members.of("s1")).toBeDefined();
});

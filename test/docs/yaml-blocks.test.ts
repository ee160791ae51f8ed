import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins/index.ts";
import type { Diagnostic } from "../../src/core/diagnostic.ts";
import { loadRunbook, type Files } from "../../src/interpreter/language/load.ts";
import type { Node } from "../../src/interpreter/language/node.ts";
import { parse } from "../../src/interpreter/language/parse.ts";
import { fileKindOf, validate } from "../../src/interpreter/language/validate.ts";
import { blocksIn, PAGES, type CodeBlock } from "./blocks.ts";
import { valueOf } from "../../src/interpreter/language/value-of.ts";
import { checkWorld } from "../../src/simulator/check-world.ts";
import { WORLD_SCHEMA, type WorldFile } from "../../src/simulator/world-schema.ts";
import { PROJECT } from "./project.ts";

/** What is wrong with a world: a key or a value, or a world that contradicts itself. */
function faultsOfWorld(node: Node): readonly Diagnostic[] {
  const { value, diagnostics } = valueOf(node, WORLD_SCHEMA);
  if (value === undefined || diagnostics.length > 0) return diagnostics;
  return checkWorld(value as WorldFile).map(({ path, message }) => ({ code: "bad-world", severity: "error", message: `${path.join(".")}: ${message}` }));
}

/** What the checker says of a block: runbooks and worlds are checked whole, any other file for its structure. */
function faultsOf(block: CodeBlock): readonly Diagnostic[] {
  const file = join(PROJECT, "examples", "from-the-manual.yml");
  const { node, diagnostics } = parse({ name: block.place, text: block.text });
  const kind = node === undefined ? undefined : fileKindOf(node);
  if (node === undefined || diagnostics.length > 0) return diagnostics;
  if (kind === undefined) return [{ code: "no-kind", severity: "error", message: "the first key says no kind of file; write such a piece as ```text" }];
  if (kind === "world") return faultsOfWorld(node);
  if (kind !== "runbook") return validate(kind, node);
  const files: Files = { read: (path) => (path === file ? { kind: "ok", value: block.text } : { kind: "error", error: "the manual's runbooks call no other file" }) };
  return loadRunbook(file, block.place, { files, registry: builtins, projectFolder: PROJECT }).diagnostics;
}

const BLOCKS = blocksIn("yaml");

describe("the YAML of the manual", () => {
  test("is found in the manual's own page of the language", () => {
    expect(PAGES).toContain("docs/language.md");
    expect(BLOCKS.filter(({ place }) => place.startsWith("docs/language.md")).length).toBeGreaterThan(3);
  });

  test.each(BLOCKS.map((block) => [block.place, block] as const))("%s is without a fault", (_place, block) => {
    expect(faultsOf(block).map(({ code, message, hint }) => ({ code, message, hint }))).toEqual([]);
  });
});

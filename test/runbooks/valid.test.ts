import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/interpreter/language/parse.ts";
import { fileKindOf, validate } from "../../src/interpreter/language/validate.ts";
import { PROJECT } from "../docs/project.ts";
import { loadedFile } from "./loaded.ts";

const FILES = [...globSync("runbooks/**/*.yml", { cwd: PROJECT }), ...globSync("examples/*.yml", { cwd: PROJECT })]
  .filter((file) => !/\.ja\.yml$|inventory\.yml$|\.rehearsal\.yml$/.test(file))
  .toSorted();

describe("the shipped runbooks", () => {
  test("are found", () => {
    expect(FILES).toContain("runbooks/ccr-rollup.yml");
    expect(FILES).toContain("examples/publish-page.yml");
  });

  test.each(FILES)("%s is without a fault or a warning", (file) => {
    expect(loadedFile(file).diagnostics.map(({ code, message, hint }) => ({ code, message, hint }))).toEqual([]);
  });
});

describe("the project's other files", () => {
  test.each(["runbook.config.yml", "examples/inventory.yml", "examples/here.inventory.yml", "examples/postgres.inventory.yml"])("%s is without a fault", (file) => {
    const { node, diagnostics } = parse({ name: file, text: readFileSync(join(PROJECT, file), "utf8") });
    const kind = node === undefined ? undefined : fileKindOf(node);
    expect(diagnostics).toEqual([]);
    expect(kind).toBeDefined();
    if (node !== undefined && kind !== undefined) expect(validate(kind, node)).toEqual([]);
  });
});

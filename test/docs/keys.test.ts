import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KEYS_PAGE, keysPage } from "../../scripts/generate-keys.ts";
import { builtins } from "../../src/builtins/index.ts";
import { composeGrammars } from "../../src/interpreter/language/compose-schema.ts";

const LANGUAGE = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");

test("the page of keys is what the schemas say (`npm run generate`)", () => {
  expect(readFileSync(KEYS_PAGE, "utf8")).toBe(keysPage(builtins));
});

const records = composeGrammars(builtins, { type: "object", properties: {} })
  .filter(({ root }) => root !== "world")
  .flatMap((grammar) => grammar.records.filter(({ name }) => !name.includes(".")));

test.each(records)("the manual names every key of $title", ({ keys }) => {
  expect(Object.keys(keys).filter((key) => !LANGUAGE.includes(`\`${key}\``) && !LANGUAGE.includes(`\`.${key}\``) && !LANGUAGE.includes(`\`${key}: `))).toEqual([]);
});

const LATER = ["runbook lint", "runbook fmt", "runbook rehearse"];

test.each(["language.md", "keys.md", "add-a-builtin.md", "worlds.md", "running.md", "five-minute-start.md", "secrets.md"])("%s speaks of nothing that this version lacks", (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8").replace(/^## Not in this version\n[\s\S]*?(?=^## |(?![\s\S]))/m, "");
  expect(LATER.filter((word) => text.includes(word))).toEqual([]);
});

test.each([...builtins.values()])("the page of $name speaks of nothing that this version lacks", ({ docs, undo, examples }) => {
  const text = [docs, undo ?? "", ...examples.map(({ yaml }) => yaml)].join("\n");
  expect(LATER.filter((word) => text.includes(word))).toEqual([]);
});

test.each([...builtins.values()])("every input and output of $name is described", ({ inputs, outputs }) => {
  const silent = [...Object.entries(inputs), ...Object.entries(outputs)].filter(([, schema]) => (schema.description ?? "").trim() === "");
  expect(silent.map(([name]) => name)).toEqual([]);
});

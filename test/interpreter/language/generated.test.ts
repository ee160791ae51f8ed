import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { generateSchemas } from "../../../scripts/generate-schemas.ts";
import { builtins } from "../../../src/builtins/index.ts";
import { WORLD_SCHEMA } from "../../../src/simulator/world-schema.ts";

const ROOT = join(import.meta.dirname, "../../..");
const files = await generateSchemas(builtins, WORLD_SCHEMA);

/** A record inside of a builtin's inputs: what it is, the input says. */
const PARTS = /^with\.\w+\.\w+\./;

/** What an editor would use: the published schema over YAML's own types. */
function published(kind: string): ValidateFunction {
  const file = files.find(({ path }) => path === `schema/${kind}.schema.json`);
  return new Ajv({ strict: false }).compile(JSON.parse(file?.text ?? "") as object);
}

function yamlOf(name: string): unknown {
  return parseYaml(readFileSync(join(ROOT, "test/cases/language", `${name}.yml`), "utf8"));
}

describe("what is generated", () => {
  test.each(files.map((file) => [file.path, file] as const))("%s is what lies in the repository", (path, file) => {
    expect(readFileSync(join(ROOT, path), "utf8") === file.text, "run `node scripts/generate.ts`").toBe(true);
  });

  test("is the same for builtins in any order", async () => {
    expect(await generateSchemas(new Map([...builtins].toReversed()), WORLD_SCHEMA)).toEqual(files);
  });

  test("makes no code at run time and needs no package", () => {
    const validators = files.find(({ path }) => path.endsWith("validators.js"))?.text ?? "";
    expect(validators).not.toMatch(/\brequire\(|\bimport\b|new Function|\beval\(/);
  });
});

describe("the published schema of a runbook", () => {
  const accepts = published("runbook");

  test.each(["sound", "text-stays-text", "anchors"])("accepts what the language accepts: %s", (name) => {
    accepts(yamlOf(name));
    expect(accepts.errors).toBeNull();
  });

  test.each(["unknown-keys", "peer-words-ansible", "wrong-shapes", "wrong-forms", "missing-keys", "exactly-one", "out-of-place", "builtin-inputs", "names", "empty-lists", "version"])("refuses what the language refuses: %s", (name) => {
    expect(accepts(yamlOf(name))).toBe(false);
  });

  test("describes every key that an author may write", () => {
    const { definitions } = JSON.parse(files.find(({ path }) => path === "schema/runbook.schema.json")?.text ?? "") as { definitions: Record<string, { properties?: Record<string, { description?: string }> }> };
    const silent = Object.entries(definitions).flatMap(([name, { properties }]) =>
      Object.entries(name === "uses" || name === "types" || PARTS.test(name) ? {} : (properties ?? {})).filter(([, { description }]) => description === undefined).map(([key]) => `${name}.${key}`));
    expect(silent).toEqual([]);
  });
});

describe("the other published schemas", () => {
  test.each(["inventory", "texts", "config"])("%s refuses what the language refuses", (kind) => {
    expect(published(kind)(yamlOf(kind))).toBe(false);
  });

  test("accept what the language accepts", () => {
    expect(published("inventory")({ inventory: 1, systems: { exclus1: { inputs: { n: 3 }, transports: { default: { kind: "simulated", world: "a.yml" } } } } })).toBe(true);
    expect(published("config")({ config: 1, runbooks: "runbooks", system: "exclus1" })).toBe(true);
    expect(published("texts")({ texts: 1, language: "ja", of: "a.yml", steps: { a: { title: "題", because: ["一"] } } })).toBe(true);
  });
});

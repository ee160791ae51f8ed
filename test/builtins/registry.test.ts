import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUILTINS_FOLDER, builtinsIndex } from "../../scripts/generate-builtins-index.ts";
import { builtins } from "../../src/builtins/index.ts";
import { effectOf } from "../../src/core/builtin.ts";
import { INTERPRETER_CODES } from "../../src/core/failure.ts";
import type { Properties, Schema } from "../../src/core/schema.ts";

test("the index lists every builtin that lies in the folder", () => {
  expect(readFileSync(join(BUILTINS_FOLDER, "index.ts"), "utf8")).toBe(builtinsIndex(BUILTINS_FOLDER));
});

test("no name is used twice", () => {
  const imports = [...builtinsIndex(BUILTINS_FOLDER).matchAll(/^import \{ (\w+) \} from/gm)];
  expect(builtins.size).toBe(imports.length);
});

/** Every schema below some properties, with its path. */
function schemasOf(properties: Properties, path = ""): readonly (readonly [string, Schema])[] {
  return Object.entries(properties).flatMap(([name, schema]) => [[`${path}${name}`, schema] as const, ...(schema.type === "object" ? schemasOf(schema.properties, `${path}${name}.`) : [])]);
}

describe.each([...builtins.values()].map((builtin) => [builtin.name, builtin] as const))("%s", (name, builtin) => {
  test("stands in the file of its name", () => {
    const [area = "", short = area] = name.split(".");
    expect(readFileSync(join(BUILTINS_FOLDER, area, `${short.replaceAll("_", "-")}.ts`), "utf8")).toContain(`name: "${name}"`);
  });

  test("says in one line what it does, and at more length when to use it", () => {
    expect(builtin.title).toMatch(/^[A-Z].*[^.\s]$/);
    expect(builtin.docs.length).toBeGreaterThan(builtin.title.length);
    expect(builtin.examples.length).toBeGreaterThan(0);
  });

  test("describes every input", () => {
    const silent = schemasOf(builtin.inputs).filter(([path, schema]) => !path.includes(".") && schema.description === undefined);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test("uses it in each of its examples", () => {
    for (const { yaml } of builtin.examples) expect(yaml).toMatch(new RegExp(`^- id: [a-z][a-z0-9_]*\\n(?:.*\\n)*?  uses: ${name.replace(".", "\\.")}$`, "m"));
  });

  test("says how a change is undone", () => {
    expect(effectOf(builtin) === "reads" || builtin.undo !== undefined).toBe(true);
  });

  test("ends by itself", () => {
    expect(builtin.timeoutMs).toBeGreaterThan(0);
    expect(builtin.timeoutMs).toBeLessThanOrEqual(24 * 3_600_000);
  });

  test("does not take a code of the interpreter for its own", () => {
    expect(Object.keys(builtin.codes).filter((code) => Object.hasOwn(INTERPRETER_CODES, code))).toEqual([]);
  });
});

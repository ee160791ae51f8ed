import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/interpreter/language/parse.ts";
import { fileKindOf, validate, wrongKind } from "../../src/interpreter/language/validate.ts";
import { renderFrames } from "../../src/views/frame.ts";

const FOLDER = join(import.meta.dirname, "language");

/** What the screen says of a file's structure. `UPDATE_CASES=1 npx vitest run test/cases/language.test.ts` writes the screens anew; read what changed. */
function screenOf(name: string): string {
  const { node, diagnostics } = parse({ name, text: readFileSync(join(FOLDER, name), "utf8") });
  const kind = node === undefined ? undefined : fileKindOf(node);
  const structure = node === undefined ? [] : kind === undefined ? [wrongKind(node, "runbook")] : validate(kind, node);
  const all = [...diagnostics, ...structure].toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  return all.length === 0 ? "nothing is wrong\n" : `${renderFrames(all)}\n`;
}

const CASES = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));

describe("the screen that a file's faults give", () => {
  test("is known for every case, and for nothing else", () => {
    const screens = readdirSync(FOLDER).filter((name) => name.endsWith(".txt")).map((name) => name.replace(/\.txt$/, ".yml"));
    if (process.env["UPDATE_CASES"] === undefined) expect(screens).toEqual(CASES);
  });

  test.each(CASES)("%s", (name) => {
    const expected = join(FOLDER, name.replace(/\.yml$/, ".txt"));
    const screen = screenOf(name);
    if (process.env["UPDATE_CASES"] !== undefined) writeFileSync(expected, screen);
    expect(screen).toBe(readFileSync(expected, "utf8"));
  });
});

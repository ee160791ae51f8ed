import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REFERENCE_FOLDER, referencePages } from "../../scripts/generate-reference.ts";
import { builtins } from "../../src/builtins/index.ts";

const pages = referencePages(builtins);

test("the reference has one page for each builtin, and no other", () => {
  expect(readdirSync(REFERENCE_FOLDER).toSorted()).toEqual([...pages.keys()].toSorted());
});

test.each([...pages])("%s is what the builtins say (`npm run generate`)", (file, text) => {
  expect(readFileSync(join(REFERENCE_FOLDER, file), "utf8")).toBe(text);
});

test("a table's cell cannot end its row", () => {
  const [builtin] = builtins.values();
  if (builtin === undefined) throw new Error("there is no builtin");
  const page = referencePages(new Map([["x", { ...builtin, codes: { odd: "one | two\nthree" } }]])).get(`${builtin.name}.md`);
  expect(page).toContain("| `odd` | one \\| two three |");
});

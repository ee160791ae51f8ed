import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { assert, constantFrom, array, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, parseWithLibrary } from "../../../src/interpreter/language/parse.ts";
import { readSimple } from "../../../src/interpreter/language/parse-simple.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const FILES = globSync(["runbooks/**/*.yml", "examples/**/*.yml", "test/worlds/*.yml", "test/cases/**/*.yml", "*.yml"], { cwd: ROOT }).toSorted();
const TEXTS = FILES.map((file) => readFileSync(join(ROOT, file), "utf8"));

/** Reads a text both ways where the simple reader takes it; gives whether it did. */
function sameBothWays(text: string): boolean {
  const source = { name: "f.yml", text };
  const node = readSimple(source);
  if (node !== undefined) expect({ node, diagnostics: [] }).toEqual(parseWithLibrary(source));
  return node !== undefined;
}

/** What is put into a text at any place: all that YAML gives a meaning to. */
const PIECES = [
  "", " ", "  ", "\n", "\n\n", ":", ": ", "- ", "- - a", "#", " #", "'", '"', "''", "[", "]", "{", "}", ", ", "[a, b]", "{a: b}", "|", "|-\n   a\n    b\n", ">", ">-\n  ", "a: b", "a b: c", "k:\n",
  "\\", "\\n", "&a ", "*a", "!t ", "%", "? ", "-", "---\n", "...\n", "\n# c\n", "\n    # c\n", "\n    x: y\n", "@", "`", "~", "<<: a\n", "{{x}}", "\t", "\r\n", "\u00A0", "\u2028", "é", "𝒳",
];

describe("the simple reader", () => {
  test("takes nearly all sound files, and gives the tree that the library gives", () => {
    const taken = TEXTS.filter(sameBothWays).length;
    const sound = TEXTS.filter((text) => parse({ name: "f.yml", text }).diagnostics.length === 0).length;
    expect(sound).toBeGreaterThan(50);
    expect(taken / sound).toBeGreaterThan(0.85);
  });

  test("takes no text of which the library says a fault or makes another tree, whatever is put into it or left out", () => {
    const edit = record({ at: integer({ min: 0, max: 10_000 }), cut: integer({ min: 0, max: 3 }), piece: constantFrom(...PIECES) });
    let taken = 0;
    assert(property(constantFrom(...TEXTS), integer({ min: 0, max: 10_000 }), integer({ min: 1, max: 15 }), array(edit, { minLength: 1, maxLength: 3 }), (text, from, count, edits) => {
      const all = text.split("\n");
      const lines = all.slice(from % all.length, (from % all.length) + count);
      const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
      const part = lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join("\n");
      const edited = edits.reduce((made, { at, cut, piece }) => {
        const place = at % (made.length + 1);
        return made.slice(0, place) + piece + made.slice(place + cut);
      }, part);
      if (sameBothWays(edited)) taken += 1;
    }), { numRuns: 3_000 });
    expect(taken).toBeGreaterThan(100);
  });

  test.each([
    ["anchors", "a: &x 1\nb: *x\n"], ["a tag", "a: !t 1\n"], ["a text over two lines", "a: one\n  two\n"], ["a key in quotes", '"a": 1\n'], ["a key without a value", "a:\n"],
    ["a tab", "a:\tb\n"], ["a key that stands twice", "a: 1\na: 2\n"], ["a second document", "a: 1\n---\nb: 2\n"], ["a merge key", "<<: a\n"], ["a list at the top", "- a\n"],
    ["brackets over two lines", "a: [b,\n  c]\n"], ["a block scalar that keeps its last lines", "a: |+\n  b\n\n"], ["an escape by number", 'a: "\\u0041"\n'], ["odd indentation", "a:\n    b: 1\n  c: 2\n"],
  ])("leaves %s to the library", (_what, text) => {
    expect(readSimple({ name: "f.yml", text })).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ScalarNode, spanInside, valueAt } from "../../../src/interpreter/language/node.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";

function scalarOf(text: string): ScalarNode {
  const { node, diagnostics } = parse({ name: "a.yml", text });
  const value = node?.kind === "map" ? valueAt(node, "a") : undefined;
  if (value?.kind !== "scalar") throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return value;
}

/** What stands in the file where a part of a scalar's text comes from. */
function writtenAt(node: ScalarNode, part: string): string {
  const at = node.text.indexOf(part);
  const { source, start, end } = spanInside(node, at, at + part.length);
  return source.text.slice(start, end);
}

describe("a part of a scalar's text is found in the file", () => {
  test.each([
    ["plain", "a: one {{two}} three\n", "{{two}}", "{{two}}"],
    ["plain over two lines", "a: one\n  {{two}} three\n", "{{two}}", "{{two}}"],
    ["single quotes", "a: 'it''s {{two}}'\n", "{{two}}", "{{two}}"],
    ["single quotes over lines", "a: 'it\n\n   {{two}}'\n", "{{two}}", "{{two}}"],
    ["double quotes", 'a: "x\\ty {{two}}"\n', "{{two}}", "{{two}}"],
    ["a numbered escape", 'a: "\\u00e9\\x41\\U0001F600 {{two}}"\n', "{{two}}", "{{two}}"],
    ["an escape itself", 'a: "x\\ty"\n', "\t", "\\t"],
    ["double quotes over joined lines", 'a: "one \\\n   {{two}}"\n', "{{two}}", "{{two}}"],
    ["a literal block", "a: |\n  one\n    {{two}}\n  three\n", "{{two}}", "{{two}}"],
    ["a literal block with CR LF", "a: |\r\n  one\r\n  {{two}}\r\n", "{{two}}", "{{two}}"],
    ["a literal block with a digit", "a: |2\n    one\n  {{two}}\n", "{{two}}", "{{two}}"],
    ["a literal block behind a comment", "a: |- # why\n\n  {{two}}\n", "{{two}}", "{{two}}"],
    ["a folded block", "a: >\n  one\n  two\n\n  {{three}}\n    indented\n  four\n", "{{three}}", "{{three}}"],
    ["what is folded into one", "a: >-\n  one\n  two\n", "one two", "one\n  two"],
    ["a block in a list in a mapping", "x: 1\na: >-\n  {{two}}\n", "{{two}}", "{{two}}"],
  ])("%s", (_form, text, part, written) => {
    expect(writtenAt(scalarOf(text), part)).toBe(written);
  });

  test("an empty block has a place", () => {
    const node = scalarOf("a: |\nb: 1\n");
    expect(spanInside(node, 0, 0)).toMatchObject({ start: node.contentStart });
  });

  const letters = fc.array(fc.constantFrom(..."abc{}", " ", "\n", "'", "\\", "é", "日", "😀"), { minLength: 1, maxLength: 40 }).map((parts) => parts.join(""));

  /** Every letter of the text must be the letter in the file; what is escaped or folded need only lie in order. */
  function expectInOrder(node: ScalarNode): void {
    let before = node.span.start - 1;
    for (let index = 0; index < node.text.length; index += 1) {
      const { source, start } = spanInside(node, index, index + 1);
      const unit = node.text[index] ?? "";
      if (/[abc{}日]/.test(unit)) expect(source.text[start]).toBe(unit);
      expect(start).toBeGreaterThanOrEqual(before);
      expect(start).toBeLessThanOrEqual(source.text.length);
      before = start;
    }
  }

  test("in double quotes, whatever the text", () => {
    fc.assert(fc.property(letters, (text) => {
      const node = scalarOf(`a: ${JSON.stringify(text)}\n`);
      expect(node.text).toBe(text);
      expectInOrder(node);
    }));
  });

  test("in single quotes over lines, whatever the text", () => {
    fc.assert(fc.property(letters, (text) => expectInOrder(scalarOf(`a: '${text.replaceAll("'", "''").replaceAll("\n", "\n  ")}'\n`))));
  });

  test("in blocks, whatever the text", () => {
    fc.assert(fc.property(letters, fc.constantFrom("|", ">", "|-", ">+", "|2", ">2"), (text, header) => {
      const lines = text.split("\n").map((line) => (line.trim() === "" ? "" : `  ${header.endsWith("2") ? line : line.trimStart()}`));
      expectInOrder(scalarOf(`a: ${header}\n${lines.join("\n")}\nb: 1\n`));
    }));
  });
});

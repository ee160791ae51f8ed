import { describe, expect, test } from "vitest";
import { errorAt, errorWithoutPlace, warningAt } from "../../src/core/diagnostic.ts";
import type { Span } from "../../src/core/source.ts";
import { renderFrame, renderFrames } from "../../src/views/frame.ts";
import { PLAIN } from "../../src/views/style.ts";

/** The span of the first place where a text holds a word. */
function spanOf(text: string, word: string, name = "a.yml"): Span {
  const start = text.indexOf(word);
  return { source: { name, text }, start, end: start + word.length };
}

/** The line with the source and the line with the carets. */
function linesOf(text: string, word: string, columns = 80): readonly [string, string] {
  const [, source = "", carets = ""] = renderFrame(errorAt(spanOf(text, word), "x", "wrong"), { ...PLAIN, columns }).split("\n");
  return [source, carets];
}

describe("a frame", () => {
  test("has place, severity, message, line, carets and hint", () => {
    expect(renderFrame(errorAt(spanOf("a: 1\nwhen: x\n", "when"), "unknown-key", "`when` is no key of a step", "here: `if`"))).toBe(
      ["a.yml:2:1  error  `when` is no key of a step", "  2 | when: x", "    | ^^^^", "  hint: here: `if`"].join("\n"),
    );
  });

  test("of a warning says so", () => {
    expect(renderFrame(warningAt(spanOf("a: 1\n", "1"), "x", "odd"))).toMatch(/^a\.yml:1:4 {2}warning {2}odd\n/);
  });

  test("of a fault without a place has no line", () => {
    expect(renderFrame(errorWithoutPlace("x", "`kb` is not given", "--set kb=…"))).toBe("error  `kb` is not given\n  hint: --set kb=…");
  });

  test("of an empty file has no line", () => {
    expect(renderFrame(errorAt({ source: { name: "a.yml", text: "" }, start: 0, end: 0 }, "x", "empty"))).toBe("a.yml:1:1  error  empty");
  });

  test("of a point has one caret, behind the last letter too", () => {
    const text = "abc";
    expect(renderFrame(errorAt({ source: { name: "a", text }, start: 3, end: 3 }, "x", "wrong"))).toBe("a:1:4  error  wrong\n  1 | abc\n    |    ^");
  });

  test("of several lines points along the first", () => {
    const text = "a: [1,\n  2]\n";
    expect(renderFrame(errorAt(spanOf(text, "[1,\n  2]"), "x", "wrong"))).toBe("a.yml:1:4  error  wrong\n  1 | a: [1,\n    |    ^^^");
  });

  test("stands apart from the next by an empty line; none is nothing", () => {
    const one = errorWithoutPlace("x", "one");
    expect(renderFrames([one, one])).toBe("error  one\n\nerror  one");
    expect(renderFrames([])).toBe("");
  });
});

describe("carets", () => {
  test("stand under wide letters with their width", () => {
    expect(linesOf("title: 移動する # ノード", "移動")).toEqual(["  1 | title: 移動する # ノード", "    |        ^^^^"]);
    expect(linesOf("移動: x", "x")).toEqual(["  1 | 移動: x", "    |       ^"]);
  });

  test("stand under their letters behind tabs, and under a tab itself", () => {
    expect(linesOf("\t\tab: x", "ab")).toEqual(["  1 |     ab: x", "    |     ^^"]);
    expect(linesOf("\tab", "\t")).toEqual(["  1 |   ab", "    | ^^"]);
  });

  test("stand under a letter of several units", () => {
    expect(linesOf("a: 👩‍👩‍👧 b", "b")[1].endsWith("^")).toBe(true);
    expect(linesOf("é́é: b", "b")).toEqual(["  1 | é́é: b", "    |     ^"]);
  });
});

describe("a long line", () => {
  const text = `{ ${"abcdefgh, ".repeat(5_000)}wrong: 1, ${"abcdefgh, ".repeat(5_000)} }`;

  test("is shown around the carets, in the columns that there are", () => {
    for (const columns of [40, 80, 120]) {
      const [source, carets] = linesOf(text, "wrong", columns);
      expect(source.length).toBeLessThanOrEqual(columns);
      expect(source.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("wrong");
      expect(source).toMatch(/^ {2}1 \| ….*…$/);
    }
  });

  test("is cut behind a short beginning", () => {
    expect(linesOf(`ab: ${"x".repeat(200)}`, "ab", 30)).toEqual([`  1 | ab: ${"x".repeat(19)}…`, "    | ^^"]);
  });

  test("whose fault is longer than the page is cut inside of it", () => {
    const [source, carets] = linesOf(`a: ${"x".repeat(200)}`, "x".repeat(200), 40);
    expect(source).toBe(`  1 | a: ${"x".repeat(30)}…`);
    expect(carets).toBe(`    |    ${"^".repeat(31)}`);
  });
});

describe("foreign text", () => {
  test("cannot move the cursor, forge a line or turn the direction of writing", () => {
    const evil = "a: \u001B[2J\u001B]0;x\u0007\u202Eb\u0000\u009Bc\r";
    const frame = renderFrame(errorAt(spanOf(evil, "b", "x\n\u001B[31my.yml"), "x", "is `\u001B[1A\u0085`", "say \u202E"));
    expect(frame).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    expect(frame.split("\n")).toHaveLength(4);
  });

  test("is coloured only by us", () => {
    const frame = renderFrame(errorAt(spanOf("a: \u001B[32mb", "b"), "x", "wrong"), { columns: 80, colour: "ansi" });
    expect(frame).toContain("\u001B[31merror\u001B[39m");
    expect(frame).not.toContain("\u001B[32m");
  });
});

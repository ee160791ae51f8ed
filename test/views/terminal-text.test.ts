import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cut, oneLine, safeLines, widthOf, wrapped } from "../../src/views/terminal-text.ts";

const HOSTILE = fc.string({ unit: "binary" }).chain((text) =>
  fc.array(fc.constantFrom("\u001B[2J", "\u001B]0;title\u0007", "\u001B]8;;http://x\u001B\\", "\r", "\n", "\b", "\u009B1A", "\u202E", "\u2066", "\u200B", "\u001B", "ok", "日本語", "e\u0301", "👩‍💻"), { maxLength: 8 }).map((parts) => [...parts, text].join("")),
);
const CAN_MOVE_THE_CURSOR = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/u;
const TURNS_OR_HIDES = /[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u;

describe("foreign text", () => {
  test("never moves the cursor, never breaks a line, never turns or hides letters", () => {
    fc.assert(fc.property(HOSTILE, (text) => {
      for (const line of [oneLine(text), ...safeLines(text)]) {
        expect(line).not.toMatch(CAN_MOVE_THE_CURSOR);
        expect(line).not.toMatch(TURNS_OR_HIDES);
        expect(line.isWellFormed()).toBe(true);
      }
    }));
  });

  test("that was made safe is not changed again", () => {
    fc.assert(fc.property(HOSTILE, (text) => {
      expect(oneLine(oneLine(text))).toBe(oneLine(text));
    }));
  });

  test.each([
    ["colours go, their text stays", "\u001B[31mred\u001B[0m", "red"],
    ["a title of the window goes", "\u001B]0;owned\u0007text", "text"],
    ["a lone bell shows as a picture", "a\u0007b", "a␇b"],
    ["a carriage return cannot go back over what was written", "real\rfake", "real fake"],
    ["a nested escape leaves nothing that is one", "\u001B\u001B[31m[31mx", "[31mx"],
    ["the turn of direction is seen", "exe.\u202Etxt", "exe.\uFFFDtxt"],
    ["a pile of marks is cut", `a${"\u0301".repeat(40)}`, `a${"\u0301".repeat(4)}`],
    ["Japanese stays", "更新プログラム", "更新プログラム"],
  ])("%s", (_sentence, foreign, shown) => {
    expect(oneLine(foreign)).toBe(shown);
  });

  test("of several lines stays as many lines", () => {
    expect(safeLines("one\r\ntwo\n\tthree\n")).toEqual(["one", "two", "  three"]);
  });
});

describe("widths", () => {
  test("a cut text is never wider than it may be, and says that it was cut", () => {
    fc.assert(fc.property(HOSTILE.map(oneLine), fc.integer({ min: 1, max: 60 }), (text, columns) => {
      const shown = cut(text, columns);
      expect(widthOf(shown)).toBeLessThanOrEqual(columns);
      if (shown !== text) expect(shown.endsWith("…")).toBe(true);
    }));
  });

  test("wrapped lines are never wider than the page and lose no letter", () => {
    fc.assert(fc.property(HOSTILE.map(oneLine), fc.integer({ min: 12, max: 100 }), (text, columns) => {
      const lines = wrapped(text, columns, "* ", "  ");
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(lines.map((line) => line.slice(2)).join("").replaceAll(/\s/gu, "")).toBe(text.replaceAll(/\s/gu, ""));
    }));
  });

  test("a long word of a script without blanks begins on the line that it stands on", () => {
    expect(wrapped("CCR 環境に更新プログラム", 12)).toEqual(["CCR 環境に更", "新プログラム"]);
    expect(wrapped("see C:\\Rollup\\a.msp", 12)).toEqual(["see", "C:\\Rollup\\a.", "msp"]);
  });

  test("a wide letter counts two columns", () => {
    expect(cut("更新プログラム", 7)).toBe("更新プ…");
  });
});

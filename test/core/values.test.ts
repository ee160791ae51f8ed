import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/core/json.ts";
import { nearestName, nameHint } from "../../src/core/names.ts";
import { formatDuration, formatLimit, formatSize, parseDuration, parseSize } from "../../src/core/quantity.ts";
import { lineText, positionOf } from "../../src/core/source.ts";
import { compareVersions } from "../../src/core/version.ts";

describe("durations", () => {
  test.each([["90s", 90_000], ["1h30m", 5_400_000], ["3d", 259_200_000], ["250ms", 250], ["0s", 0]])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
  test.each(["", "90", "1.5h", "m", "10 m", "1m1h", "-3s"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
  test.each([[3_995, "4s"], [7_996, "8s"], [59_999, "1m"], [1_496, "1s500ms"], [599_100, "9m59s"], [250, "250ms"], [9_999, "10s"]])("what was left of a limit, %d ms, is said as %s", (ms, text) => {
    expect(formatLimit(ms)).toBe(text);
  });
  test("the shortest exact form reads as the same time", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

describe("sizes", () => {
  test.each([["200MB", 200_000_000], ["1GiB", 1_073_741_824], ["1.5kB", 1_500], ["7B", 7]])("%s is %d bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
  test.each(["", "200", "1.5B", "MB", "10 MB"])("%j is none", (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
  test("the shortest exact form reads as the same size", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 14 }), (bytes) => parseSize(formatSize(bytes)) === bytes));
  });
});

describe("versions", () => {
  test.each([["8.3.83.6", "8.3.245.2", -1], ["8.1.263.1", "8.1.263.1", 0], ["08.03.0245.002", "8.3.245.2", 0], ["8.3", "8.3.0.0", 0], ["8.3-rc", "8.3", -1], ["10", "9.9", 1]])("%s against %s", (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
  test("the order is total and fits with itself", () => {
    const version = fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "a", "-"), maxLength: 8 });
    fc.assert(fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }));
  });
});

describe("names", () => {
  test.each([["targt", "target"], ["wiht", "with"], ["onfailure", "on-failure"], ["xyz", undefined]])("%s is near %s", (wanted, near) => {
    expect(nearestName(wanted, ["target", "with", "on-failure", "constructor"])).toBe(near);
  });
  test("where none is near the available ones are listed", () => {
    expect(nameHint("zzz", ["a_long_name", "b_long_name"])).toBe("available: `a_long_name`, `b_long_name`");
  });
});

test("positions count lines and columns from 1, over all line ends", () => {
  const source = { name: "a.yml", text: "ab\r\ncd\n\nä" };
  expect([0, 1, 4, 5, 7, 8, 9].map((offset) => positionOf(source, offset))).toEqual([
    { line: 1, column: 1 }, { line: 1, column: 2 }, { line: 2, column: 1 }, { line: 2, column: 2 }, { line: 3, column: 1 }, { line: 4, column: 1 }, { line: 4, column: 2 },
  ]);
  expect([1, 2, 3, 4].map((line) => lineText(source, line))).toEqual(["ab", "cd", "", "ä"]);
});

test("canonical JSON does not depend on the order of keys", () => {
  expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: "x" })).toBe(canonicalJson({ a: "x", b: [1, { d: 1 }] }));
});

import { expect, test } from "vitest";
import { excerpt } from "../../src/formats/excerpt.ts";

test.each([
  ["plain text", "plain text"],
  ["  two\r\nlines\t", "two lines"],
  ["\u001b[31mred", " [31mred"],
  ["", "(nothing)"],
  ["\u0000\u0000", "(nothing)"],
  ["x".repeat(500), `${"x".repeat(80)}…`],
])("%j is quoted as %j", (text, quoted) => {
  expect(excerpt(text)).toBe(quoted);
});

import { expect, test } from "vitest";
import { parseTimeSpan } from "../../src/formats/time-span.ts";

test.each([
  ["00:00:02.1340000", 2134],
  ["00:00:00", 0],
  ["01:02:03", 3_723_000],
  ["1.00:00:00.5", 86_400_500],
  [" 00:00:10 ", 10_000],
])("%j is %i ms", (text, ms) => {
  expect(parseTimeSpan(text)).toBe(ms);
});

test.each(["", "2", "-00:00:01", "00:00", "00:00:00.12345678", "PT2S", "2 秒"])("%j is no time span", (text) => {
  expect(parseTimeSpan(text)).toBeUndefined();
});

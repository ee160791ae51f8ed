import { expect, test } from "vitest";
import { parseTimestamp } from "../../src/formats/timestamp.ts";

test.each([
  ["1970-01-01T00:00:01Z", 1000],
  ["1970-01-01T01:00:00.250+01:00", 250],
  ["1970-01-01", undefined],
  ["1/1/1970 00:00:00", undefined],
  ["1970-13-01T00:00:00Z", undefined],
  ["", undefined],
])("%s is %s ms since 1970", (text, ms) => {
  expect(parseTimestamp(text)).toBe(ms);
});

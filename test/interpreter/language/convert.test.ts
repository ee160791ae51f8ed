import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration, parseSize } from "../../../src/core/quantity.ts";
import type { Schema } from "../../../src/core/schema.ts";
import { convertText, convertValue } from "../../../src/interpreter/language/convert.ts";
import { checkPattern, matchesPattern } from "../../../src/interpreter/language/convert-pattern.ts";
import { formatTime, parseTime } from "../../../src/interpreter/language/convert-time.ts";

const string: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const nodes: Schema = { type: "list", items: { type: "string", format: "netbios_name" } };
const record: Schema = {
  type: "object",
  properties: { name: { type: "string" }, count: { type: "integer", default: 3 }, wait: { type: "duration", default: "60s" }, note: { type: "string", required: false } },
};

describe("a text becomes a value of its type", () => {
  test.each<[Schema, string, unknown]>([
    [string, "8.10", "8.10"],
    [string, "0945684", "0945684"],
    [string, "", ""],
    [string, " a ", " a "],
    [{ type: "string", enum: ["x64", "x86"] }, "x64", "x64"],
    [{ type: "string", pattern: "^[0-9]{6,7}$" }, "945684", "945684"],
    [{ type: "string", format: "netbios_name" }, "NodeA-1", "NODEA-1"],
    [{ type: "string", format: "netbios_name", enum: ["NODEA"] }, "nodea", "NODEA"],
    [{ type: "string", format: "netbios_name", pattern: "^NODE" }, "nodea", "NODEA"],
    [{ type: "string", format: "hostname" }, "Mail.Example.COM", "mail.example.com"],
    [{ type: "string", format: "path" }, "/srv/kb", "/srv/kb"],
    [{ type: "string", format: "path" }, "C:\\kb", "C:\\kb"],
    [{ type: "string", format: "path" }, "c:/kb", "c:/kb"],
    [{ type: "string", format: "path" }, "\\\\server\\share\\kb", "\\\\server\\share\\kb"],
    [{ type: "string", format: "file" }, "../kb", "../kb"],
    [{ type: "string", format: "sha256" }, "AB".repeat(32), "ab".repeat(32)],
    [{ type: "string", format: "url" }, "https://example.com/a?b=c", "https://example.com/a?b=c"],
    [{ type: "string", format: "version" }, "08.1.263.1", "08.1.263.1"],
    [{ type: "string", format: "version" }, "8.3-rc1", "8.3-rc1"],
    [{ type: "string", format: "time" }, "2007-11-20T10:00:00+01:00", "2007-11-20T09:00:00Z"],
    [{ type: "string", format: "time" }, "2007-11-20t09:00:00.250z", "2007-11-20T09:00:00.250Z"],
    [integer, "-12", -12],
    [integer, "0", 0],
    [integer, "-0", 0],
    [integer, "9007199254740991", 9_007_199_254_740_991],
    [{ type: "number" }, "0.5", 0.5],
    [{ type: "number" }, "1e3", 1_000],
    [{ type: "boolean" }, "true", true],
    [{ type: "boolean" }, "false", false],
    [{ type: "duration" }, "90m", "1h30m"],
    [{ type: "size" }, "0.2GB", "200MB"],
    [nodes, "[\"nodea\", \"NODEB\"]", ["NODEA", "NODEB"]],
    [nodes, "[]", []],
    [record, "{\"name\": \"a\"}", { name: "a", count: 3, wait: "1m" }],
    [{ type: "map", values: integer }, "{\"constructor\": 1}", { constructor: 1 }],
    [{ type: "any" }, "{\"a\"", "{\"a\""],
  ])("%j: %s is %j", (schema, text, expected) => {
    const result = convertText(text, schema);
    if (result.kind === "error") throw new Error(result.error);
    expect(JSON.parse(JSON.stringify(result.value))).toEqual(expected);
  });

  test.each<[Schema, string, string]>([
    [{ type: "string", enum: ["x64", "x86"] }, "x46", "expected one of `x64`, `x86`, found the text \"x46\", did you mean `x64`?"],
    [{ type: "string", pattern: "^[0-9]{6,7}$" }, "KB94", "expected a text that matches `^[0-9]{6,7}$`, found the text \"KB94\""],
    [{ type: "string", format: "netbios_name" }, "a-name-of-16-char", "expected the NetBIOS name of a machine"],
    [{ type: "string", format: "netbios_name" }, "a.b", "expected the NetBIOS name of a machine"],
    [{ type: "string", format: "hostname" }, "-a", "expected the name of a host"],
    [{ type: "string", format: "hostname" }, "a b", "expected the name of a host"],
    [{ type: "string", format: "path" }, "kb/a.msp", "expected an absolute path"],
    [{ type: "string", format: "path" }, "/a\0b", "expected an absolute path"],
    [{ type: "string", format: "file" }, "", "expected the path of a file or folder"],
    [{ type: "string", format: "sha256" }, "ab", "expected a SHA-256"],
    [{ type: "string", format: "url" }, "example.com", "expected a URL"],
    [{ type: "string", format: "version" }, "latest", "expected a version"],
    [{ type: "string", format: "version" }, "8..1", "expected a version"],
    [{ type: "string", format: "time" }, "2007-11-31T09:00:00Z", "expected a time"],
    [{ type: "string", format: "time" }, "2007-11-20", "expected a time"],
    [integer, "3.0", "expected a whole number, found the text \"3.0\""],
    [integer, "007", "expected a whole number, found the text \"007\": a number does not begin with 0"],
    [integer, "", "expected a whole number, found an empty text"],
    [integer, "9007199254740993", "expected a whole number up to 9007199254740991"],
    [{ type: "integer", minimum: 1 }, "0", "expected at least 1, found 0"],
    [{ type: "integer", maximum: 9 }, "10", "expected at most 9, found 10"],
    [{ type: "integer", enum: [1, 2] }, "3", "expected one of 1, 2, found 3"],
    [{ type: "number" }, ".5", "expected a number"],
    [{ type: "number" }, "1e999", "expected a number"],
    [{ type: "boolean" }, "yes", "expected true or false, found the text \"yes\""],
    [{ type: "boolean" }, "True", "expected true or false"],
    [{ type: "duration" }, "90", "which has no unit: `90s`"],
    [{ type: "duration", maximum: "1h" }, "90m", "expected at most 1h, found 1h30m"],
    [{ type: "size" }, "200", "which has no unit: `200MB`"],
    [{ type: "size", minimum: "1GB" }, "1MB", "expected at least 1GB, found 1MB"],
    [nodes, "a,b", "expected a list written as JSON"],
    [nodes, "\"a\"", "expected a list, found the text \"a\""],
    [nodes, "[\"a.b\", 3]", "`[0]`: expected the NetBIOS name of a machine: at most 15 letters, digits and `-`, no `.`, found the text \"a.b\"; `[1]`: expected a text, found 3: put it into double quotes"],
    [{ type: "list", items: string }, "[8.10]", "`[0]`: expected a text, found 8.1: put it into double quotes"],
    [record, "{\"name\": \"a\", \"cuont\": 1}", "`cuont`: there is no such name here, did you mean `count`?"],
    [record, "{}", "`name`: is missing"],
  ])("%j: %s is refused: %s", (schema, text, message) => {
    const result = convertText(text, schema);
    expect(result.kind === "error" && result.error).toContain(message);
  });
});

describe("a value takes the form of its type", () => {
  test.each<[Schema, unknown, unknown]>([
    [string, 3, "3"],
    [string, 0.5, "0.5"],
    [string, true, "true"],
    [{ type: "any" }, { a: [1, null, { b: true }] }, { a: [1, null, { b: true }] }],
    [{ type: "duration" }, "120s", "2m"],
    [record, { name: "a", count: 1, note: undefined }, { name: "a", count: 1, wait: "1m" }],
    [{ type: "condition" }, { kind: "true" }, { kind: "true" }],
  ])("%j: %j is %j", (schema, value, expected) => {
    const result = convertValue(value, schema);
    expect(result.kind === "ok" && JSON.parse(JSON.stringify(result.value))).toEqual(expected);
  });

  test("every fault is reported, each with its path", () => {
    const schema: Schema = { type: "object", properties: { list: { type: "list", items: record }, on: { type: "boolean" }, size: { type: "size" } } };
    const result = convertValue({ list: [{ name: "a" }, { name: null, count: "3", odd: 1 }], on: "true", size: 3 }, schema);
    expect(result.kind === "error" && result.error).toEqual([
      { path: "list[1].odd", message: "there is no such name here, available: `name`, `count`, `wait`, `note`" },
      { path: "list[1].name", message: "expected a text, found nothing" },
      { path: "list[1].count", message: "expected a whole number, found the text \"3\"" },
      { path: "on", message: "expected true or false, found the text \"true\"" },
      { path: "size", message: "expected a size: `200MB`, `1.5GiB`, found 3, which has no unit: `200MB`" },
    ]);
  });

  test("names that JavaScript knows are only names", () => {
    const open: Schema = { type: "any" };
    const result = convertValue(JSON.parse("{\"__proto__\": {\"polluted\": 1}, \"constructor\": 2}"), open);
    expect(result.kind === "ok" && JSON.stringify(result.value)).toBe("{\"__proto__\":{\"polluted\":1},\"constructor\":2}");
    expect(convertValue({}, { type: "object", properties: Object.fromEntries([["constructor", { type: "string", required: false } satisfies Schema]]) })).toEqual({ kind: "ok", value: {} });
  });

  test("what is no JSON is refused", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, undefined]) expect(convertValue(value, { type: "any" }).kind).toBe("error");
  });

  test("a value that is nested too deep is refused", () => {
    const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) as unknown;
    expect(convertValue(deep, { type: "any" })).toEqual({ kind: "error", error: [expect.objectContaining({ message: "the value is nested more than 100 deep" })] });
  });

  test("its form is stable: a converted value converts to itself", () => {
    const cases: readonly [Schema, fc.Arbitrary<unknown>][] = [
      [{ type: "duration" }, fc.stringMatching(/^(\d{1,3}d)?(\d{1,3}h)?(\d{1,3}m)?(\d{1,3}s)?(\d{1,4}ms)?$/).filter((text) => text !== "")],
      [{ type: "size" }, fc.tuple(fc.nat(99_999), fc.constantFrom("B", "kB", "KB", "MB", "GB", "KiB", "MiB", "GiB")).map(([count, unit]) => `${count}${unit}`)],
      [{ type: "string", format: "time" }, fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString())],
      [{ type: "string", format: "netbios_name" }, fc.stringMatching(/^[A-Za-z0-9-]{1,15}$/)],
      [{ type: "any" }, fc.jsonValue({ maxDepth: 4 })],
    ];
    for (const [schema, values] of cases) {
      fc.assert(fc.property(values, (value) => {
        const once = convertValue(value, schema);
        if (once.kind === "error") throw new Error(once.error[0]?.message);
        expect(convertValue(once.value, schema)).toEqual(once);
      }));
    }
  });
});

test("quantities keep their amount", () => {
  fc.assert(fc.property(fc.nat(1e12), (ms) => {
    const result = convertText(`${ms}ms`, { type: "duration" });
    expect(result.kind === "ok" && typeof result.value === "string" && parseDuration(result.value)).toBe(ms);
  }));
  fc.assert(fc.property(fc.nat(1e12), (bytes) => {
    const result = convertText(`${bytes}B`, { type: "size" });
    expect(result.kind === "ok" && typeof result.value === "string" && parseSize(result.value)).toBe(bytes);
  }));
});

test("a time has one form", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
    expect(parseTime(formatTime(ms))).toBe(ms);
  }));
});

describe("a pattern", () => {
  test.each([["^[0-9]{6,7}$"], ["a|b"], ["\\p{L}+"], ["(?i)abc"], [""]])("%s is one", (pattern) => {
    expect(checkPattern(pattern)).toBeUndefined();
  });

  test.each([["(a", "is no regular expression"], ["*a", "is no regular expression"], ["(?=a)b", "looks ahead or behind"], ["(a)\\1", "refers back to a group"]])("%s is none: %s", (pattern, because) => {
    expect(checkPattern(pattern)).toContain(because);
    expect(matchesPattern(pattern, "a")).toBeUndefined();
  });

  test("is found anywhere, in time that grows with the text only", () => {
    expect(matchesPattern("b", "abc")).toBe(true);
    expect(matchesPattern("^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(50_000))).toBe(false);
  });
});

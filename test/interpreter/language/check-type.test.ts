import { describe, expect, test } from "vitest";
import type { Schema } from "../../../src/core/schema.ts";
import { isMisfit, typeName } from "../../../src/interpreter/language/check-type.ts";

const text: Schema = { type: "string" };
const version: Schema = { type: "string", format: "version" };
const hostname: Schema = { type: "string", format: "hostname" };
const netbios: Schema = { type: "string", format: "netbios_name" };
const arch: Schema = { type: "string", enum: ["x64", "x86"] };
const x64: Schema = { type: "string", enum: ["x64"] };
const integer: Schema = { type: "integer" };
const number: Schema = { type: "number" };
const duration: Schema = { type: "duration" };
const size: Schema = { type: "size" };
const boolean: Schema = { type: "boolean" };
const any: Schema = { type: "any" };
const list = (items: Schema): Schema => ({ type: "list", items });
const record = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: "object", properties });
const map = (values: Schema): Schema => ({ type: "map", values });

describe("a value handed on", () => {
  test.each<[Schema, Schema, "fits" | "does not fit"]>([
    [version, text, "fits"], [text, version, "fits"], [version, version, "fits"],
    [version, hostname, "does not fit"], [netbios, hostname, "fits"], [netbios, version, "does not fit"],
    [version, integer, "does not fit"], [text, integer, "does not fit"], [integer, text, "fits"], [duration, text, "fits"], [size, text, "fits"],
    [integer, version, "does not fit"], [integer, arch, "does not fit"], [integer, duration, "does not fit"], [duration, size, "does not fit"],
    [integer, number, "fits"], [number, integer, "does not fit"], [boolean, integer, "does not fit"],
    [x64, arch, "fits"], [arch, x64, "does not fit"], [text, arch, "fits"],
    [any, integer, "fits"], [list(text), any, "fits"],
    [list(text), text, "does not fit"], [text, list(text), "does not fit"], [list(version), list(integer), "does not fit"], [list(integer), list(text), "fits"],
    [record({ a: text }), record({ a: text, b: { ...text, required: false } }), "fits"],
    [record({ a: text }), record({ a: text, b: { ...text, required: true } }), "does not fit"],
    [record({ a: list(text) }), record({ a: text }), "does not fit"],
    [record({ a: text }), map(text), "fits"], [record({ a: list(text) }), map(text), "does not fit"], [map(integer), map(duration), "does not fit"],
  ])("of type %j to a place of type %j: %s", (from, to, verdict) => {
    expect(isMisfit(from, to)).toBe(verdict === "does not fit");
  });
});

describe("the name of a type", () => {
  test.each<[Schema, string]>([
    [version, "a version"], [arch, "one of `x64`, `x86`"], [list(netbios), "a list (each a machine's name)"], [list(any), "a list"], [map(text), "a record"], [integer, "a whole number"],
  ])("%j is %s", (schema, name) => {
    expect(typeName(schema)).toBe(name);
  });
});

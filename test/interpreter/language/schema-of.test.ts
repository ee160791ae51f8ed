import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { Schema } from "../../../src/core/schema.ts";
import { convertValue } from "../../../src/interpreter/language/convert.ts";
import { jsonSchemaOf } from "../../../src/interpreter/language/schema-of.ts";

const RECORD: Schema = { type: "object", properties: { a: { type: "integer", minimum: 1, default: 3 }, b: { type: "list", items: { type: "string", enum: ["x", "y"] } }, c: { type: "boolean", required: false } } };

describe("the JSON Schema of a schema's values", () => {
  test.each<[string, Schema, unknown]>([
    ["a string", { type: "string", format: "netbios_name" }, "nodea"],
    ["a duration", { type: "duration" }, "90m"],
    ["a size", { type: "size" }, "2048KiB"],
    ["a number", { type: "number", maximum: 2 }, 1.5],
    ["a record with defaults", RECORD, { b: ["x"] }],
    ["a map", { type: "map", values: RECORD }, { __a: { b: [] } }],
    ["anything", { type: "any" }, { a: [1, null, "x"] }],
  ])("admits %s in its one form", (_what, schema, given) => {
    const converted = convertValue(given, schema);
    if (converted.kind === "error") throw new Error(JSON.stringify(converted.error));
    expect(new Ajv({ strict: false }).validate(jsonSchemaOf(schema), JSON.parse(JSON.stringify(converted.value)))).toBe(true);
  });

  test.each<[string, Schema, unknown]>([
    ["a number for a duration", { type: "duration" }, 90],
    ["a duration without a unit", { type: "duration" }, "90"],
    ["an unknown key", RECORD, { a: 1, b: [], d: 1 }],
    ["too little", RECORD, { a: 0, b: [] }],
    ["another word", RECORD, { a: 1, b: ["z"] }],
    ["a missing key", RECORD, { a: 1 }],
  ])("refuses %s", (_what, schema, value) => {
    expect(new Ajv({ strict: false }).validate(jsonSchemaOf(schema), value)).toBe(false);
  });
});

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { documentSchemas } from "../../src/views/document-schemas.ts";
import { eventSchema } from "../../src/views/event-schema.ts";
import { printedSchemas, publishedSchema } from "../../scripts/generate-event-schema.ts";
import { rollup, stopped } from "./rollup-recording.ts";

function validator(schema: object) {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** The same schema, with every object closed: so that a field which it does not know is found. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return "properties" in inner && "required" in inner && inner["type"] === "object" && inner["allOf"] === undefined ? { ...inner, unevaluatedProperties: false } : inner;
}

describe("the schema of events", () => {
  const isValid = validator(eventSchema());

  test.each([["a whole rollup", rollup()], ["a run that a guard stopped", stopped()]])("accepts every event of %s", (_name, events) => {
    for (const event of events) {
      isValid(JSON.parse(JSON.stringify(event)));
      expect(isValid.errors ?? []).toEqual([]);
    }
  });

  test.each([
    ["an unknown type", { type: "step-began" }],
    ["a missing field", { type: "decided", step: "a", turn: 1, because: "x" }],
    ["a wrong word", { type: "decided", step: "a", turn: 1, decision: "maybe", because: "x" }],
    ["a wrong action", { type: "action-started", step: "a", turn: 1, number: 1, effect: "reads", action: { name: "n", title: "t", target: "local", what: { kind: "shell", line: "rm" } } }],
  ])("refuses %s", (_name, body) => {
    expect(isValid({ v: 1, seq: 1, at: "2007-11-20T12:00:00.000Z", run: "r", ...body })).toBe(false);
  });

  test("accepts a field that a later version adds", () => {
    expect(isValid({ v: 1, seq: 1, at: "2007-11-20T12:00:00.000Z", run: "r", type: "warning", code: "c", message: "m", later: 1 })).toBe(true);
  });
});

describe("published schemas", () => {
  test.each([...printedSchemas()])("%s is what the code says (else: node scripts/generate-event-schema.ts)", (file, text) => {
    expect(publishedSchema(file)).toBe(text);
  });

  test.each(Object.entries(documentSchemas()))("%s is a schema", (_kind, schema) => {
    expect(() => validator(closed(schema) as object)).not.toThrow();
  });
});

import { describe, expect, test } from "vitest";
import { isJsonObject, type Json } from "../../../src/core/json.ts";
import type { Schema } from "../../../src/core/schema.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";
import { type AuthoredValue, valueOf } from "../../../src/interpreter/language/value-of.ts";

function read(text: string, schema: Schema): AuthoredValue {
  const { node, diagnostics } = parse({ name: "a.yml", text });
  expect(diagnostics).toEqual([]);
  if (node === undefined) throw new Error("no tree");
  return valueOf(node, schema);
}

const NODE: Schema = {
  type: "object",
  properties: {
    name: { type: "string", format: "netbios_name" },
    level: { type: "string", format: "version" },
    restart: { type: "duration", default: "120s" },
    services: { type: "list", items: { type: "string" }, required: false },
    answers: { type: "map", values: { type: "any" }, required: false },
  },
};

describe("a value that was authored", () => {
  test("is read by the types of its places, with defaults filled in", () => {
    expect(read("name: nodea\nlevel: 8.10\nservices: [no, 1]\n", NODE)).toEqual({
      value: { name: "NODEA", level: "8.10", restart: "2m", services: ["no", "1"] },
      diagnostics: [],
    });
  });

  test("has the types that it reads back as where the place takes anything", () => {
    const { value } = read("name: a\nlevel: 1\nanswers: { a: 5, b: true, c: 15.10, d: '5', e: 007, f: [1.5, x], g: { h: no }, i: Infinity }\n", NODE);
    expect(isJsonObject(value) && value["answers"]).toEqual({ a: 5, b: true, c: "15.10", d: "5", e: "007", f: [1.5, "x"], g: { h: "no" }, i: "Infinity" });
  });

  test("has all its faults told at their places, and keeps what is sound", () => {
    const { value, diagnostics } = read("nmae: x\nlevel: [1]\nrestart: 5\nservices: x\n", NODE);
    expect(value).toEqual({});
    expect(diagnostics.map(({ code, span }) => `${code}: ${span?.source.text.slice(span.start, span.end).split("\n")[0]}`)).toEqual([
      "unknown-key: nmae",
      "missing-key: nmae: x",
      "wrong-shape: [1]",
      "wrong-value: 5",
      "wrong-shape: x",
    ]);
  });

  test.each<[string, Schema, Json]>([
    ["3", { type: "integer" }, 3],
    ["'3'", { type: "integer" }, 3],
    ["0.5", { type: "number" }, 0.5],
    ["true", { type: "boolean" }, true],
    ["2048KiB", { type: "size" }, "2MiB"],
    ["[1, 2]", { type: "list", items: { type: "integer" } }, [1, 2]],
  ])("%s is read as its schema says", (text, schema, value) => {
    expect(read(`${text}\n`, schema)).toEqual({ value, diagnostics: [] });
  });

  test("with keys that an object has of itself holds them as keys", () => {
    const { value } = read("__proto__: 1\nconstructor: 2\n", { type: "map", values: { type: "integer" } });
    expect(isJsonObject(value) && Object.entries(value)).toEqual([["__proto__", 1], ["constructor", 2]]);
  });

  test.each<[string, Schema]>([["{ a: 1 }", { type: "list", items: { type: "any" } }], ["[1]", { type: "map", values: { type: "any" } }], ["x", { type: "object", properties: {} }], ["{ a: b }", { type: "string" }]])("%s in the wrong shape gives no value", (text, schema) => {
    const { value, diagnostics } = read(`${text}\n`, schema);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["wrong-shape"]);
  });
});

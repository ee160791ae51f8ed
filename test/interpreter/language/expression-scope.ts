import type { Scope } from "../../../src/core/runbook.ts";
import type { Properties, Schema } from "../../../src/core/schema.ts";
import type { TypeScope } from "../../../src/interpreter/language/expression.ts";

/** Types for the tests of expressions: an input of every kind, and a step with outputs. */
const TYPES: Schema = record({
  inputs: record({
    kb: { type: "string" }, build: { type: "string", format: "version" }, node: { type: "string", format: "netbios_name" }, host: { type: "string", format: "hostname" },
    arch: { type: "string", enum: ["x64", "x86"] }, count: { type: "integer" }, ratio: { type: "number" }, on: { type: "boolean" }, free: { type: "size" },
    wait: { type: "duration" }, due: { type: "string", format: "time" }, nodes: { type: "list", items: { type: "string", format: "netbios_name" } },
    env: { type: "map", values: { type: "string" } },
  }),
  steps: record({
    level: record({
      done: { type: "boolean" },
      outputs: record({
        build: { type: "string", format: "version" },
        note: { type: "string", required: false },
        answer: { type: "any" },
        copies: { type: "list", items: record({ name: { type: "string" }, state: { type: "string" }, free: { type: "size", required: false } }) },
      }),
    }),
  }),
  run: record({ started: { type: "string", format: "time" } }),
});

function record(properties: Properties): Schema {
  return { type: "object", properties };
}

function typeAt(path: readonly string[]): Schema | undefined {
  let type: Schema | undefined = TYPES;
  for (const name of path) {
    if (type?.type === "object") type = Object.hasOwn(type.properties, name) ? type.properties[name] : undefined;
    else if (type?.type === "map") type = type.values;
    else if (type?.type !== "any") type = undefined;
  }
  return type;
}

/** The names in reach. */
export const SCOPE: TypeScope = {
  lookup: typeAt,
  namesAt(path) {
    const type = typeAt(path);
    return type?.type === "object" ? Object.keys(type.properties) : [];
  },
};

/** Values that fit them. */
export const VALUES: Scope = {
  inputs: {
    kb: "945684", build: "8.1.263.1", node: "NODEA", host: "a.example", arch: "x64", count: 3, ratio: 1.5, on: true, free: "200MB", wait: "1h30m",
    due: "2007-11-20T09:00:00Z", nodes: ["NODEA", "NODEB"], env: Object.assign(Object.create(null) as object, { "A-B": "x", constructor: "c", ["__proto__"]: "p" }),
  },
  steps: {
    level: {
      done: true,
      outputs: {
        build: "8.1.240.6",
        answer: { votes: 2, list: [1, "two", null], constructor: 9 },
        copies: [{ name: "SG1", state: "Healthy", free: "1GB" }, { name: "SG2", state: "Failed" }],
      },
    },
  },
  run: { started: "2007-11-21T09:00:00Z" },
};

import { describe, expect, test } from "vitest";
import type { Schema } from "../../../src/core/schema.ts";
import { makeTypeScope, optionalPart, record, typed, type Root } from "../../../src/interpreter/language/type-scope.ts";

const TEXT: Schema = { type: "string" };

const roots = new Map<string, Root>([
  ["inputs", typed(record({ nodes: { type: "list", items: TEXT }, env: { type: "map", values: TEXT }, loose: { type: "any" }, note: { type: "string", required: false } }))],
]);

describe("the types of what is in reach", () => {
  test.each([
    [["inputs", "nodes"], "list"],
    [["inputs", "nodes", "0"], "string"],
    [["inputs", "env", "PATH"], "string"],
    [["inputs", "loose", "whatever", "comes"], "any"],
    [["inputs", "nodes", "first"], undefined],
    [["inputs", "node"], undefined],
    [["inputs", "note", "length"], undefined],
    [["inputs", "__proto__"], undefined],
    [["input"], undefined],
  ])("%j is %s", (path, type) => {
    expect(makeTypeScope(roots).lookup(path)?.type).toBe(type);
  });

  test("are offered by name below every path", () => {
    const scope = makeTypeScope(roots);
    expect(scope.namesAt([])).toEqual(["inputs"]);
    expect(scope.namesAt(["inputs"])).toEqual(["nodes", "env", "loose", "note"]);
    expect(scope.namesAt(["inputs", "nodes"])).toEqual([]);
  });

  test("of a root with very many members are found without listing them", () => {
    const members = { of: (name: string) => (name === "a" ? record({ done: { type: "boolean" } }) : undefined), names: () => { throw new Error("listed"); }, all: () => { throw new Error("listed"); } } as const;
    const scope = makeTypeScope(new Map<string, Root>([["steps", { kind: "members", members }]]));
    expect(scope.lookup(["steps", "a", "done"])).toEqual({ type: "boolean" });
    expect(scope.lookup(["steps", "b"])).toBeUndefined();
  });

  test.each([
    [["inputs", "note"], ["inputs", "note"]],
    [["inputs", "env", "PATH"], ["inputs", "env", "PATH"]],
    [["inputs", "nodes", "0"], undefined],
  ])("may be absent: of %j the part %j", (path, part) => {
    expect(optionalPart(makeTypeScope(roots), path)).toEqual(part);
  });
});

import { expect, test } from "vitest";
import type { Schema } from "../../../src/core/schema.ts";
import { compileExpression, judge, readsOf, type TypeScope } from "../../../src/interpreter/language/expression.ts";
import { scalarOf } from "./scalar-of.ts";

/** A scope in which `inputs.n` has a type, and nothing else is there. */
function scopeWith(n: Schema): TypeScope {
  return {
    lookup: (path) => (path.join(".") === "inputs.n" ? n : undefined),
    namesAt: (path) => (path.length === 0 ? ["inputs"] : path[0] === "inputs" && path.length === 1 ? ["n"] : []),
  };
}

test("one text with names of one type is compiled once, and each place keeps its own position", () => {
  const scope = scopeWith({ type: "integer" });
  const [one, other] = ["inputs.n >= 3", "inputs.n >= 3"].map((text) => compileExpression(scalarOf(text), scope, "boolean"));
  if (one?.kind !== "ok" || other?.kind !== "ok") throw new Error("both are sound");
  expect(one.value.span).not.toBe(other.value.span);
  expect(judge(one.value, { inputs: { n: 3 } }).kind).toBe("true");
  expect(judge(other.value, { inputs: { n: 2 } }).kind).toBe("false");
  expect(readsOf(other.value).map(({ span }) => [span.start, span.end])).toEqual(readsOf(one.value).map(({ span }) => [span.start, span.end]));
});

test("one text with names of another type is compiled, and refused, for that type", () => {
  expect(compileExpression(scalarOf("inputs.n >= 4"), scopeWith({ type: "integer" }), "boolean").kind).toBe("ok");
  expect(compileExpression(scalarOf("inputs.n >= 4"), scopeWith({ type: "string" }), "boolean").kind).toBe("error");
  expect(compileExpression(scalarOf("inputs.n >= 4"), scopeWith({ type: "integer" }), "boolean").kind).toBe("ok");
});

test("a name that is no longer there is refused, although the text was compiled before", () => {
  expect(compileExpression(scalarOf("has(inputs.n)"), scopeWith({ type: "integer", required: false }), "boolean").kind).toBe("ok");
  expect(compileExpression(scalarOf("has(inputs.n)"), { lookup: () => undefined, namesAt: () => [] }, "boolean").kind).toBe("error");
});

import { emptyObject } from "../../core/json.ts";
import type { Expression, Runbook } from "../../core/runbook.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import { surelyRan } from "./check-reach.ts";
import { readsOf, type ExpressionRead } from "./expression.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { lowerExpression } from "./lower-expression.ts";
import type { Node } from "./node.ts";
import { optionalPart } from "./type-scope.ts";

/**
 * True if a read has a value whenever the file ended well. Where there are postconditions the file may end well by its goal
 * alone, and then only they have run (semantics.md section 1).
 */
function isSure(read: ExpressionRead, hasGoal: boolean, place: Place, context: FileContext): boolean {
  if (read.guarded) return true;
  const facts: ReadonlySet<string> = new Set(read.facts);
  const optional = optionalPart(place.scope, read.path);
  if (optional !== undefined && !facts.has(`has(${optional.join(".")})`)) return false;
  const target = read.path[0] === "steps" && read.path[2] !== "status" && read.path[2] !== "done" ? context.stepsById.get(read.path[1] ?? "") : undefined;
  return target === undefined || surelyRan(target, hasGoal ? "postconditions" : "any", facts, context.found);
}

function isAlwaysThere(expression: Expression, hasGoal: boolean, place: Place, context: FileContext): boolean {
  return readsOf(expression).every((read) => isSure(read, hasGoal, place, context));
}

/** The outputs of a file, with their types for those who call it: one that may be absent although the file ended well is optional. */
export function lowerOutputs(node: Node | undefined, hasGoal: boolean, place: Place, context: FileContext): { readonly outputs: Runbook["outputs"]; readonly schemas: Properties } {
  const schemas = emptyObject<Schema>();
  const outputs: { readonly name: string; readonly expression: Expression; readonly schema: Schema }[] = [];
  for (const { key, value } of node?.kind === "map" ? node.entries : []) {
    const expression = lowerExpression(value, "any", "is-judged", place, context);
    schemas[key.text] = { type: "any" };
    if (expression === undefined) continue;
    const schema = { ...expression.type, required: isAlwaysThere(expression, hasGoal, place, context) };
    schemas[key.text] = schema;
    outputs.push({ name: key.text, expression, schema });
  }
  return { outputs, schemas };
}

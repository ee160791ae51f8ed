import { errorAt } from "../../core/diagnostic.ts";
import type { Condition, Expression } from "../../core/runbook.ts";
import { isKnown, reachFault } from "./check-reach.ts";
import { readsSecret, reportSecret } from "./check-secret.ts";
import { reportUnknown } from "./check-template.ts";
import { compileExpression, readsOf, type ExpressionRead } from "./expression.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { lowerBecause } from "./lower-text.ts";
import { valueAt, type Node } from "./node.ts";
import { isAbsent } from "./validate-plain.ts";
import { optionalPart } from "./type-scope.ts";

/**
 * What an absent value does to an expression. `is-an-error`: the step would fail over it (`if`, `for-each`). `is-judged`: the
 * condition is not known, which its place answers for (`expect`, `wait-until`, `up`, `that`, the outputs of a file).
 */
export type Absent = "is-an-error" | "is-judged";

const NO_FACTS: ReadonlySet<string> = new Set();

function checkRead(read: ExpressionRead, absent: Absent, place: Place, context: FileContext): void {
  const { path, span } = read;
  if (place.scope.lookup(path) === undefined) {
    reportUnknown(path, span, place, context);
    return;
  }
  if (!read.guarded && readsSecret(path, place)) {
    reportSecret(path, span, "the outcome of an expression", `\`has(${path.join(".")})\` may be asked: whether it was given`, context);
    return;
  }
  const local = read.facts.length === 0 ? NO_FACTS : new Set(read.facts);
  const target = path[0] === "steps" ? context.stepsById.get(path[1] ?? "") : undefined;
  const fault = target === undefined ? undefined : reachFault(path, target, place.reader, local, context.found);
  if (fault !== undefined && !(read.guarded && fault.code === "step-may-not-have-run")) {
    context.report(errorAt(span, fault.code, fault.message, fault.hint));
    return;
  }
  if (absent === "is-judged" || read.guarded) return;
  const optional = optionalPart(place.scope, path)?.join(".");
  if (optional === undefined || isKnown(`has(${optional})`, place.reader, local, context.found)) return;
  context.report(errorAt(span, "may-be-absent", `\`${optional}\` may be absent, and then nobody knows what this comes to`, `ask for it first: \`has(${optional}) && …\``));
}

/** An expression with every name in it checked; undefined where it has faults, or where it is no scalar (the validator has said so). */
export function lowerExpression(node: Node | undefined, expected: "boolean" | "list" | "any", absent: Absent, place: Place, context: FileContext): Expression | undefined {
  if (node?.kind !== "scalar" || isAbsent(node)) return undefined;
  const compiled = compileExpression(node, place.scope, expected);
  if (compiled.kind === "error") {
    compiled.error.forEach(context.report);
    return undefined;
  }
  for (const read of readsOf(compiled.value)) checkRead(read, absent, place, context);
  return compiled.value;
}

/** `that` with its `because`: `{that: …, because: …}`, or the condition alone. */
export function lowerCondition(node: Node | undefined, place: Place, context: FileContext): Condition | undefined {
  const isPair = node?.kind === "map";
  const that = lowerExpression(isPair ? valueAt(node, "that") : node, "boolean", "is-judged", place, context);
  const because = isPair ? lowerBecause(valueAt(node, "because"), place, context) : undefined;
  return that === undefined ? undefined : { that, because };
}

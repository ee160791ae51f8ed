import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { Json } from "../../core/json.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { Expression, Path, Scope } from "../../core/runbook.ts";
import type { Schema, Verdict } from "../../core/schema.ts";
import type { Span } from "../../core/source.ts";
import type { CelFault } from "./cel-function.ts";
import { conjunctsOf, lineOf, macroOf, sourceOf, type CelNode } from "./cel-node.ts";
import { compileCel, runCel, type CelOutcome, type CelProgram } from "./cel-program.ts";
import { factsOfDecision, walk } from "./cel-read.ts";
import { celTypeWords, schemaOf } from "./cel-type.ts";
import { fromCel, NotKnown } from "./cel-value.ts";
import { spanInside, type ScalarNode } from "./node.ts";
import { pathText } from "./template-path.ts";

/** The names in reach where an expression stands, with their types. */
export interface TypeScope {
  /** The type of a path, `["steps", "a", "outputs"]`; undefined where there is no such name. */
  lookup(path: Path): Schema | undefined;
  /** The names below a path, for hints; of `[]`: the roots. */
  namesAt(path: Path): readonly string[];
}

/** A name that an expression reads. */
export interface ExpressionRead {
  readonly path: Path;
  readonly span: Span;
  /** Stands in `has(…)`: it may be absent. */
  readonly guarded: boolean;
  /** What is surely true where it is read, from the left of `&&`, `||` and `?:`; one text for every way to write it: `steps.a.done`, `!inputs.x`, `has(outputs.y)`. */
  readonly facts: readonly string[];
}

/** What an evaluation gives. `not-known`: an absent value, an index out of range, a division by zero. */
export type Evaluated = { readonly kind: "value"; readonly value: Json } | { readonly kind: "not-known"; readonly because: string };

/** What only this file puts into an {@link Expression}. */
interface Compiled {
  readonly program: CelProgram;
  readonly scalar: ScalarNode;
}

function compiledOf(expression: Expression): Compiled {
  // `program` is unknown outside this file, and only this file sets it.
  return expression.program as Compiled;
}

/**
 * Parses and types a CEL expression. Its cost depends on the expression alone, not on how many names are in reach. On the
 * unhappy path: every unknown name, or the first thing that does not fit, each with its place.
 */
export function compileExpression(scalar: ScalarNode, scope: TypeScope, expected: "boolean" | "list" | "any"): Result<Expression, readonly Diagnostic[]> {
  const compiled = compileCel(scalar.text, scope);
  if ("faults" in compiled) return error(compiled.faults.map((fault) => diagnosticOf(fault, scalar)));
  const { program } = compiled;
  const misfit = expectationFault(program, scalar.text, expected);
  if (misfit !== undefined) return error([diagnosticOf(misfit, scalar)]);
  const type = program.slotOf.get(program.root)?.schema ?? schemaOf(program.type);
  return ok({ span: scalar.span, text: scalar.text, reads: program.reads, type, program: { program, scalar } satisfies Compiled });
}

function expectationFault(program: CelProgram, text: string, expected: "boolean" | "list" | "any"): CelFault | undefined {
  const { type } = program;
  const fault = { start: 0, end: text.length, code: "wrong-type" };
  if (type.name === "type") return { ...fault, message: "a type is no value", hint: "compare it: `type(x) == string`" };
  if (expected === "any" || type.kind === "dyn") return undefined;
  if (expected === "boolean" && type.name !== "bool") return { ...fault, message: `a condition is true or false, and this is ${celTypeWords(type)}`, hint: "compare it with something: `==`, `!=`, `<`, or ask `has(…)`" };
  if (expected === "list" && type.kind !== "list") return { ...fault, message: `a list is expected here, and this is ${celTypeWords(type)}`, hint: "`inputs.nodes`, `[\"a\", \"b\"]`, `targets.nodes.addresses`" };
  return undefined;
}

function diagnosticOf(fault: CelFault, scalar: ScalarNode): Diagnostic {
  return errorAt(spanInside(scalar, fault.start, fault.end), fault.code, fault.message, fault.hint);
}

/** Every name that an expression reads, once for each place, in the order in which they are written. */
export function readsOf(expression: Expression): readonly ExpressionRead[] {
  const { program, scalar } = compiledOf(expression);
  const reads: ExpressionRead[] = [];
  walk(program.root, {
    read({ path, places, node, kind, after }): void {
      if (!program.slotOf.has(node)) return;
      reads.push({ path, span: spanInside(scalar, places[0]?.start ?? node.start, kind === "value" ? node.end : places.at(-1)?.end ?? node.end), guarded: kind === "presence", facts: after.flatMap(factsOfDecision) });
    },
  });
  return reads;
}

/** What is surely true where the whole expression is true, in the texts of {@link ExpressionRead}. */
export function factsOf(expression: Expression): readonly string[] {
  return factsOfDecision({ node: compiledOf(expression).program.root, came: "true" });
}

/** The value of an expression. It never fails: what cannot be told is `not-known`, with a sentence. */
export function evaluate(expression: Expression, scope: Scope): Evaluated {
  const { program } = compiledOf(expression);
  return evaluated(runCel(program, program.root, scope));
}

function evaluated(outcome: CelOutcome): Evaluated {
  if (outcome.kind === "not-known") return outcome;
  try {
    return { kind: "value", value: fromCel(outcome.value) };
  } catch (thrown) {
    if (thrown instanceof NotKnown) return { kind: "not-known", because: thrown.message };
    throw thrown;
  }
}

/** Judges a condition. False names the part between `&&` that is false, with the values that it was judged by. */
export function judge(expression: Expression, scope: Scope): Verdict {
  const { program } = compiledOf(expression);
  const whole = runCel(program, program.root, scope);
  if (whole.kind === "not-known") return whole;
  if (whole.value === true) return { kind: "true" };
  if (whole.value !== false) return { kind: "not-known", because: `\`${lineOf(program.root)}\` is neither true nor false` };
  for (const part of conjunctsOf(program.root)) {
    const outcome = runCel(program, part, scope);
    if (outcome.kind === "value" && outcome.value === false) return { kind: "false", because: whyFalse(program, part, scope) };
  }
  return { kind: "false", because: `\`${lineOf(program.root)}\` is false` };
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "in"]);

/** A false part with its values: `a < b` is false: 8.1.263.1 < 8.1.263.1. */
function whyFalse(program: CelProgram, part: CelNode, scope: Scope): string {
  const text = `\`${lineOf(part)}\``;
  const show = (node: CelNode): string => shown(evaluated(runCel(program, node, scope)));
  if (program.slotOf.has(part)) return `${text} is false`;
  if (part.op === "!_") return `\`${lineOf(part.args as CelNode)}\` is true`;
  const failing = failingItems(program, part, scope);
  if (failing !== undefined) return `${text} is false for ${failing}`;
  if (COMPARISONS.has(part.op)) {
    const [left, right] = part.args as [CelNode, CelNode];
    return `${text} is false: ${show(left)} ${part.op} ${show(right)}`;
  }
  const values: string[] = [];
  walk(part, {
    read({ node }): void {
      const value = `\`${lineOf(node)}\` = ${show(node)}`;
      if (program.slotOf.has(node) && !values.includes(value)) values.push(value);
    },
  });
  return values.length === 0 ? `${text} is false` : `${text} is false: ${values.slice(0, 4).join(", ")}`;
}

/** The items for which `list.all(x, …)` does not hold, the first three; undefined where the part is no such macro or they cannot be told. */
function failingItems(program: CelProgram, part: CelNode, scope: Scope): string | undefined {
  const macro = macroOf(part);
  const [asked] = macro?.body ?? [];
  if (macro === undefined || macro.name !== "all" || asked === undefined) return undefined;
  const types: TypeScope = { lookup: (path) => program.slots.find((slot) => pathText(slot.path) === pathText(path))?.schema, namesAt: () => [] };
  const compiled = compileCel(`(${sourceOf(macro.list)}).filter(${sourceOf(macro.variable)}, !(${sourceOf(asked)}))`, types);
  if ("faults" in compiled) return undefined;
  const items = evaluated(runCel(compiled.program, compiled.program.root, scope));
  if (items.kind !== "value" || !Array.isArray(items.value)) return undefined;
  const texts = items.value.map((value: Json) => shown({ kind: "value", value }));
  return texts.length === 0 ? undefined : `${texts.slice(0, 3).join(", ")}${texts.length > 3 ? ` and ${texts.length - 3} more` : ""}`;
}

function shown(outcome: Evaluated): string {
  if (outcome.kind === "not-known") return "not known";
  const text = typeof outcome.value === "string" ? outcome.value : JSON.stringify(outcome.value);
  return text === "" ? "\"\"" : text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

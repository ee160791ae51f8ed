import { EvaluationError, ParseError, type ParseResult } from "@marcbachmann/cel-js";
import type { Path, Scope } from "../../core/runbook.ts";
import { comparisonFault } from "./cel-compare.ts";
import { baseEnvironment, environmentOf } from "./cel-environment.ts";
import { parseFault, typeFault } from "./cel-fault.ts";
import { callFault, guardDivision, replaceFunction, type CelFault } from "./cel-function.ts";
import { macroOf, lineOf, type CelNode, type CelType } from "./cel-node.ts";
import { refusedFault, walk, type CelRead } from "./cel-read.ts";
import { resolve, type CelSlot } from "./cel-slot.ts";
import { celTypeOf } from "./cel-type.ts";
import { NotKnown, toCel, type CelAmount } from "./cel-value.ts";
import type { TypeScope } from "./expression.ts";
import { maskedAt, pathText, valueAtPath } from "./template-path.ts";

/** Longest text of an expression, in characters. */
const LONGEST = 10_000;

/** Most values that macros may look at in one evaluation, nested ones multiplied: about a second's work. */
const MOST_VALUES = 1_000_000;

/** A compiled expression: its tree, in which every name of the scope stands for a slot, and the names. */
export interface CelProgram {
  readonly root: CelNode;
  readonly slots: readonly CelSlot[];
  /** Paths of the slots. */
  readonly reads: readonly Path[];
  readonly slotOf: ReadonlyMap<CelNode, CelSlot>;
  readonly types: readonly string[];
  readonly type: CelType;
  /** How deep macros stand in each other. */
  readonly macroDepth: number;
}

/** What an evaluation gives: a CEL value, or why it is not known. */
export type CelOutcome = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "not-known"; readonly because: string };

/** Parses a text, finds the types of what it reads, and checks it. On the unhappy path: every unknown name, or the first thing that does not fit. */
export function compileCel(text: string, scope: TypeScope): { readonly program: CelProgram } | { readonly faults: readonly CelFault[] } {
  if (text.length > LONGEST) return { faults: [{ start: 0, end: text.length, code: "expression-too-large", message: `the expression is longer than ${LONGEST} characters`, hint: "split it into several conditions, or into steps" }] };
  if (text.trim() === "") return { faults: [{ start: 0, end: text.length, code: "empty-expression", message: "the expression is empty" }] };
  const known = knownProgram(text, scope);
  if (known !== undefined) return { program: known };
  try {
    const compiled = compileChecked(text, scope);
    if ("program" in compiled) keepProgram(text, compiled.program);
    return compiled;
  } catch (thrown) {
    if (thrown instanceof ParseError) return { faults: [parseFault(text, thrown)] };
    // The library counts depth only at parentheses; `!!!…` ends here.
    if (thrown instanceof RangeError) return { faults: [{ start: 0, end: text.length, code: "expression-too-large", message: "the expression is too deep", hint: "split it into several conditions, or into steps" }] };
    throw thrown;
  }
}

/** Programs by text, so that a condition that stands at a thousand steps is one tree. Emptied where it holds as many. */
const programs = new Map<string, CelProgram>();
const MOST_PROGRAMS = 1_000;

/** The program of an equal text, if every name in it has the very same type here. Macros bind names of their own, which depend on what is in reach: they are compiled anew. */
function knownProgram(text: string, scope: TypeScope): CelProgram | undefined {
  const program = programs.get(text);
  if (program === undefined || program.macroDepth > 0) return undefined;
  const isSame = program.slots.every(({ kind, path, schema }) => {
    const here = scope.lookup(path);
    return kind === "presence" ? here !== undefined : here === schema;
  });
  return isSame ? program : undefined;
}

function keepProgram(text: string, program: CelProgram): void {
  if (programs.size >= MOST_PROGRAMS) programs.clear();
  programs.set(text, program);
}

function compileChecked(text: string, scope: TypeScope): { readonly program: CelProgram } | { readonly faults: readonly CelFault[] } {
  const root = baseEnvironment().parse(text).ast as CelNode;
  const faults: CelFault[] = [];
  const slots = new Map<string, { readonly slot: CelSlot; readonly variable: string }>();
  const slotOf = new Map<CelNode, CelSlot>();
  const replaced: { readonly node: CelNode; readonly variable: string }[] = [];
  const others: CelNode[] = [];
  let macroDepth = 0;
  const isName = (name: string): boolean => scope.namesAt([]).includes(name);
  walk(root, {
    read(read: CelRead): void {
      const resolved = resolve(read, scope);
      if ("fault" in resolved) faults.push(resolved.fault);
      if (!("slot" in resolved)) return;
      const key = JSON.stringify([read.kind, ...read.path]);
      const known = slots.get(key) ?? { slot: resolved.slot, variable: `_${slots.size}` };
      slots.set(key, known);
      slotOf.set(read.node, known.slot);
      replaced.push({ node: read.node, variable: known.variable });
    },
    node(node: CelNode, bound: ReadonlySet<string>): void {
      const fault = callFault(node) ?? refusedFault(node, bound, isName);
      if (fault !== undefined) faults.push(fault);
      if (macroOf(node) !== undefined) macroDepth = Math.max(macroDepth, bound.size + 1);
      others.push(node);
    },
  });
  if (faults.length > 0) return { faults: faults.toSorted((a, b) => a.start - b.start) };
  for (const { node, variable } of replaced) node.setMeta("alternate", variableAt(node, variable));
  others.forEach(replaceFunction);
  const list = [...slots.values()].map(({ slot }) => slot);
  const types = list.map(({ schema }) => celTypeOf(schema));
  const checked = runnable(root, types).check();
  if (!checked.valid) {
    if (checked.error instanceof RangeError) throw checked.error;
    return { faults: [typeFault(checked.error, root)] };
  }
  walk(root, {
    node(node: CelNode): void {
      const fault = comparisonFault(node, slotOf);
      if (fault !== undefined) faults.push(fault);
    },
  });
  if (faults.length > 0) return { faults };
  others.forEach(guardDivision);
  return { program: { root, slots: list, reads: list.map(({ path }) => path), slotOf, types, type: root.checkedType ?? { name: "dyn", kind: "dyn" }, macroDepth } };
}

/** A node that reads a variable, at the place of another. */
function variableAt(node: CelNode, variable: string): CelNode {
  const made = baseEnvironment().parse(variable).ast as CelNode;
  return Object.assign(made, { pos: node.pos, start: node.start, end: node.end });
}

/** A part of a parsed expression as something that the library checks and evaluates. */
function runnable(node: CelNode, types: readonly string[]): ParseResult {
  const made = environmentOf(types).parse("_");
  (made.ast as CelNode).setMeta("alternate", node);
  return made;
}

/** Evaluates an expression, or one of its parts. Only what the expression reads is taken from the scope. */
export function runCel(program: CelProgram, node: CelNode, scope: Scope): CelOutcome {
  const values = new Map<string, unknown>();
  const missing = new Map<string, string>();
  const amount: CelAmount = { values: 0 };
  program.slots.forEach((slot, index) => {
    const taken = take(slot, scope, amount);
    if (taken.kind === "value") values.set(`_${index}`, taken.value);
    else missing.set(`_${index}`, taken.because);
  });
  if (program.macroDepth > 0 && amount.values ** program.macroDepth > MOST_VALUES) return { kind: "not-known", because: `there is too much to look at: ${amount.values} values` };
  try {
    return { kind: "value", value: runnable(node, program.types)(values) };
  } catch (thrown) {
    if (thrown instanceof NotKnown) return { kind: "not-known", because: thrown.message };
    if (thrown instanceof EvaluationError) return { kind: "not-known", because: whyNot(thrown, node, missing) };
    throw thrown;
  }
}

/** The value of a slot. */
function take(slot: CelSlot, scope: Scope, amount: CelAmount): CelOutcome {
  const value = valueAtPath(scope, slot.path);
  if (slot.kind === "presence") return { kind: "value", value: value !== undefined };
  if (value === undefined) return { kind: "not-known", because: `\`${pathText(slot.path)}\` has no value` };
  const masked = maskedAt(slot.path, value);
  if (masked !== undefined) return { kind: "not-known", because: masked };
  try {
    return { kind: "value", value: toCel(value, slot.schema, amount) };
  } catch (thrown) {
    if (thrown instanceof NotKnown) return { kind: "not-known", because: `\`${pathText(slot.path)}\` ${thrown.message}` };
    throw thrown;
  }
}

function whyNot(thrown: EvaluationError, root: CelNode, missing: ReadonlyMap<string, string>): string {
  const node = (thrown.node ?? root) as CelNode;
  const text = `\`${lineOf(node)}\``;
  switch (thrown.code) {
    case "unknown_variable":
      return (node.op === "id" ? missing.get(node.args) : undefined) ?? `${text} has no value`;
    case "no_such_key":
      return `${text} has no value`;
    case "index_out_of_bounds":
    case "index_out_of_range":
      return `${text}: there is no such item`;
    case "division_by_zero":
    case "modulo_by_zero":
      return `${text} divides by zero`;
    case "numeric_overflow":
      return `${text}: the number is too large`;
    case "int_conversion_error":
    case "double_conversion_error":
    case "bool_conversion_error":
      return `${text}: the text is no ${thrown.code === "bool_conversion_error" ? "`true` or `false`" : "number"}`;
    case "invalid_logical_operand":
    case "invalid_condition_type":
      return `${text} is neither true nor false`;
    default:
      return `${text}: the values do not fit`;
  }
}

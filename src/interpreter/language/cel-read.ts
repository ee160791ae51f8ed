import type { CelFault } from "./cel-function.ts";
import { askedOf, compactOf, conjunctsOf, macroOf, operandsOf, pathOf, type CelNode, type CelPath } from "./cel-node.ts";

/** A name of the scope that an expression reads. */
export interface CelRead extends CelPath {
  readonly node: CelNode;
  /** `value`: what it is; `presence`: whether it is there, in `has(…)` (`node` is then the whole call). */
  readonly kind: "value" | "presence";
  /** What is decided before it is read, on the left of `&&`, `||` and `?:`. */
  readonly after: readonly CelDecision[];
}

/** A part of a condition, and what it came to. */
export interface CelDecision {
  readonly node: CelNode;
  readonly came: "true" | "false";
}

/** What a walk through an expression meets. Nodes come before their operands. */
export interface CelVisitor {
  read?(read: CelRead): void;
  /** Every node but names of the scope; `bound`: the names that macros around it bind. */
  node?(node: CelNode, bound: ReadonlySet<string>): void;
}

const NONE: ReadonlySet<string> = new Set();

/** Goes through an expression, in the order in which it is written. */
export function walk(node: CelNode, visitor: CelVisitor, bound: ReadonlySet<string> = NONE, after: readonly CelDecision[] = []): void {
  const path = pathOf(node);
  if (path !== undefined && !bound.has(path.path[0] ?? "")) return visitor.read?.({ ...path, node, kind: "value", after });
  visitor.node?.(node, bound);
  const asked = askedOf(node);
  const askedPath = asked === undefined ? undefined : pathOf(asked);
  if (askedPath !== undefined && !bound.has(askedPath.path[0] ?? "")) return visitor.read?.({ ...askedPath, node, kind: "presence", after });
  const macro = macroOf(node);
  if (macro !== undefined) {
    walk(macro.list, visitor, bound, after);
    const inner = macro.variable.op === "id" ? new Set([...bound, macro.variable.args]) : bound;
    for (const part of macro.body) walk(part, visitor, inner, after);
    return;
  }
  if (node.op === "&&" || node.op === "||") {
    const [left, right] = node.args as [CelNode, CelNode];
    walk(left, visitor, bound, after);
    walk(right, visitor, bound, [...after, { node: left, came: node.op === "&&" ? "true" : "false" }]);
  } else if (node.op === "?:") {
    const [condition, yes, no] = node.args as [CelNode, CelNode, CelNode];
    walk(condition, visitor, bound, after);
    walk(yes, visitor, bound, [...after, { node: condition, came: "true" }]);
    walk(no, visitor, bound, [...after, { node: condition, came: "false" }]);
  } else {
    for (const operand of operandsOf(node)) walk(operand, visitor, bound, after);
  }
}

/** What a decision says for certain, each as one text for every way to write it: `steps.a.done`, `!inputs.x`, `has(outputs.y)`. */
export function factsOfDecision({ node, came }: CelDecision): readonly string[] {
  if (node.op === "!_") return factsOfDecision({ node: node.args as CelNode, came: came === "true" ? "false" : "true" });
  if (came === "true") {
    const parts = conjunctsOf(node);
    return parts.length === 1 ? [textOf(node)] : parts.flatMap((part) => factsOfDecision({ node: part, came }));
  }
  if (node.op === "||") return node.args.flatMap((part) => factsOfDecision({ node: part as CelNode, came }));
  return [`!${textOf(node)}`];
}

function textOf(node: CelNode): string {
  const path = pathOf(node);
  if (path !== undefined) return path.path.join(".");
  const asked = askedOf(node);
  return asked === undefined ? compactOf(node) : `has(${textOf(asked)})`;
}

/** What cannot stand in an expression of ours although CEL has it. */
export function refusedFault(node: CelNode, bound: ReadonlySet<string>, isName: (name: string) => boolean): CelFault | undefined {
  const fault = (code: string, message: string, hint?: string): CelFault => ({ start: node.start, end: node.end, code, message, ...(hint === undefined ? {} : { hint }) });
  if (node.op === "value") {
    if (typeof node.args === "string" && /\{\{.*\}\}/s.test(node.args)) return fault("braces-in-expression", "braces mean nothing in a condition: this is only text", "write the name itself, without braces and quotes: `inputs.name`");
    if (typeof node.args === "object" && node.args !== null) return fault("not-in-expressions", "bytes and unsigned numbers are not part of this language", "write `\"text\"` or `12`");
  }
  const macro = macroOf(node);
  if (macro?.variable.op !== "id") return undefined;
  const name = macro.variable.args;
  if (isName(name) || bound.has(name)) return { ...macro.variable.range, code: "macro-name", message: `\`${name}\` is a name already`, hint: `choose another name in \`${macro.name}(…)\`` };
  return undefined;
}

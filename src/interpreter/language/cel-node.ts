import type { ASTNode } from "@marcbachmann/cel-js";
import type { Path } from "../../core/runbook.ts";

/** A node of a parsed expression: the library's, with what its checker and evaluator keep on it and its types leave out (hence the pinned version). */
export type CelNode = ASTNode & {
  /** Set by the checker. */
  readonly checkedType?: CelType;
  /** How an operator comes to its value; set by the checker. */
  handle?: (left: unknown, right: unknown, node: unknown, evaluator: unknown) => unknown;
  /** What is checked and evaluated in place of the node. */
  setMeta(key: "alternate", node: CelNode): CelNode;
};

/** A type as the library's checker gives it. */
export interface CelType {
  readonly name: string;
  readonly kind: "primitive" | "message" | "list" | "map" | "dyn" | "param" | "optional";
  readonly keyType?: CelType;
  readonly valueType?: CelType;
}

/** A name with its parts, as far as they are written out: `steps.a.outputs.n`, `inputs.env["A-B"]`. */
export interface CelPath {
  readonly path: Path;
  /** Where each part stands. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

/** The macros that bind a name in their arguments, by the number of their arguments. */
const MACROS: ReadonlyMap<string, readonly number[]> = new Map([["all", [2]], ["exists", [2]], ["exists_one", [2]], ["map", [2, 3]], ["filter", [2]]]);

/** A macro over a list: what it goes over, the name that it binds, and what it asks of each item. */
export interface CelMacro {
  readonly name: string;
  readonly list: CelNode;
  readonly variable: CelNode;
  readonly body: readonly CelNode[];
}

/** The macro that a node is; undefined where it is none. The bound name may be anything yet. */
export function macroOf(node: CelNode): CelMacro | undefined {
  if (node.op !== "rcall") return undefined;
  const [name, list, args] = node.args;
  const [variable, ...body] = args as CelNode[];
  if (variable === undefined || MACROS.get(name)?.includes(args.length) !== true) return undefined;
  return { name, list: list as CelNode, variable, body };
}

/** What `has(…)` asks for; undefined where the node is no `has` with one argument. */
export function askedOf(node: CelNode): CelNode | undefined {
  if (node.op !== "call" || node.args[0] !== "has" || node.args[1].length !== 1) return undefined;
  return node.args[1][0] as CelNode;
}

/** The name that a node is, with all its parts; undefined where it is none or one part is computed. */
export function pathOf(node: CelNode): CelPath | undefined {
  const path: string[] = [];
  const places: { start: number; end: number }[] = [];
  for (let at: CelNode = node; ; ) {
    if (at.op === "id") {
      path.push(at.args);
      places.push({ start: at.start, end: at.end });
      return { path: path.toReversed(), places: places.toReversed() };
    }
    if (at.op === ".") {
      path.push(at.args[1]);
      places.push({ start: at.pos, end: at.end });
    } else if (at.op === "[]" && at.args[1].op === "value" && typeof at.args[1].args === "string") {
      path.push(at.args[1].args);
      places.push({ start: at.args[1].start, end: at.args[1].end });
    } else return undefined;
    at = at.args[0] as CelNode;
  }
}

/** The operands of a node, in the order in which they are written; of a name nothing. */
export function operandsOf(node: CelNode): readonly CelNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case "!_":
    case "-_":
      return [node.args as CelNode];
    case ".":
    case ".?":
      return [node.args[0] as CelNode];
    case "call":
      return node.args[1] as CelNode[];
    case "rcall":
      return [node.args[1], ...node.args[2]] as CelNode[];
    case "map":
      return node.args.flat() as CelNode[];
    default:
      return node.args as CelNode[];
  }
}

/** The parts of a condition between its outermost `&&`, in order; the condition itself where it has none. */
export function conjunctsOf(node: CelNode): readonly CelNode[] {
  return node.op === "&&" ? node.args.flatMap((part) => conjunctsOf(part as CelNode)) : [node];
}

/** Where a node stands, with the parentheses that belong to its operands: the library leaves them out at both ends. */
export function placeOf(node: CelNode): { readonly start: number; readonly end: number } {
  const { input } = node;
  const code = input.replace(TEXT_OR_SPACE, (found) => "_".repeat(found.length));
  let { start, end } = node;
  let open = 0;
  let missing = 0;
  for (const unit of code.slice(start, end)) {
    if (unit === "(") open += 1;
    else if (unit === ")" && open > 0) open -= 1;
    else if (unit === ")") missing += 1;
  }
  for (; missing > 0 && start > 0; start -= 1) if (code[start - 1] === "(") missing -= 1;
  for (; open > 0 && end < code.length; end += 1) if (code[end] === ")") open -= 1;
  return { start, end };
}

/** A node as it was written. */
export function sourceOf(node: CelNode): string {
  const { start, end } = placeOf(node);
  return node.input.slice(start, end);
}

/** Texts in quotes, comments, and white space: where one begins, it hides the others. */
const TEXT_OR_SPACE = /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?:\/\/[^\n]*|\s)+/g;

/** A node on one line, for people: without comments, with single blanks; texts in quotes as they are. */
export function lineOf(node: CelNode): string {
  return sourceOf(node).replace(TEXT_OR_SPACE, (_, text: string | undefined) => text ?? " ");
}

/** One text for every way to write a node: without comments and white space; texts in quotes as they are. */
export function compactOf(node: CelNode): string {
  return sourceOf(node).replace(TEXT_OR_SPACE, (_, text: string | undefined) => text ?? "");
}

import { TypeError as CelTypeError, type ParseError } from "@marcbachmann/cel-js";
import { REPLACED } from "./cel-environment.ts";
import { nameHint } from "../../core/names.ts";
import type { CelFault } from "./cel-function.ts";
import { operandsOf, placeOf, lineOf, type CelNode, type CelType } from "./cel-node.ts";
import { CEL_DURATION, CEL_TIME, celTypeWords, recordNamed } from "./cel-type.ts";

const BRACES_HINT = "write the name itself: `inputs.name`, `steps.id.outputs.name`";

/** Words of other languages for operators of CEL. */
const OPERATOR_WORDS: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!", is: "==" };

/** Why a text is no expression, in our words. */
export function parseFault(text: string, thrown: ParseError): CelFault {
  const start = Math.min(thrown.range?.start ?? 0, text.length);
  const end = Math.min(Math.max(thrown.range?.end ?? start, start + 1), text.length);
  const at = (code: string, message: string, hint?: string, from = start, to = end): CelFault => ({ start: from, end: to, code, message, ...(hint === undefined ? {} : { hint }) });
  if (thrown.code === "invalid_macro_argument") return at("macro-name", "a name is wanted here, which stands for each item", "`list.all(x, x != \"\")`");
  const braces = /\$?\{\{/.exec(text);
  if (braces !== null) return at("braces-in-expression", "conditions are CEL, without braces", BRACES_HINT, braces.index, braces.index + braces[0].length);
  if (thrown.code === "limit_exceeded") return at("expression-too-large", "the expression is too large or too deep", "split it into several conditions, or into steps");
  if (thrown.code.includes("unterminated") || thrown.code === "newline_in_string") return at("unclosed-text", "a text in quotes is not closed", "end it with the quote that it began with", start, text.length);
  if (thrown.code.includes("escape") || thrown.code === "invalid_unicode_surrogate") return at("wrong-escape", "this is no escape of CEL", "a backslash is written `\\\\`, or the text is marked raw: `r\"C:\\kb\"`");
  const word = operatorWordBefore(text, start);
  if (word !== undefined) return at("operator-word", `\`${word.word}\` is written \`${OPERATOR_WORDS[word.word]}\` in CEL`, undefined, word.start, word.start + word.word.length);
  const unit = text[start];
  if (unit === "=") return text[start - 1] === "=" ? at("wrong-operator", "`===` is written `==` in CEL") : at("wrong-operator", "`=` is no comparison: write `==`");
  if (unit === "&" || unit === "|") return at("wrong-operator", `\`${unit}\` is written \`${unit}${unit}\` in CEL`);
  if (unit === ">" && text[start - 1] === "<") return at("wrong-operator", "`<>` is written `!=` in CEL");
  if (unit === "$") return at("wrong-name", "a name is written without `$`", BRACES_HINT);
  if (thrown.code === "reserved_identifier") return at("reserved-name", `\`${text.slice(start, end)}\` is a word of CEL and no name`);
  if (text.slice(start).trim() === "") return at("unfinished-expression", "the expression ends too early", "look for a parenthesis that is not closed, or an operator with nothing behind it", Math.max(0, text.trimEnd().length - 1), text.trimEnd().length);
  return at("unreadable-expression", `this cannot be read: \`${text.slice(start, Math.max(end, start + 1))}\` is not expected here`, "an expression compares values: `outputs.state == \"Online\" && outputs.votes >= 2`");
}

/** A word such as `and` at the place where the parser stopped, or directly before it. */
function operatorWordBefore(text: string, at: number): { readonly word: string; readonly start: number } | undefined {
  const here = /^(and|or|is|not)\b/.exec(text.slice(at));
  if (here?.[1] !== undefined) return { word: here[1], start: at };
  const before = /(?:^|[^\w.])(and|or|not|is)\s+$/.exec(text.slice(0, at));
  return before?.[1] === undefined ? undefined : { word: before[1], start: before.index + before[0].indexOf(before[1]) };
}

/** What a type's values are compared with, as an example. */
const COMPARED: ReadonlyMap<string, string> = new Map([["version", 'version("8.1.263.1")'], ["filesize", 'filesize("200MB")'], [CEL_DURATION, 'duration("10m")'], [CEL_TIME, 'timestamp("2007-11-20T09:00:00Z")']]);

/** Why an expression has no type, in our words. The library has no reason of its own where the type of an empty list or map decides. */
export function typeFault(thrown: Error | undefined, root: CelNode): CelFault {
  if (!(thrown instanceof CelTypeError)) return { ...placeOf(root), code: "wrong-type", message: "the types in this expression cannot be told", hint: "an empty list or map has no type of its own: leave it out" };
  const node = (thrown.node ?? root) as CelNode;
  const at = (code: string, message: string, hint?: string): CelFault => ({ ...placeOf(node), code, message, ...(hint === undefined ? {} : { hint }) });
  switch (thrown.code) {
    case "no_such_overload":
      return operatorFault(node, at);
    case "no_matching_overload": {
      const name = node.op === "call" || node.op === "rcall" ? node.args[0] : "";
      const args = (node.op === "call" ? node.args[1] : node.op === "rcall" ? [node.args[1], ...node.args[2]] : []) as CelNode[];
      const types = args.map((arg) => wordsOf(arg)).filter((words) => words !== undefined);
      return at("wrong-type", `\`${shownName(name)}\` does not work on ${types.join(" and ")}`, node.op === "rcall" && args[0]?.checkedType?.kind === "list" ? "ask each item: `list.all(x, …)`, `list.exists(x, …)`" : undefined);
    }
    case "no_such_key": {
      const owner = node.op === "." || node.op === "[]" ? (node.args[0] as CelNode) : undefined;
      const name = node.op === "." ? node.args[1] : "";
      const fields = Object.keys(recordNamed(owner?.checkedType?.name ?? "")?.fields ?? {});
      const place = node.op === "." ? { start: node.pos, end: node.end } : placeOf(node);
      const message = owner !== undefined && fields.length === 0 ? `\`${lineOf(owner)}\` is ${wordsOf(owner) ?? "a value"} and has no parts` : `there is no \`${name}\` in \`${owner === undefined ? lineOf(node) : lineOf(owner)}\``;
      const hint = nameHint(name, fields);
      return { ...place, code: "unknown-name", message, ...(hint === undefined ? {} : { hint }) };
    }
    case "cannot_index_type": {
      const owner = node.op === "." || node.op === "[]" ? (node.args[0] as CelNode) : node;
      return at("unknown-name", `\`${lineOf(owner)}\` is ${wordsOf(owner) ?? "a value"} and has no parts`);
    }
    case "invalid_index_type":
      return at("wrong-type", "an item of a list is named by a whole number", "`list[0]` is the first");
    case "invalid_logical_operand": {
      const wrong = operandsOf(node).find((part) => part.checkedType?.name !== "bool" && part.checkedType?.kind !== "dyn");
      const operand = wrong ?? node;
      return { ...placeOf(operand), code: "wrong-type", message: `\`${node.op}\` joins conditions, and \`${lineOf(operand)}\` is ${wordsOf(operand) ?? "none"}`, hint: "compare it with something: `==`, `!=`, `<`" };
    }
    case "invalid_condition_type":
      return at("wrong-type", `\`${lineOf(node)}\` is ${wordsOf(node) ?? "no condition"} and no condition`, "compare it with something: `==`, `!=`, `<`");
    case "incompatible_ternary_branches":
      return at("wrong-type", `both answers of \`? :\` must be of one type, and these are ${operandsOf(node).slice(1).map((answer) => wordsOf(answer) ?? "another").join(" and ")}`);
    case "heterogeneous_list_element":
    case "heterogeneous_map_key":
    case "heterogeneous_map_value":
      return at("wrong-type", `all items must be of one type, and \`${lineOf(node)}\` is ${wordsOf(node) ?? "of another"}`);
    case "invalid_comprehension_range":
      return at("wrong-type", `\`${lineOf(node)}\` is ${wordsOf(node) ?? "no list"}: \`all\`, \`exists\`, \`map\` and \`filter\` go over a list`);
    case "invalid_macro_argument":
      return at("wrong-type", "`has` asks for a name with a dot", "`has(outputs.name)`");
    default:
      return at("wrong-type", `\`${lineOf(node)}\` has no type that can be told`);
  }
}

function operatorFault(node: CelNode, at: (code: string, message: string, hint?: string) => CelFault): CelFault {
  if (node.op === "!_" || node.op === "-_") {
    const operand = node.args as CelNode;
    return at("wrong-type", `\`${node.op[0]}\` does not work on ${wordsOf(operand) ?? "this"}`, node.op === "!_" ? "compare it with something: `==`, `!=`" : undefined);
  }
  const [left, right] = (Array.isArray(node.args) ? node.args : []) as CelNode[];
  const types = [left?.checkedType, right?.checkedType].filter((type): type is CelType => type !== undefined);
  const special = types.find((type) => COMPARED.has(type.name));
  const [one, two] = types;
  if (one === undefined || two === undefined) return at("wrong-type", `\`${node.op}\` does not work on these values`);
  const hint = special !== undefined ? `${celTypeWords(special)} is compared with ${celTypeWords(special)}: \`${COMPARED.get(special.name)}\`` : partsHint(one, two);
  return at("wrong-type", `\`${node.op}\` does not work between ${celTypeWords(one)} and ${celTypeWords(two)}`, hint);
}

function partsHint(one: CelType, two: CelType): string | undefined {
  if (recordNamed(one.name) !== undefined || recordNamed(two.name) !== undefined) return "compare parts of the objects";
  const names = [one.name, two.name];
  if (names.includes("string") && names.includes("int")) return "a text is written in quotes, a number without; `int(x)` makes a number of a text";
  if (names.includes("string") && names.includes("bool")) return "`true` and `false` are written without quotes";
  return undefined;
}

function wordsOf(node: CelNode): string | undefined {
  return node.checkedType === undefined ? undefined : celTypeWords(node.checkedType);
}

/** The name by which an author knows a function. */
function shownName(name: string): string {
  return [...REPLACED].find(([, ours]) => ours === name)?.[0] ?? name;
}

import { nameHint } from "../../core/names.ts";
import { REPLACED } from "./cel-environment.ts";
import { placeOf, lineOf, type CelNode } from "./cel-node.ts";
import { NotKnown } from "./cel-value.ts";
import { canonicalText } from "./convert-format.ts";
import { checkPattern } from "./convert-pattern.ts";
import { parseDuration, parseSize } from "../../core/quantity.ts";
import { parseTime } from "./convert-time.ts";

/** What is wrong with a part of an expression, by offsets in its text. */
export interface CelFault {
  readonly start: number;
  readonly end: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** How many arguments a function takes, by its name: the closed list. `f(x)`. */
const FUNCTIONS: ReadonlyMap<string, readonly number[]> = new Map([
  ["has", [1]], ["size", [1]], ["string", [1]], ["int", [1]], ["double", [1]], ["bool", [1]], ["dyn", [1]], ["type", [1]],
  ["timestamp", [1]], ["duration", [1]], ["version", [1]], ["filesize", [1]],
]);

/** The same of a function that follows a value: `x.f(y)`. */
const METHODS: ReadonlyMap<string, readonly number[]> = new Map([
  ["size", [0]], ["startsWith", [1]], ["endsWith", [1]], ["contains", [1]], ["matches", [1]], ["split", [1, 2]], ["join", [0, 1]],
  ["lowerAscii", [0]], ["upperAscii", [0]], ["trim", [0]], ["indexOf", [1, 2]], ["lastIndexOf", [1, 2]], ["substring", [1, 2]],
  ["all", [2]], ["exists", [2]], ["exists_one", [2]], ["map", [2, 3]], ["filter", [2]],
  ["getFullYear", [0]], ["getMonth", [0]], ["getDate", [0]], ["getDayOfMonth", [0]], ["getDayOfWeek", [0]],
  ["getHours", [0]], ["getMinutes", [0]], ["getSeconds", [0]], ["getMilliseconds", [0]],
]);

/** Names of types, which `type(x) == string` compares with. */
export const TYPE_NAMES: ReadonlySet<string> = new Set(["string", "int", "double", "bool", "list", "map", "null_type"]);

/** What other languages call it. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["not", "write `!`: `!(a && b)`"], ["len", "use `size`"], ["length", "use `size`"], ["count", "use `size`"], ["lower", "use `x.lowerAscii()`"],
  ["toLowerCase", "use `lowerAscii`"], ["upper", "use `x.upperAscii()`"], ["exist", "use `exists`"], ["any", "use `exists`"], ["some", "use `exists`"], ["every", "use `all`"],
  ["includes", "use `contains`, or `x in list`"], ["match", "use `matches`"], ["defined", "use `has`"], ["now", "there is no clock; `run.started` is when the run began"],
]);

/** What is wrong with a call itself: an unknown function, a wrong number of arguments, a text that cannot be what the function makes of it. */
export function callFault(node: CelNode): CelFault | undefined {
  if (node.op !== "call" && node.op !== "rcall") return undefined;
  const name = node.args[0];
  const args = (node.op === "call" ? node.args[1] : node.args[2]) as CelNode[];
  const [own, other] = node.op === "call" ? [FUNCTIONS, METHODS] : [METHODS, FUNCTIONS];
  const counts = own.get(name);
  if (counts === undefined) {
    const asOther = other.has(name) ? `it is written \`${node.op === "call" ? `x.${name}(…)` : `${name}(x)`}\`` : undefined;
    return { ...placeOf(node), code: "unknown-function", message: `there is no function \`${name}\`${asOther === undefined ? "" : " of this form"}`, ...hintOf(asOther ?? ELSEWHERE.get(name) ?? nameHint(name, own.keys())) };
  }
  if (!counts.includes(args.length)) {
    const wanted = counts.map((count) => (count === 0 ? "none" : String(count))).join(" or ");
    return { ...placeOf(node), code: "wrong-function-arguments", message: `\`${name}\` takes ${wanted === "none" ? "no argument" : wanted === "1" ? "one argument" : `${wanted} arguments`} here, not ${args.length}` };
  }
  return literalFault(name, args[0]);
}

function hintOf(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** What texts must be, where a function is given one as it stands. */
function literalFault(name: string, arg: CelNode | undefined): CelFault | undefined {
  if (arg?.op !== "value" || typeof arg.args !== "string") return undefined;
  const wrong = (message: string): CelFault => ({ start: arg.start, end: arg.end, code: "wrong-text", message });
  const text = arg.args;
  switch (name) {
    case "duration":
      return parseDuration(text) === undefined ? wrong(`${JSON.stringify(text)} is no duration: \`90s\`, \`10m\`, \`1h30m\`, \`3d\``) : undefined;
    case "filesize":
      return parseSize(text) === undefined ? wrong(`${JSON.stringify(text)} is no size: \`200MB\`, \`1.5GiB\``) : undefined;
    case "timestamp":
      return parseTime(text) === undefined ? wrong(`${JSON.stringify(text)} is no time: \`2007-11-20T09:00:00Z\``) : undefined;
    case "version":
      return canonicalText(text, "version").kind === "error" ? wrong(`${JSON.stringify(text)} is no version: numbers or words with dots between them, \`8.1.263.1\``) : undefined;
    case "matches": {
      const because = checkPattern(text);
      return because === undefined ? undefined : wrong(because);
    }
    default:
      return undefined;
  }
}

/** Makes a division of numbers by zero not known; the library answers "infinite". To be called when the types are checked. */
export function guardDivision(node: CelNode): void {
  const { handle } = node;
  if (node.op !== "/" || handle === undefined) return;
  node.handle = (left, right, ...rest) => {
    if (right === 0) throw new NotKnown(`\`${lineOf(node)}\` divides by zero`);
    return handle(left, right, ...rest);
  };
}

/** Puts our own functions in the place of the library's (see {@link REPLACED}). */
export function replaceFunction(node: CelNode): void {
  if (node.op !== "call" && node.op !== "rcall") return;
  const ours = REPLACED.get(node.args[0]);
  if (ours !== undefined) node.args[0] = ours;
}

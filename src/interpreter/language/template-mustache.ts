import parser, { type ParserPlace } from "handlebars/dist/cjs/handlebars/compiler/parser.js";
import type { Path } from "../../core/runbook.ts";
import { nameHint } from "../../core/names.ts";
import { TEMPLATE_HELPERS } from "./template-helper.ts";
import type { Mustache, TemplateFault } from "./template-scan.ts";

/** What stands between braces, with offsets in the text instead of spans. */
export type MustacheValue =
  | { readonly kind: "literal"; readonly value: string | number | boolean; readonly start: number; readonly end: number }
  | { readonly kind: "path"; readonly path: Path; readonly start: number; readonly end: number }
  | { readonly kind: "helper"; readonly name: string; readonly args: readonly MustacheValue[]; readonly start: number; readonly end: number };

/** A fault of one mustache, thrown inside this file only. */
class MustacheFault extends Error {
  readonly fault: TemplateFault;
  constructor(fault: TemplateFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Columns in a mustache's code. */
interface Place { readonly start: number; readonly end: number }
interface PathNode { readonly type: "PathExpression"; readonly at: boolean; readonly parts: readonly PathPart[]; readonly loc: Place }
interface PathPart { readonly part: string; readonly original: string; readonly separator?: string }
interface CallNode { readonly type: "SubExpression"; readonly path: ValueNode; readonly params: readonly ValueNode[]; readonly hash?: object; readonly loc: Place }
interface LiteralNode { readonly type: "StringLiteral" | "NumberLiteral" | "BooleanLiteral" | "NullLiteral" | "UndefinedLiteral"; readonly value: unknown; readonly loc: Place }
type ValueNode = PathNode | CallNode | LiteralNode;

/** The callbacks by which the generated parser builds its tree: only what can occur in a single pair of braces. */
const TREE = {
  locInfo: (loc: ParserPlace): Place => ({ start: loc.first_column, end: loc.last_column }),
  id: (token: string): string => (/^\[.*\]$/.test(token) ? token.slice(1, -1) : token),
  stripFlags: (): undefined => undefined,
  preparePath: (at: boolean, parts: readonly PathPart[], loc: ParserPlace): PathNode =>
    ({ type: "PathExpression", at, parts, loc: TREE.locInfo(loc) }),
  prepareMustache: (path: ValueNode, params: readonly ValueNode[], hash: object | undefined, _open: string, _strip: undefined, loc: ParserPlace): CallNode =>
    ({ type: "SubExpression", path, params, ...(hash === undefined ? {} : { hash }), loc: TREE.locInfo(loc) }),
  prepareProgram: (statements: readonly CallNode[]): CallNode | undefined => statements[0],
  parseError: (): never => {
    throw new UnreadableMustache();
  },
};

/** The parser could not go on. */
class UnreadableMustache extends Error {}

/** Nearly every mustache is one plain name; it needs no parser, which takes 10 µs. (`this`, `null` and helpers are none.) */
const PLAIN_NAME = /^\{\{ *([a-z_]\w*(?:\.[a-z_]\w*)+) *\}\}$/;

/** Reads what stands between one pair of braces. A fault is an answer. */
export function readMustache(mustache: Mustache): { readonly value: MustacheValue } | { readonly fault: TemplateFault } {
  const plain = PLAIN_NAME.exec(mustache.code)?.[1];
  const path = plain?.split(".");
  if (plain !== undefined && path?.includes("this") === false) {
    const start = mustache.code.indexOf(plain);
    return { value: { kind: "path", path, ...offsets(mustache, { start, end: start + plain.length }) } };
  }
  try {
    return { value: valueOfCall(parse(mustache), mustache) };
  } catch (thrown) {
    if (thrown instanceof MustacheFault) return { fault: thrown.fault };
    throw thrown;
  }
}

/** Longest code between braces, in characters, quoted texts not counted: what is deeper than a person nests could end the parser. */
const LONGEST = 1_000;

function parse(mustache: Mustache): CallNode {
  if (mustache.code.length > LONGEST) fail(mustache, whole(mustache), "template-too-long", `what stands in braces is longer than ${LONGEST} characters`, "put a part of it into `vars`");
  const inner = mustache.code.slice(2, -2).trim();
  if (inner === "") fail(mustache, whole(mustache), "empty-braces", "the braces are empty", "write a name, `{{inputs.name}}`; a literal `{{` is `{{\"{{\"}}`");
  if (/^else\b/.test(inner)) fail(mustache, whole(mustache), "not-in-templates", "`{{else}}` is not part of this language", "a step has `if`; a text has only names and helpers");
  try {
    parser.yy = { ...TREE };
    // The callbacks above build the tree, so its shape is ours.
    return parser.parse(mustache.code) as CallNode;
  } catch (thrown) {
    if (!(thrown instanceof UnreadableMustache)) throw thrown;
    return unreadable(mustache, inner);
  }
}

const HELPER_NAMES = [...TEMPLATE_HELPERS.keys()];

/** Why the parser stopped, in our words: an index in brackets, an expression, or neither. */
function unreadable(mustache: Mustache, inner: string): never {
  const stopped: Place = { start: parser.lexer.yylloc.first_column, end: parser.lexer.yylloc.last_column };
  const index = /(?<=[\w\]])\[[^\]]*\]/.exec(mustache.code);
  if (index !== null) fail(mustache, { start: index.index, end: index.index + index[0].length }, "index-in-template", "an index in braces is written `.[0]` or `.0`", "`{{inputs.members.[0]}}`");
  if (/[+*%<>=!&|?:,(]|-\s/.test(inner)) expression(mustache, whole(mustache));
  return fail(mustache, stopped, "unreadable-template", "this cannot be read: braces hold a name, a text or a helper with its arguments", "`{{inputs.name}}`, `{{join inputs.names \", \"}}`");
}

function expression(mustache: Mustache, place: Place): never {
  return fail(mustache, place, "expression-in-braces", "braces hold a name or a helper, not an expression",
    `helpers: ${HELPER_NAMES.join(", ")}; expressions stand in \`if\`, \`expect\`, \`wait-until\`, \`that\`, \`for-each\` and \`outputs\`, without braces`);
}

function valueOfCall(node: CallNode, mustache: Mustache): MustacheValue {
  const { path: head, params } = node;
  if (node.hash !== undefined) fail(mustache, node.loc, "expression-in-braces", "`=` is not part of this language in braces", `helpers take their arguments in order: \`{{${TEMPLATE_HELPERS.get("join")?.usage}}}\``);
  const name = head.type === "PathExpression" && head.parts.length === 1 && !head.at ? head.parts[0]?.original : undefined;
  const helper = name === undefined ? undefined : TEMPLATE_HELPERS.get(name);
  if (name === undefined || helper === undefined) {
    if (params.length === 0 && node.loc.start === 0) return valueOf(head, mustache);
    return notAHelper(node, mustache);
  }
  if (params.length < helper.least || params.length > helper.most) {
    fail(mustache, node.loc, "wrong-helper-arguments", `\`${name}\` is written \`{{${helper.usage}}}\``);
  }
  return { kind: "helper", name, args: params.map((param) => valueOf(param, mustache)), ...offsets(mustache, node.loc) };
}

/** More than one word in braces, and the first is no helper: an expression, two names, or a helper's name written wrong. */
function notAHelper(node: CallNode, mustache: Mustache): never {
  const { path: head, params } = node;
  const ends = params.find((param) => param.type === "PathExpression" && param.parts[0]?.original.startsWith("."));
  if (ends !== undefined) fail(mustache, ends.loc, "unreadable-template", "a part of the name is missing at this dot", "`{{inputs.name}}`");
  const looksLikeExpression = params.some((param) => param.type === "PathExpression" && param.parts.some(({ part }) => !/\w/.test(part)));
  if (looksLikeExpression) expression(mustache, whole(mustache));
  if (head.type === "PathExpression" && head.parts.length === 1) {
    const name = head.parts[0]?.part ?? "";
    fail(mustache, head.loc, "unknown-helper", `there is no helper \`${name}\``, nameHint(name, HELPER_NAMES) ?? `helpers: ${HELPER_NAMES.join(", ")}`);
  }
  return fail(mustache, node.loc, "two-values-in-braces", "one pair of braces holds one value", `write \`{{a}} {{b}}\`, or begin with a helper: ${HELPER_NAMES.join(", ")}`);
}

function valueOf(node: ValueNode, mustache: Mustache): MustacheValue {
  switch (node.type) {
    case "StringLiteral":
      return { kind: "literal", value: mustache.texts[Number(node.value)] ?? "", ...offsets(mustache, node.loc) };
    case "NumberLiteral":
      return { kind: "literal", value: Number(node.value), ...offsets(mustache, node.loc) };
    case "BooleanLiteral":
      return { kind: "literal", value: node.value === true, ...offsets(mustache, node.loc) };
    case "NullLiteral":
    case "UndefinedLiteral":
      return fail(mustache, node.loc, "not-in-templates", "`null` and `undefined` are not part of this language", "a missing value is caught by `{{default NAME \"value\"}}`");
    case "SubExpression":
      return valueOfCall(node, mustache);
    case "PathExpression":
      return pathOf(node, mustache);
  }
}

function pathOf(node: PathNode, mustache: Mustache): MustacheValue {
  if (node.at) fail(mustache, node.loc, "not-in-templates", "`@` is not part of this language", "in a loop the item has the name that `as` gives it, `item` if it gives none");
  for (const { part, original, separator } of node.parts) {
    if (original === ".." || original === "." || original === "this") {
      fail(mustache, node.loc, "not-in-templates", `\`${original}\` is not part of this language`, "write the whole name: `inputs.name`, `steps.id.outputs.name`");
    }
    if (separator === "/") fail(mustache, node.loc, "not-in-templates", "a name is written with dots, not with `/`", "`inputs.name`");
    if (part === "") fail(mustache, node.loc, "not-in-templates", "a part of the name is empty", "`inputs.name`");
  }
  const path = node.parts.map(({ part }) => part);
  if (path.length === 1 && !/^\w/.test(path[0] ?? "")) expression(mustache, whole(mustache));
  return { kind: "path", path, ...offsets(mustache, node.loc) };
}

function whole(mustache: Mustache): Place {
  return { start: 0, end: mustache.code.length };
}

function offsets(mustache: Mustache, place: Place): { readonly start: number; readonly end: number } {
  const { at } = mustache;
  if (at === undefined) return { start: mustache.start + place.start, end: mustache.start + place.end };
  const start = at[place.start] ?? mustache.start;
  return { start, end: at[place.end] ?? mustache.end };
}

function fail(mustache: Mustache, place: Place, code: string, message: string, hint?: string): never {
  throw new MustacheFault({ ...offsets(mustache, place), code, message, ...(hint === undefined ? {} : { hint }) });
}

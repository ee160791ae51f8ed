import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import { nameHint, nearestName, RESERVED_NAMES } from "../../core/names.ts";
import type { Span } from "../../core/source.ts";
import { RECORDS, type RecordWords } from "./generated/records.ts";
import type { ValidatorError } from "./generated/validators.js";
import { entryAt, hasKey, type Node } from "./node.ts";
import { entryAtPath, nodeAtPath, pathOfPointer } from "./node-path.ts";
import { FORMS, formNamed } from "./schema-forms.ts";
import { laterKey, laterMessage } from "./validate-later.ts";
import { PEER_WORDS } from "./validate-peers.ts";
import { formHint, shapeHint } from "./validate-hints.ts";

/** One error of a validator, with what it is about. */
export interface Complaint {
  readonly keyword: string;
  /** Name of the record, case or form that was not met. */
  readonly schema: string;
  /** The segments between that name and the keyword. */
  readonly way: readonly string[];
  readonly path: readonly string[];
  readonly node: Node;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Puts an error beside the node that it is about; undefined where there is none (it cannot happen). */
export function complaintOf(error: ValidatorError, root: Node): Complaint | undefined {
  const path = pathOfPointer(error.instancePath);
  const node = nodeAtPath(root, path);
  const [schema = "", ...way] = error.schemaPath.split("/");
  return node === undefined ? undefined : { keyword: error.keyword, schema, way: way.slice(0, -1), path, node, params: error.params };
}

/** The key of ours that an unknown key stands for: a peer's word or a slip of the pen; undefined where it stands for none. */
export function meantBy(complaint: Complaint): string | undefined {
  const written = textOf(complaint.params["additionalProperty"]);
  const words = RECORDS[complaint.schema];
  if (words === undefined) return undefined;
  return peerWord(complaint.schema, written)?.key ?? nearestName(written, words.keys);
}

/** The key that was misspelt here; undefined where the word is a peer's, is for a later version, or is near to none. */
export function slipOf(complaint: Complaint): string | undefined {
  const written = textOf(complaint.params["additionalProperty"]);
  const words = RECORDS[complaint.schema];
  if (words === undefined || peerWord(complaint.schema, written) !== undefined || laterKey(complaint.schema, written) !== undefined) return undefined;
  return nearestName(written, words.keys);
}

/** An error in our words. Undefined for what only accompanies another one. */
export function diagnosticOf(complaint: Complaint, root: Node): Diagnostic | undefined {
  switch (complaint.keyword) {
    case "type":
      return wrongShape(complaint);
    case "pattern":
      return wrongForm(complaint);
    case "enum":
      return wrongWord(complaint);
    case "minItems":
      return errorAt(complaint.node.span, "empty-list", `${subjectOf(complaint.path)} is empty: it takes at least one item`);
    case "additionalProperties":
      return unknownKey(complaint, root);
    case "required":
      return missingKey(complaint);
    case "oneOf":
      return notExactlyOne(complaint);
    case "false schema":
      return keyOutOfPlace(complaint, root);
    default:
      return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What a path leads to, as a message begins: "`timeout`", "an item of `steps`". */
function subjectOf(path: readonly string[]): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  if (!/^\d+$/.test(last)) return `\`${last}\``;
  const list = path.findLast((segment) => !/^\d+$/.test(segment));
  return list === undefined ? "an item" : `an item of \`${list}\``;
}

const KIND_WORDS: Readonly<Record<Node["kind"], string>> = { scalar: "a text", list: "a list", map: "a mapping" };

function wrongShape({ schema, way, path, node, params }: Complaint): Diagnostic | undefined {
  const form = formNamed(schema);
  const record = way.length === 0 ? RECORDS[schema] : undefined;
  // The cases of a record, which says the same itself.
  if (form === undefined && record === undefined && way.length === 0) return undefined;
  const wanted = form !== undefined ? FORMS[form].wanted : record !== undefined ? `${isInputs(schema) ? "the inputs of " : ""}${record.title} (a mapping)` : params["type"] === "array" ? "a list" : params["type"] === "object" ? "a mapping" : "one word";
  return errorAt(node.span, "wrong-shape", `${subjectOf(path)} takes ${wanted}, not ${KIND_WORDS[node.kind]}`, shapeHint({ schema, form, wanted: textOf(params["type"]), node, key: path.at(-1) ?? "" }));
}

function wrongForm({ schema, path, node }: Complaint): Diagnostic | undefined {
  const form = formNamed(schema);
  if (form === undefined || node.kind !== "scalar") return undefined;
  const { text } = node;
  if (form !== "account" && RESERVED_NAMES.has(text)) return errorAt(node.span, "reserved-name", `\`${text}\` is a word of the expression language and no name`, "choose another name");
  if (form === "literal") return errorAt(node.span, "no-template", `${subjectOf(path)} takes no template`, "write the text itself");
  return errorAt(node.span, "wrong-form", `${subjectOf(path)} takes ${FORMS[form].wanted}, not \`${text}\``, formHint(form, text));
}

function wrongWord({ path, node, params }: Complaint): Diagnostic | undefined {
  const words = Array.isArray(params["allowedValues"]) ? params["allowedValues"].map(String) : [];
  if (node.kind !== "scalar") return undefined;
  if (path.length === 1 && words.length === 1) return errorAt(node.span, "unknown-version", `this program knows version ${words[0] ?? ""} of the language, not \`${node.text}\``);
  const choices = words.map((word) => `\`${word}\``).join(", ");
  const near = nearestName(node.text, words);
  return errorAt(node.span, "unknown-word", `${subjectOf(path)} takes one of ${choices}, not \`${node.text}\``, near === undefined ? undefined : `did you mean \`${near}\`?`);
}

/** What to say of the keys of another tool at the top of a file that is none of ours. */
export function peerKeysIn(node: Node): readonly Diagnostic[] {
  const top = node.kind === "list" ? node.items.find((item) => item.kind === "map") : node;
  if (top?.kind !== "map") return [];
  return top.entries.flatMap(({ key }) => {
    const peer = peerWord("runbook", key.text);
    return peer === undefined ? [] : [errorAt(key.span, "unknown-key", `\`${key.text}\` is no key of a runbook`, `here: ${peer.ours}`)];
  });
}

function peerWord(schema: string, written: string): { readonly ours: string; readonly key?: string } | undefined {
  const words = PEER_WORDS[schema];
  return words !== undefined && Object.hasOwn(words, written) ? words[written] : undefined;
}

function keySpan(root: Node, path: readonly string[], fallback: Span): Span {
  return entryAtPath(root, path)?.key.span ?? fallback;
}

function unknownKey(complaint: Complaint, root: Node): Diagnostic {
  const { schema, way, path, node, params } = complaint;
  const written = textOf(params["additionalProperty"]);
  const span = keySpan(root, [...path, written], node.span);
  const words = way.length === 0 ? RECORDS[schema] : undefined;
  if (words === undefined) return badName(written, span, path.at(-1) ?? "");
  const later = laterKey(schema, written);
  if (later !== undefined) return errorAt(span, "not-in-this-version", laterMessage(later), later.instead);
  const key = written.split(/[ \t]/, 1)[0] ?? "";
  if (key !== written && words.keys.includes(key)) return errorAt(span, "missing-colon", `a colon is missing behind \`${key}\``, `\`${key}: …\``);
  const peer = peerWord(schema, written);
  const message = isInputs(schema) ? `\`${written}\` is no input of ${words.title}` : `\`${written}\` is no key of ${words.title}`;
  return errorAt(span, isInputs(schema) ? "unknown-input" : "unknown-key", message, peer === undefined ? nameHint(written, words.keys) : `here: ${peer.ours}`);
}

/** True for the inputs of a builtin, without the objects inside of them. */
function isInputs(schema: string): boolean {
  return schema.startsWith("with.") && RECORDS[schema]?.title === `\`${schema.slice("with.".length)}\``;
}

function badName(written: string, span: Span, list: string): Diagnostic {
  if (RESERVED_NAMES.has(written)) return errorAt(span, "reserved-name", `\`${written}\` is a word of the expression language and no name`, "choose another name");
  const key = /^([a-z][a-z0-9_]*)[ \t]+[{["']/.exec(written)?.[1];
  if (key !== undefined) return errorAt(span, "missing-colon", `a colon is missing behind \`${key}\``, `\`${key}: …\``);
  const form = list === "targets" ? "target-name" : "name";
  return errorAt(span, "wrong-form", `\`${written}\` cannot be a key of \`${list}\`: it takes ${FORMS[form].wanted}`, formHint(form, written));
}

/** The first line of a mapping stands for it: what is missing has no place of its own. */
function headOf(node: Node): Span {
  const { source, start, end } = node.span;
  const lineEnd = source.text.indexOf("\n", start);
  return { source, start, end: Math.max(start, Math.min(end, lineEnd === -1 ? end : lineEnd)) };
}

/** What a case is called: `exchange.copy_status`, `type: list`. */
function caseTitle(schema: string): string {
  const [cases = "", ...rest] = schema.split(".");
  const value = rest.join(".");
  return cases === "uses" ? `\`${value}\`` : `\`${cases === "types" ? "type" : "kind"}: ${value}\``;
}

function missingKey({ schema, way, node, params }: Complaint): Diagnostic | undefined {
  const names = textOf(params["missingProperty"]).split(" ");
  const missing = listed(names);
  if (way.includes("oneOf")) return undefined;
  const [relation, key] = way;
  if (relation === "dependencies" && key !== undefined && node.kind === "map") {
    return errorAt(entryAt(node, key)?.key.span ?? node.span, "missing-key", `\`${key}\` needs ${missing} beside it`, names.includes("after-rescue") ? "`after-rescue: stop` or `after-rescue: continue`: does the run go on when the rescue ended well?" : undefined);
  }
  const words = RECORDS[schema];
  if (words === undefined && !schema.includes(".")) return undefined;
  if (words === undefined) return errorAt(headOf(node), "missing-key", `${caseTitle(schema)} needs ${missing}`, inputsHint(schema, names));
  if (isInputs(schema)) return errorAt(headOf(node), "missing-input", `${words.title} needs the input${names.length > 1 ? "s" : ""} ${missing}`);
  return errorAt(headOf(node), "missing-key", `${words.title} needs ${missing}`, schema === "input" && names.includes("description") ? "one line for the person who is asked for it" : undefined);
}

/** Names as a sentence lists them. */
function listed(names: readonly string[]): string {
  const shown = names.map((name) => `\`${name}\``);
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

function inputsHint(schema: string, missing: readonly string[]): string | undefined {
  const inputs = missing.includes("with") ? RECORDS[`with.${schema.slice("uses.".length)}`]?.keys : undefined;
  return inputs === undefined ? undefined : `its inputs: ${inputs.map((name) => `\`${name}\``).join(", ")}`;
}

function notExactlyOne({ schema, node, params }: Complaint): Diagnostic | undefined {
  const words: RecordWords | undefined = RECORDS[schema];
  const keys = words?.exactlyOne ?? [];
  if (words === undefined || node.kind !== "map") return undefined;
  const found = keys.filter((key) => hasKey(node, key));
  const choices = keys.map((key) => `\`${key}\``).join(keys.length === 2 ? " and " : ", ");
  if (params["passingSchemas"] === null || found.length < 2) return errorAt(headOf(node), "missing-key", `${words.title} needs one of ${choices}`);
  const second = entryAt(node, found[1] ?? "");
  return errorAt(second?.key.span ?? node.span, "too-many-keys", `${words.title} has only one of ${choices}, not both ${found.map((key) => `\`${key}\``).join(" and ")}`);
}

function keyOutOfPlace({ schema, way, path, node }: Complaint, root: Node): Diagnostic {
  const span = keySpan(root, path, node.span);
  const written = `\`${path.at(-1) ?? ""}\``;
  const [relation, key = ""] = way;
  const beside = relation === "dependencies" ? `beside \`${key}\`` : `with ${caseTitle(schema)}`;
  return errorAt(span, "key-out-of-place", `${written} has no meaning ${beside}`);
}

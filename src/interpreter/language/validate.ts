import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import type { Json } from "../../core/json.ts";
import { nearestName } from "../../core/names.ts";
import type { Validator } from "./generated/validators.js";
import * as validators from "./generated/validators.js";
import { hasKey, type Node } from "./node.ts";
import { validateCuts } from "./validate-cut.ts";
import { validateIds } from "./validate-ids.ts";
import { laterFile, laterMessage } from "./validate-later.ts";
import { asMeant, slipsIn } from "./validate-meant.ts";
import { isAbsent, plainOf } from "./validate-plain.ts";
import { type Complaint, complaintOf, diagnosticOf, meantBy, peerKeysIn } from "./validate-words.ts";

/** The kinds of file, by their first key. */
export type FileKind = "runbook" | "inventory" | "world" | "texts" | "config";

const KINDS: readonly FileKind[] = ["runbook", "inventory", "world", "texts", "config"];

const VALIDATORS: Readonly<Record<FileKind, Validator>> = {
  runbook: validators.runbook,
  inventory: validators.inventory,
  world: validators.world,
  texts: validators.texts,
  config: validators.config,
};

/** The kind of a file, which its first key says; undefined where it says none. */
export function fileKindOf(node: Node): FileKind | undefined {
  const first = node.kind === "map" ? node.entries[0]?.key.text : undefined;
  return KINDS.find((kind) => kind === first);
}

/** What to say of a file that is not of the kind that is wanted here. */
export function wrongKind(node: Node, wanted: FileKind): Diagnostic {
  const first = node.kind === "map" ? node.entries[0]?.key : undefined;
  const found = fileKindOf(node);
  const hint = node.kind === "map" && hasKey(node, wanted) ? `put \`${wanted}: 1\` first` : `it begins with \`${wanted}: 1\``;
  if (found !== undefined) return errorAt(first?.span ?? node.span, "wrong-kind", `this file begins with \`${found}\`, and a file that begins with \`${wanted}: 1\` is wanted here`);
  const later = first === undefined ? undefined : laterFile(first.text);
  if (later !== undefined) return errorAt(first?.span ?? node.span, "not-in-this-version", laterMessage(later), later.instead);
  const near = first === undefined ? undefined : nearestName(first.text, KINDS);
  return errorAt(first?.span ?? { ...node.span, end: node.span.start }, "wrong-kind", `this is no ${wanted} file`, near === undefined ? hint : `did you mean \`${near}: 1\`?`);
}

/** What to say of a file whose first key is that of no kind: how one begins, and what the words of another tool are called here. */
export function unknownKind(node: Node): readonly Diagnostic[] {
  const first = node.kind === "map" ? node.entries[0]?.key : undefined;
  const later = first === undefined ? undefined : laterFile(first.text);
  if (first !== undefined && later !== undefined) return [errorAt(first.span, "not-in-this-version", laterMessage(later), later.instead)];
  const near = first === undefined ? undefined : nearestName(first.text, KINDS);
  const second = node.kind === "map" ? KINDS.find((kind) => hasKey(node, kind)) : undefined;
  const hint = near !== undefined ? `did you mean \`${near}: 1\`?` : second !== undefined ? `put \`${second}: 1\` first` : KINDS.map((kind) => `\`${kind}: 1\``).join(", ");
  const span = { ...(first?.span ?? node.span), end: first?.span.end ?? node.span.start };
  const peers = peerKeysIn(node).filter((peer) => peer.span?.start !== span.start);
  return [errorAt(span, "unknown-kind", "the first key says no kind of file", hint), ...peers];
}

/** A file's tree after its structure was looked at. */
export interface Examined {
  /** All faults of structure, in the order of the file, one each; empty for a sound file. */
  readonly diagnostics: readonly Diagnostic[];
  /** The tree with misspelt keys as they were meant: what later phases look at, so that one slip is one fault. */
  readonly node: Node;
}

/**
 * Looks for everything that is wrong with a file's structure: unknown keys, wrong shapes and forms, missing keys, ids that stand
 * twice. What stands under a misspelt key is looked at too. What names mean is for `check`, not for here.
 */
export function examine(kind: FileKind, written: Node): Examined {
  const plain = plainOf(written);
  const found: Diagnostic[] = [...plain.diagnostics];
  let [node, complaints] = [written, complaintsAbout(kind, written, plain.value)];
  const slips = slipsIn(complaints);
  if (slips.length > 0) {
    const isSlip = (complaint: Complaint): boolean => slips.some(({ map, written: name }) => map === complaint.node && name === complaint.params["additionalProperty"]);
    for (const complaint of complaints) if (isSlip(complaint)) found.push(...asDiagnostics(complaint, node));
    node = asMeant(node, slips);
    complaints = complaintsAbout(kind, node, plainOf(node).value);
  }
  for (const complaint of joined(withoutEchoes(complaints))) found.push(...asDiagnostics(complaint, node));
  if (kind === "runbook" && node.kind === "map") found.push(...validateIds(node), ...validateCuts(node));
  return { diagnostics: inOrder(found), node };
}

/** Everything that is wrong with a file's structure (see {@link examine}). */
export function validate(kind: FileKind, node: Node): readonly Diagnostic[] {
  return examine(kind, node).diagnostics;
}

function complaintsAbout(kind: FileKind, node: Node, value: Json): readonly Complaint[] {
  const validator = VALIDATORS[kind];
  return validator(value) ? [] : (validator.errors ?? []).flatMap((error) => complaintOf(error, node) ?? []);
}

function asDiagnostics(complaint: Complaint, root: Node): readonly Diagnostic[] {
  const diagnostic = diagnosticOf(complaint, root);
  return diagnostic === undefined ? [] : [diagnostic];
}

/** Leaves out what only follows from another fault of the same mapping: a key that is missing because it is misspelt, what a second `uses` or `block` would exclude, and whatever is said of an absent value. */
function withoutEchoes(complaints: readonly Complaint[]): readonly Complaint[] {
  const meant = new Map<string, Set<string>>();
  const torn = new Set<string>();
  const outOfPlace = new Set(complaints.filter(({ keyword }) => keyword === "false schema").map(({ path }) => path.join("/")));
  for (const complaint of complaints) {
    const at = complaint.path.join("/");
    if (complaint.keyword === "additionalProperties") {
      const key = meantBy(complaint);
      if (key !== undefined) meant.set(at, (meant.get(at) ?? new Set()).add(key));
    }
    if (complaint.keyword === "oneOf" && complaint.params["passingSchemas"] !== null) torn.add(at);
  }
  const oddKinds = new Set(complaints.filter(({ keyword, path }) => keyword === "enum" && path.at(-1) === "kind").map(({ path }) => path.slice(0, -1).join("/")));
  return complaints.filter((complaint) => {
    if (isAbsent(complaint.node)) return false;
    const at = complaint.path.join("/");
    // The options of a kind that there is not.
    if (complaint.schema === "transport" && complaint.keyword === "additionalProperties" && oddKinds.has(at)) return false;
    const needing = complaint.way[0] === "dependencies" ? complaint.way[1] : undefined;
    if (complaint.keyword === "required" && needing !== undefined && outOfPlace.has(`${at}/${needing}`)) return false;
    if (complaint.keyword === "required") return meant.get(at)?.has(String(complaint.params["missingProperty"])) !== true;
    if (complaint.keyword === "oneOf") return complaint.params["passingSchemas"] !== null || ![...(meant.get(at) ?? [])].some((key) => EXACTLY_ONE.has(key));
    return complaint.keyword !== "false schema" || complaint.way[0] !== "dependencies" || !torn.has(complaint.path.slice(0, -1).join("/"));
  });
}

/** Keys that one mapping lacks are one fault: the first complaint names them all. */
function joined(complaints: readonly Complaint[]): readonly Complaint[] {
  const first = new Map<string, Complaint>();
  for (const complaint of complaints) {
    const { keyword, schema, way, path, params } = complaint;
    const place = keyword === "required" ? JSON.stringify([schema, way, path]) : `${first.size}`;
    const before = first.get(place);
    const name = `${String(before?.params["missingProperty"])} ${String(params["missingProperty"])}`;
    first.set(place, before === undefined ? complaint : { ...before, params: { missingProperty: name } });
  }
  return [...first.values()];
}

/** Keys of which a mapping has exactly one. */
const EXACTLY_ONE: ReadonlySet<string> = new Set(["uses", "block", "call", "steps", "checks", "address", "addresses"]);

/** By place; of equal messages at one place (a value that several references share) one. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const once = new Map(diagnostics.map((diagnostic) => [`${diagnostic.span?.start ?? ""} ${diagnostic.message}`, diagnostic]));
  return [...once.values()].toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

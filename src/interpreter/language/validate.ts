import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import { nearestName } from "../../core/names.ts";
import type { Validator } from "./generated/validators.js";
import * as validators from "./generated/validators.js";
import type { Node } from "./node.ts";
import { validateCuts } from "./validate-cut.ts";
import { validateIds } from "./validate-ids.ts";
import { isAbsent, plainOf } from "./validate-plain.ts";
import { type Complaint, complaintOf, diagnosticOf, meantBy } from "./validate-words.ts";

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
  const hint = node.kind === "map" && node.byKey.has(wanted) ? `put \`${wanted}: 1\` first` : `it begins with \`${wanted}: 1\``;
  if (found !== undefined) return errorAt(first?.span ?? node.span, "wrong-kind", `this file begins with \`${found}\`, and a file that begins with \`${wanted}: 1\` is wanted here`);
  const near = first === undefined ? undefined : nearestName(first.text, KINDS);
  return errorAt(first?.span ?? { ...node.span, end: node.span.start }, "wrong-kind", `this is no ${wanted} file`, near === undefined ? hint : `did you mean \`${near}: 1\`?`);
}

/**
 * Everything that is wrong with a file's structure: unknown keys, wrong shapes and forms, missing keys, ids that stand twice. All
 * faults at once, in the order of the file, one each; empty for a sound file. What names mean is for `check`, not for here.
 */
export function validate(kind: FileKind, node: Node): readonly Diagnostic[] {
  const plain = plainOf(node);
  const validator = VALIDATORS[kind];
  const found: Diagnostic[] = [...plain.diagnostics];
  if (!validator(plain.value)) {
    const complaints = (validator.errors ?? []).flatMap((error) => complaintOf(error, node) ?? []);
    for (const complaint of withoutEchoes(complaints)) found.push(...[diagnosticOf(complaint, node)].filter((diagnostic) => diagnostic !== undefined));
  }
  if (kind === "runbook" && node.kind === "map") found.push(...validateIds(node), ...validateCuts(node));
  return inOrder(found);
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
  return complaints.filter((complaint) => {
    if (isAbsent(complaint.node)) return false;
    const at = complaint.path.join("/");
    const needing = complaint.way[0] === "dependencies" ? complaint.way[1] : undefined;
    if (complaint.keyword === "required" && needing !== undefined && outOfPlace.has(`${at}/${needing}`)) return false;
    if (complaint.keyword === "required") return meant.get(at)?.has(String(complaint.params["missingProperty"])) !== true;
    if (complaint.keyword === "oneOf") return complaint.params["passingSchemas"] !== null || ![...(meant.get(at) ?? [])].some((key) => EXACTLY_ONE.has(key));
    return complaint.keyword !== "false schema" || complaint.way[0] !== "dependencies" || !torn.has(complaint.path.slice(0, -1).join("/"));
  });
}

/** Keys of which a mapping has exactly one. */
const EXACTLY_ONE: ReadonlySet<string> = new Set(["uses", "block", "call", "steps", "checks", "address", "addresses"]);

/** By place; of equal messages at one place (a value that several references share) one. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const once = new Map(diagnostics.map((diagnostic) => [`${diagnostic.span?.start ?? ""} ${diagnostic.message}`, diagnostic]));
  return [...once.values()].toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

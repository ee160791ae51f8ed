import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Source } from "../../core/source.ts";
import { hasKey, type MapNode } from "./node.ts";
import { parse } from "./parse.ts";
import { peerKeysIn } from "./validate-words.ts";
import { examine, fileKindOf, wrongKind, type FileKind } from "./validate.ts";

/** The way to the text of files. Paths are absolute; on the unhappy path a sentence says why there is no text: "there is no such file". */
export interface Files {
  read(path: string): { readonly kind: "ok"; readonly value: string } | { readonly kind: "error"; readonly error: string };
}

/** A file's tree, as far as it can be read. */
export interface ReadTree {
  readonly source: Source;
  /** Undefined where the text cannot be read as a mapping of the wanted kind. */
  readonly node: MapNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses a text and checks its structure as a file of one kind. */
export function readTree(kind: FileKind, source: Source): ReadTree {
  const { node, diagnostics: faults } = parse(source);
  const diagnostics = [...faults];
  if (node === undefined) return { source, node: undefined, diagnostics };
  const isOurs = fileKindOf(node) === kind;
  if (node.kind !== "map" || (!isOurs && (fileKindOf(node) !== undefined || !hasKey(node, kind)))) {
    const wrong = wrongKind(node, kind);
    const peers = kind === "runbook" && fileKindOf(node) === undefined ? peerKeysIn(node).filter(({ span }) => span?.start !== wrong.span?.start) : [];
    return { source, node: undefined, diagnostics: [...diagnostics, wrong, ...peers] };
  }
  // The key is there, and only not the first.
  if (!isOurs) diagnostics.push(wrongKind(node, kind));
  const taken = new Set(diagnostics.map(({ span }) => span?.start));
  const examined = examine(kind, node);
  // A value that needs quotes has been spoken of.
  const own = examined.diagnostics.filter(({ span }) => !taken.has(span?.start));
  return { source, node: examined.node.kind === "map" ? examined.node : node, diagnostics: [...diagnostics, ...own] };
}

/** Codes of faults that the validator reports of every file, and lowering reports again because it does not rely on it. */
const STRUCTURAL: ReadonlySet<string> = new Set(["unknown-input", "missing-input", "target-refused", "unknown-type", "unknown-format"]);

/**
 * The faults of structure, and those of meaning that are none of their echoes: not the same fault again, and none at a place
 * of which something was said already. In the order of the text; equal ones (a default target that many steps inherit) once.
 */
export function mergeFaults(structure: readonly Diagnostic[], meaning: readonly Diagnostic[]): readonly Diagnostic[] {
  const taken = new Set(structure.flatMap(({ code, span }) => (span === undefined ? [] : code === "missing-value" ? [span.start, span.end, span.end + 1] : [span.start])));
  // What a comment cut is no whole expression: whatever is wrong with the rest of it follows from that.
  const cuts = structure.filter(({ code }) => code === "needs-quotes").flatMap(({ span }) => (span !== undefined && /^[ \t]+#/.test(span.source.text.slice(span.end, span.end + 80)) ? [span] : []));
  const isCut = (span: Diagnostic["span"]): boolean => span !== undefined && cuts.some((cut) => span.start >= cut.start && span.start <= cut.end);
  const isBroken = structure.some(({ severity }) => severity === "error");
  const own = meaning.filter(({ code, span }) => !(span !== undefined && taken.has(span.start)) && !isCut(span) && !(isBroken && STRUCTURAL.has(code)));
  const once = new Map<string, Diagnostic>();
  for (const diagnostic of [...structure, ...own]) {
    const key = `${diagnostic.span?.start ?? ""} ${diagnostic.span?.end ?? ""} ${diagnostic.code} ${diagnostic.message}`;
    if (!once.has(key)) once.set(key, diagnostic);
  }
  return [...once.values()].toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

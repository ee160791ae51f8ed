import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Source } from "../../core/source.ts";
import type { MapNode } from "./node.ts";
import { parse } from "./parse.ts";
import { fileKindOf, validate, wrongKind, type FileKind } from "./validate.ts";

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
  const { node, diagnostics } = parse(source);
  if (node === undefined) return { source, node: undefined, diagnostics };
  if (node.kind !== "map" || fileKindOf(node) !== kind) return { source, node: undefined, diagnostics: [...diagnostics, wrongKind(node, kind)] };
  return { source, node, diagnostics: [...diagnostics, ...validate(kind, node)] };
}

/** Codes of faults that the validator reports of every file, and lowering reports again because it does not rely on it. */
const STRUCTURAL: ReadonlySet<string> = new Set(["unknown-input", "missing-input", "target-refused", "unknown-type", "unknown-format"]);

/**
 * The faults of structure, and those of meaning that are none of their echoes: not the same fault again, and none at a place
 * of which something was said already. In the order of the text; equal ones (a default target that many steps inherit) once.
 */
export function mergeFaults(structure: readonly Diagnostic[], meaning: readonly Diagnostic[]): readonly Diagnostic[] {
  const taken = new Set(structure.map(({ span }) => span?.start));
  const isBroken = structure.some(({ severity }) => severity === "error");
  const own = meaning.filter(({ code, span }) => !taken.has(span?.start) && !(isBroken && STRUCTURAL.has(code)));
  const once = new Map<string, Diagnostic>();
  for (const diagnostic of [...structure, ...own]) {
    const key = `${diagnostic.span?.start ?? ""} ${diagnostic.span?.end ?? ""} ${diagnostic.code} ${diagnostic.message}`;
    if (!once.has(key)) once.set(key, diagnostic);
  }
  return [...once.values()].toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

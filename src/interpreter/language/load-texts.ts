import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { Translation } from "../../core/runbook.ts";
import type { Source } from "../../core/source.ts";
import { mergeFaults, readTree, type Files } from "./load-file.ts";
import { displayPathOf, folderOf, resolvePath } from "./load-path.ts";
import { plainText } from "./lower-text.ts";
import type { Lowered } from "./lower.ts";
import { valueAt, type MapNode, type Node, type ScalarNode } from "./node.ts";
import { lowerTranslation } from "./texts.ts";

/** The runbook whose translations are loaded. */
export interface TranslatedFile {
  readonly files: Files;
  /** Absolute path of the runbook, and how the user wrote it. */
  readonly path: string;
  readonly display: string;
}

/** The translations of a file. A faulty one is left out, and its faults are there. */
export interface Translations {
  readonly byLanguage: ReadonlyMap<string, Translation>;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

/** Reports a translation that says it belongs to another runbook. */
function checkOf(node: MapNode, textsPath: string, { path, display }: TranslatedFile, report: (diagnostic: Diagnostic) => void): void {
  const of = valueAt(node, "of");
  if (of?.kind !== "scalar" || of.text === "" || resolvePath(folderOf(textsPath), of.text) === path) return;
  report(errorAt(of.span, "not-of-this-runbook", `these texts say that they belong to \`${of.text}\`, and ${display} names them as its own`, "correct `of`, or the runbook's `translations`"));
}

/** Loads the translations that a runbook names. */
export function loadTranslations(node: MapNode, lowered: Lowered, file: TranslatedFile): Translations {
  const byLanguage = new Map<string, Translation>();
  const diagnostics: Diagnostic[] = [];
  const sources: Source[] = [];
  const list: Node | undefined = valueAt(node, "translations");
  const names = list?.kind === "list" ? list.items.filter((item): item is ScalarNode => item.kind === "scalar" && item.text !== "") : [];
  for (const name of names) {
    const path = resolvePath(folderOf(file.path), name.text);
    const text = file.files.read(path);
    if (text.kind === "error") {
      diagnostics.push(errorAt(name.span, "cannot-read", `cannot read \`${name.text}\`: ${text.error}`, "a translation is named relative to the runbook"));
      continue;
    }
    const source: Source = { name: displayPathOf(path, file.path, file.display), text: text.value };
    sources.push(source);
    const tree = readTree("texts", source);
    if (tree.node === undefined) {
      diagnostics.push(...tree.diagnostics);
      continue;
    }
    const found: Diagnostic[] = [];
    checkOf(tree.node, path, file, (diagnostic) => found.push(diagnostic));
    const translation = lowerTranslation(tree.node, lowered, (diagnostic) => found.push(diagnostic));
    const language = plainText(valueAt(tree.node, "language"));
    if (language !== undefined && byLanguage.has(language)) diagnostics.push(errorAt(name.span, "given-twice", `\`${language}\` has two translations`, "name one file for each language"));
    if (language !== undefined) byLanguage.set(language, translation);
    diagnostics.push(...mergeFaults(tree.diagnostics, found));
  }
  return { byLanguage, diagnostics, sources };
}

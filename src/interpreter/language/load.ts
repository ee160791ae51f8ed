import type { Registry } from "../../core/builtin.ts";
import { errorAt, errorWithoutPlace, hasErrors, type Diagnostic } from "../../core/diagnostic.ts";
import type { Runbook } from "../../core/runbook.ts";
import type { Source } from "../../core/source.ts";
import { mergeFaults, readTree, type Files } from "./load-file.ts";
import { displayPathOf, folderOf, isAbsolutePath, isInside, normalizePath, resolvePath } from "./load-path.ts";
import { loadTranslations } from "./load-texts.ts";
import { declaredSteps, declareFile, type DeclaredStep } from "./lower-declare.ts";
import { lowerRunbook } from "./lower.ts";
import { valueAt, type ScalarNode } from "./node.ts";

export type { Files } from "./load-file.ts";

/** What came of loading a runbook. */
export interface Loaded {
  /** Undefined where there is an error in the file, or in one that it calls. */
  readonly runbook: Runbook | undefined;
  /** Of all files, file by file in the order in which they were first named, each in the order of its text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read. */
  readonly sources: readonly Source[];
}

/** What loading needs beside the file. */
export interface LoadContext {
  readonly files: Files;
  readonly registry: Registry;
  /** Absolute; a called file must lie in it. */
  readonly projectFolder: string;
}

/** So deep calls may be nested (semantics.md section 5). */
const DEEPEST_CALL = 8;

/** A file that was loaded, or is being loaded. */
interface LoadedFile {
  readonly display: string;
  runbook: Runbook | undefined;
  /** What could be lowered of it although it has errors: enough to check those who call it. */
  partial: Runbook | undefined;
  state: "open" | "loaded";
  /** The longest chain of calls that begins here: the paths of the files, this one first. */
  longest: readonly string[];
  /** Its own, then those of its translations. */
  sources: readonly Source[];
  diagnostics: readonly Diagnostic[];
}

interface Loading extends LoadContext {
  /** The file that was asked for, and how it was written: called files are shown as the same person would write them. */
  readonly root: string;
  readonly rootDisplay: string;
  readonly byPath: Map<string, LoadedFile>;
  /** The files that are being loaded, from the first. */
  readonly open: string[];
}

/** The path that a step calls, or why it is none. */
function calledPath(call: ScalarNode, folder: string, projectFolder: string): { readonly path: string } | { readonly fault: Diagnostic } {
  const refuse = (code: string, message: string, hint: string): { readonly fault: Diagnostic } => ({ fault: errorAt(call.span, code, message, hint) });
  if (call.text.includes("{{")) return refuse("call-not-literal", "`call` is a literal: what a runbook runs stands in it", "write the path of the file; `if` chooses between two calls");
  if (isAbsolutePath(call.text)) return refuse("call-outside-project", "a called file is named relative to the file that calls it", "`./parts/hand-over.yml`");
  const path = resolvePath(folder, call.text);
  if (isInside(projectFolder, path)) return { path };
  return refuse("call-outside-project", `\`${call.text}\` lies outside of the project`, `a called file lies in the project's folder, ${projectFolder}`);
}

/** The runbook that a step calls, loaded once however often it is called; undefined where it has errors, which are reported with it. */
function callee(call: ScalarNode, folder: string, loading: Loading, report: (diagnostic: Diagnostic) => void): LoadedFile | undefined {
  const called = calledPath(call, folder, loading.projectFolder);
  if ("fault" in called) {
    report(called.fault);
    return undefined;
  }
  const known = loading.byPath.get(called.path);
  if (known?.state === "open") {
    const chain = [...loading.open.slice(loading.open.indexOf(called.path)), called.path].map((path) => loading.byPath.get(path)?.display ?? path);
    report(errorAt(call.span, "call-cycle", `the files call each other without end: ${chain.join(" → ")}`, "one of these calls must go"));
    return undefined;
  }
  if (known !== undefined) return known;
  const text = loading.files.read(called.path);
  if (text.kind === "ok") return loadOne(called.path, text.value, loading);
  report(errorAt(call.span, "cannot-read", `cannot read \`${call.text}\`: ${text.error}`, `it is looked for at ${displayPathOf(called.path, loading.root, loading.rootDisplay)}`));
  return undefined;
}

/** Faults of a translation that are faults only if the runbook's own names are all known. */
const NEEDS_THE_RUNBOOK: ReadonlySet<string> = new Set(["unknown-name", "wrong-count"]);

function loadOne(path: string, text: string, loading: Loading): LoadedFile {
  const display = displayPathOf(path, loading.root, loading.rootDisplay);
  const source: Source = { name: display, text };
  const loaded: LoadedFile = { display, runbook: undefined, partial: undefined, state: "open", longest: [path], sources: [source], diagnostics: [] };
  loading.byPath.set(path, loaded);
  loading.open.push(path);
  const tree = readTree("runbook", source);
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void found.push(diagnostic);
  const { node } = tree;
  let areCalleesSound = true;
  if (node !== undefined) {
    const folder = folderOf(path);
    const lists = declareFile(node);
    const callees = new Map<DeclaredStep, LoadedFile>();
    for (const step of declaredSteps(lists)) {
      const call = valueAt(step.node, "call");
      if (step.kind !== "call" || call?.kind !== "scalar" || call.text === "") continue;
      const file = callee(call, folder, loading, report);
      if (file?.runbook === undefined) areCalleesSound = false;
      if (file === undefined) continue;
      callees.set(step, file);
      if (file.longest.length + 1 > loaded.longest.length) loaded.longest = [path, ...file.longest];
      if (path === loading.root && file.longest.length > DEEPEST_CALL) report(tooDeep(call, [path, ...file.longest], loading));
    }
    const lowered = lowerRunbook({ node, file: path, folder, registry: loading.registry, lists, report, calleeOf: (step) => callees.get(step)?.partial });
    const translations = loadTranslations(node, lowered, { files: loading.files, path, display });
    loaded.partial = { ...lowered.runbook, translations: translations.byLanguage };
    loaded.sources = [source, ...translations.sources];
    // What a translation misses in a runbook that is not sound may stand there.
    const isSound = !hasErrors(tree.diagnostics);
    const ofTranslations = translations.diagnostics.filter(({ code }) => isSound || !NEEDS_THE_RUNBOOK.has(code));
    loaded.diagnostics = [...mergeFaults(tree.diagnostics, found), ...ofTranslations];
    if (areCalleesSound && !hasErrors(loaded.diagnostics)) loaded.runbook = loaded.partial;
  } else loaded.diagnostics = tree.diagnostics;
  loaded.state = "loaded";
  loading.open.pop();
  return loaded;
}

function tooDeep(call: ScalarNode, chain: readonly string[], loading: Loading): Diagnostic {
  const names = chain.map((path) => loading.byPath.get(path)?.display ?? path).join(" → ");
  return errorAt(call.span, "call-too-deep", `calls are nested ${chain.length - 1} deep, and ${DEEPEST_CALL} is the most: ${names}`, "put two of these files together");
}

/**
 * Loads a runbook with all that it calls and its translations: reads, parses, validates, lowers and checks. All faults of all files
 * at once. `file` is absolute; `displayName` is the path as the user wrote it, for messages.
 */
export function loadRunbook(file: string, displayName: string, context: LoadContext): Loaded {
  const path = normalizePath(file);
  const text = context.files.read(path);
  if (text.kind === "error") {
    return { runbook: undefined, diagnostics: [errorWithoutPlace("cannot-read", `cannot read ${displayName}: ${text.error}`)], sources: [] };
  }
  const loading: Loading = { ...context, projectFolder: normalizePath(context.projectFolder), root: path, rootDisplay: displayName, byPath: new Map(), open: [] };
  const { runbook } = loadOne(path, text.value, loading);
  const files = [...loading.byPath.values()];
  return { runbook, diagnostics: files.flatMap(({ diagnostics }) => diagnostics), sources: files.flatMap(({ sources }) => sources) };
}

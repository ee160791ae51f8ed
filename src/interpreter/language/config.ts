import { errorAt, errorWithoutPlace, hasErrors, type Diagnostic } from "../../core/diagnostic.ts";
import type { Source, Span } from "../../core/source.ts";
import { isSimulated, systemAt, type Inventory } from "./inventory.ts";
import { readTree, type Files } from "./load-file.ts";
import { folderOf, normalizePath, resolvePath } from "./load-path.ts";
import { plainText } from "./lower-text.ts";
import { valueAt, type MapNode } from "./node.ts";

/** A path that a config names. */
export interface NamedPath {
  /** Absolute. */
  readonly path: string;
  /** As it stands in the config. */
  readonly text: string;
  readonly span: Span;
}

/** A project: the folder with `runbook.config.yml` (language.md section 11). */
export interface Config {
  readonly source: Source;
  /** Absolute. */
  readonly file: string;
  /** The project's folder, absolute. */
  readonly folder: string;
  /** Folder of runbooks, absolute: `runbooks` beside the config where it says nothing. */
  readonly runbooksFolder: string;
  readonly inventory: NamedPath | undefined;
  readonly system: { readonly name: string; readonly span: Span } | undefined;
}

/** What came of loading a config. */
export interface LoadedConfig {
  /** Undefined where there is an error. */
  readonly config: Config | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source | undefined;
}

/** Folder of runbooks where the config names none. */
const RUNBOOKS = "runbooks";

function namedPath(node: MapNode, key: string, folder: string): NamedPath | undefined {
  const value = valueAt(node, key);
  return value?.kind === "scalar" && value.text !== "" ? { path: resolvePath(folder, value.text), text: value.text, span: value.span } : undefined;
}

/** Loads a project's config. `file` is absolute; `displayName` is the path as the user would write it. All faults at once. */
export function loadConfig(file: string, displayName: string, files: Files): LoadedConfig {
  const path = normalizePath(file);
  const text = files.read(path);
  if (text.kind === "error") return { config: undefined, diagnostics: [errorWithoutPlace("cannot-read", `cannot read ${displayName}: ${text.error}`)], source: undefined };
  const source: Source = { name: displayName, text: text.value };
  const { node, diagnostics: structure } = readTree("config", source);
  if (node === undefined) return { config: undefined, diagnostics: structure, source };
  const folder = folderOf(path);
  const system = valueAt(node, "system");
  const inventory = namedPath(node, "inventory", folder);
  const diagnostics = [...structure];
  if (system !== undefined && inventory === undefined) diagnostics.push(errorAt(system.span, "system-without-inventory", "`system` names a system of an inventory, and the config names none", "add `inventory:` with its path"));
  if (hasErrors(diagnostics)) return { config: undefined, diagnostics, source };
  const name = plainText(system);
  return {
    config: {
      source,
      file: path,
      folder,
      runbooksFolder: resolvePath(folder, plainText(valueAt(node, "runbooks")) ?? RUNBOOKS),
      inventory,
      system: system === undefined || name === undefined ? undefined : { name, span: system.span },
    },
    diagnostics,
    source,
  };
}

/** What is wrong with the default system of a config: it is not in the inventory, or it is real. A real system is named by hand, so nothing real is touched by trying. Empty where there is nothing to say. */
export function checkDefaultSystem(config: Config, inventory: Inventory): readonly Diagnostic[] {
  if (config.system === undefined) return [];
  const { name, span } = config.system;
  const found = systemAt(inventory, name, span);
  if (found.kind === "error") return [found.error];
  if (isSimulated(found.value)) return [];
  return [errorAt(span, "real-default-system", `\`${name}\` is a real system, and only a simulated one can be the default`, `name it by hand: --system ${name}`)];
}

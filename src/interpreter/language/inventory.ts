import { errorAt, errorWithoutPlace, hasErrors, type Diagnostic } from "../../core/diagnostic.ts";
import { nameHint } from "../../core/names.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { Source, Span } from "../../core/source.ts";
import { checkList, checkRules, lowerRules, type TransportRule } from "./inventory-rules.ts";
import { readTree, type Files } from "./load-file.ts";
import { folderOf, normalizePath } from "./load-path.ts";
import { plainText } from "./lower-text.ts";
import { valueAt, type MapNode, type Node } from "./node.ts";

/** A system that runbooks can be applied to. */
export interface System {
  readonly name: string;
  readonly span: Span;
  readonly description: string | undefined;
  /** Values for inputs of any runbook, as they are written. */
  readonly inputs: ReadonlyMap<string, Node>;
  /** Its own rules; they come before the inventory's. */
  readonly transports: readonly TransportRule[];
  /** Absolute path of its world, where it is simulated; undefined where it is real. */
  readonly world: string | undefined;
}

/** Which systems there are, and how they are reached (language.md section 4). */
export interface Inventory {
  readonly source: Source;
  /** Absolute. */
  readonly file: string;
  /** Absolute; files among the inputs are relative to it. */
  readonly folder: string;
  readonly systems: ReadonlyMap<string, System>;
  /** For every system. */
  readonly inputs: ReadonlyMap<string, Node>;
  readonly transports: readonly TransportRule[];
}

/** What came of loading an inventory. */
export interface LoadedInventory {
  /** Undefined where there is an error. */
  readonly inventory: Inventory | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source | undefined;
}

function inputsOf(node: MapNode): ReadonlyMap<string, Node> {
  const inputs = valueAt(node, "inputs");
  return new Map(inputs?.kind === "map" ? inputs.entries.map(({ key, value }) => [key.text, value]) : []);
}

/** Loads an inventory. `file` is absolute; `displayName` is the path as the user wrote it. All faults at once. */
export function loadInventory(file: string, displayName: string, files: Files): LoadedInventory {
  const path = normalizePath(file);
  const text = files.read(path);
  if (text.kind === "error") return { inventory: undefined, diagnostics: [errorWithoutPlace("cannot-read", `cannot read the inventory ${displayName}: ${text.error}`)], source: undefined };
  const source: Source = { name: displayName, text: text.value };
  const { node, diagnostics: structure } = readTree("inventory", source);
  if (node === undefined) return { inventory: undefined, diagnostics: structure, source };
  const folder = folderOf(path);
  const transports = lowerRules(valueAt(node, "transports"), folder);
  const diagnostics: Diagnostic[] = [...structure, ...checkList(transports)];
  const systems = new Map<string, System>();
  const list = valueAt(node, "systems");
  for (const { key, value } of list?.kind === "map" ? list.entries : []) {
    if (value.kind !== "map") continue;
    const own = lowerRules(valueAt(value, "transports"), folder);
    const { world, diagnostics: found } = checkRules(key, own, transports);
    diagnostics.push(...found, ...checkList(own));
    systems.set(key.text, { name: key.text, span: key.span, description: plainText(valueAt(value, "description")), inputs: inputsOf(value), transports: own, world });
  }
  if (hasErrors(diagnostics)) return { inventory: undefined, diagnostics, source };
  return { inventory: { source, file: path, folder, systems, inputs: inputsOf(node), transports }, diagnostics, source };
}

/** The system of a name; on the unhappy path the nearest name, or those that there are. */
export function systemNamed(inventory: Inventory, name: string): Result<System, Diagnostic> {
  const system = inventory.systems.get(name);
  if (system !== undefined) return ok(system);
  return error(errorWithoutPlace("unknown-system", `there is no system \`${name}\` in ${inventory.source.name}`, nameHint(name, inventory.systems.keys())));
}

/** True if an inventory's system is simulated: whole, `local` too. */
export function isSimulated(system: System): boolean {
  return system.world !== undefined;
}

/** The same as an error at a place, where the name stands in a file (a config). */
export function systemAt(inventory: Inventory, name: string, span: Span): Result<System, Diagnostic> {
  const found = systemNamed(inventory, name);
  return found.kind === "ok" ? found : error(errorAt(span, found.error.code, found.error.message, found.error.hint));
}

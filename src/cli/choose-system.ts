import { resolve } from "node:path";
import { errorWithoutPlace, hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import { checkDefaultSystem } from "../interpreter/language/config.ts";
import type { InputSource } from "../interpreter/language/inputs.ts";
import { loadInventory, systemNamed, type Inventory, type System } from "../interpreter/language/inventory.ts";
import type { Node } from "../interpreter/language/node.ts";
import { readTextFile } from "../world/files.ts";
import { valueOf, type CommandContext } from "./command.ts";
import { displayPath } from "./find-file.ts";
import type { Project } from "./project.ts";

/** The system that a runbook is applied to. */
export interface ChosenSystem {
  /** `local` where no system was named: then every address must be this machine. */
  readonly name: string;
  readonly inventory: Inventory | undefined;
  readonly system: System | undefined;
  readonly isSimulated: boolean;
}

const LOCAL: ChosenSystem = { name: "local", inventory: undefined, system: undefined, isSimulated: false };

/** The system that the flags name, else the project's default, which must be a simulated one; else this machine. `--system local` names this machine, unless the inventory has a system of that name. */
export function chooseSystem({ args, surroundings }: CommandContext, { config }: Project): Result<ChosenSystem, readonly Diagnostic[]> {
  const { workingFolder } = surroundings;
  const named = valueOf(args, "inventory");
  const path = named === undefined ? config?.inventory?.path : resolve(workingFolder, named);
  const wanted = valueOf(args, "system");
  if (path === undefined) {
    if (wanted !== undefined && wanted !== LOCAL.name) return error([errorWithoutPlace("no-inventory", `--system ${wanted}: there is no inventory that could name it`, "--inventory FILE, or `inventory:` in runbook.config.yml")]);
    return ok(LOCAL);
  }
  const { inventory, diagnostics } = loadInventory(path, displayPath(path, workingFolder), { read: readTextFile });
  if (inventory === undefined || hasErrors(diagnostics)) return error(diagnostics);
  if (wanted === undefined && config !== undefined) {
    const faults = checkDefaultSystem(config, inventory);
    if (faults.length > 0) return error(faults);
  }
  const name = wanted ?? config?.system?.name;
  if (name === undefined || (name === LOCAL.name && !inventory.systems.has(name))) return ok({ ...LOCAL, inventory });
  const system = systemNamed(inventory, name);
  if (system.kind === "error") return error([system.error]);
  return ok({ name, inventory, system: system.value, isSimulated: system.value.world !== undefined });
}

/** The values that the inventory gives: the system's own first. */
export function systemInputs({ inventory, system }: ChosenSystem): readonly InputSource[] {
  const sourceOf = (origin: string, inputs: ReadonlyMap<string, Node>, folder: string): InputSource => ({
    origin, strict: "extra-names-allowed", folder, values: new Map([...inputs].map(([name, node]) => [name, { kind: "node" as const, node }])),
  });
  if (inventory === undefined) return [];
  const general = sourceOf("inventory", inventory.inputs, inventory.folder);
  return system === undefined ? [general] : [sourceOf(`inventory system ${system.name}`, system.inputs, inventory.folder), general];
}

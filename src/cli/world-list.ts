import type { Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Inventory } from "../interpreter/language/inventory.ts";
import { describeWorld } from "../simulator/describe-world.ts";
import type { WorldsDocument } from "../views/documents.ts";
import type { CommandContext } from "./command.ts";
import { openKeptWorld } from "./kept-world.ts";

/** Every simulated system of an inventory as it stands, in the inventory's order. Faults of all their worlds are reported together. */
export async function listWorlds(context: CommandContext, inventory: Inventory, stateFolder: string): Promise<Result<WorldsDocument, readonly Diagnostic[]>> {
  const systems: { system: string; description?: string; world: WorldsDocument["systems"][number]["world"] }[] = [];
  const faults: Diagnostic[] = [];
  for (const system of inventory.systems.values()) {
    if (system.world === undefined) continue;
    const opened = await openKeptWorld({ ...system, world: system.world }, stateFolder, context);
    if (opened.kind === "error") faults.push(...opened.error);
    else systems.push({ system: system.name, ...(system.description === undefined ? {} : { description: system.description }), world: describeWorld(opened.value.world.state) });
  }
  return faults.length > 0 ? error(faults) : ok({ v: 1, systems });
}

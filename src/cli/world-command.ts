import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import { nameHint } from "../core/names.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Inventory, System } from "../interpreter/language/inventory.ts";
import { describeWorld } from "../simulator/describe-world.ts";
import type { WorldDocument } from "../views/documents.ts";
import { worldListLines } from "../views/world-list-text.ts";
import { worldLines } from "../views/world-text.ts";
import { readTextFile } from "../world/files.ts";
import { claimFiles } from "../world/claims.ts";
import { lockFiles } from "../world/lock-file.ts";
import { worldStore } from "../world/world-store.ts";
import { chooseSystem } from "./choose-system.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { displayPath } from "./find-file.ts";
import { openKeptWorld } from "./kept-world.ts";
import { stateFolderOf } from "./prepare.ts";
import { note, print, printDocument, refuse, stdoutStyle } from "./print.ts";
import { heldBy } from "./run-standing.ts";
import { openProject, type Project } from "./project.ts";
import { worldPrefix } from "./simulated-ports.ts";
import { listWorlds } from "./world-list.ts";
import { readWorld } from "./world-file.ts";

type SimulatedSystem = System & { readonly world: string };

/** `world show [--all] [--services] [--json]` and `world reset`: the simulated system as it stands, or all of them, and back to its start. */
export async function worldCommand(context: CommandContext): Promise<number> {
  const [verb = ""] = context.args.operands;
  if (verb !== "show" && verb !== "reset") return refuse(context, [errorWithoutPlace("unknown-verb", `\`world ${verb}\` is no command`, nameHint(verb, ["show", "reset"]))]);
  const project = openProject(context.surroundings.workingFolder);
  if (project.kind === "error") return refuse(context, project.error);
  const chosen = chooseSystem(context, project.value);
  if (chosen.kind === "error") return refuse(context, chosen.error);
  const { system, name, inventory } = chosen.value;
  if (verb === "show" && context.args.given.has("all") && inventory !== undefined) return showAll(context, inventory, project.value);
  if (system?.world === undefined) return refuse(context, [errorWithoutPlace("not-simulated", system === undefined ? "no simulated system is named" : `the system \`${name}\` is real, and only a simulated one has a world`, "--system NAME")]);
  const stateFolder = await stateFolderOf(context, project.value);
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  const simulated: SimulatedSystem = { ...system, world: system.world };
  return verb === "show" ? await show(context, simulated, stateFolder.value) : reset(context, simulated, stateFolder.value);
}

async function showAll(context: CommandContext, inventory: Inventory, project: Project): Promise<number> {
  const stateFolder = await stateFolderOf(context, project);
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  const worlds = await listWorlds(context, inventory, stateFolder.value);
  if (worlds.kind === "error") return refuse(context, worlds.error);
  if (context.args.given.has("json")) printDocument(context, worlds.value);
  else print(context, worldListLines(worlds.value, `${context.typed} run FILE --system NAME`, stdoutStyle(context)));
  return EXIT.ok;
}

async function show(context: CommandContext, system: SimulatedSystem, stateFolder: string): Promise<number> {
  const opened = await openKeptWorld(system, stateFolder, context);
  if (opened.kind === "error") return refuse(context, opened.error);
  const world = describeWorld(opened.value.world.state);
  const document: WorldDocument = { v: 1, system: system.name, world };
  if (context.args.given.has("json")) printDocument(context, document);
  else print(context, worldLines(system.name, world, context.args.given.has("services") ? "all" : "what matters", stdoutStyle(context)));
  return EXIT.ok;
}

function reset(context: CommandContext, system: SimulatedSystem, stateFolder: string): number {
  const name = worldName(system, context.surroundings.workingFolder);
  if (name.kind === "error") return refuse(context, name.error);
  const driving = lockFiles(stateFolder).acquire([`world ${system.name}`], "world reset");
  if (driving.kind !== "held") {
    note(context, `The simulated system \`${system.name}\` can be driven by one run at a time, and ${heldBy(stateFolder, driving)}. Nothing was reset.`);
    return EXIT.stopped;
  }
  const was = worldStore(stateFolder).reset({ system: system.name, world: name.value });
  claimFiles(stateFolder).void(worldPrefix(`${system.name}/${name.value}`));
  driving.release();
  print(context, [was ? `${system.name} (simulated) is back at its start` : `${system.name} (simulated) was at its start already`]);
  return EXIT.ok;
}

function worldName(system: SimulatedSystem, workingFolder: string): Result<string, readonly Diagnostic[]> {
  const text = readTextFile(system.world);
  if (text.kind === "error") return error([errorWithoutPlace("cannot-read", text.error)]);
  const { world, diagnostics } = readWorld(system.world, { name: displayPath(system.world, workingFolder), text: text.value });
  return world === undefined ? error(diagnostics) : ok(world.file.name);
}

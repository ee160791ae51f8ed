import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { System } from "../interpreter/language/inventory.ts";
import { restoreWorld, type World } from "../simulator/world.ts";
import { readTextFile } from "../world/files.ts";
import { worldStore, type WorldKey } from "../world/world-store.ts";
import type { CommandContext } from "./command.ts";
import { displayPath } from "./find-file.ts";
import { resetCommandLine } from "./typed-again.ts";
import { readWorld, startedWorld } from "./world-file.ts";

/** A simulated system as the last run left it. */
export interface KeptWorldOf {
  readonly world: World;
  /** Names it among the worlds of a state folder, for locks. */
  readonly name: string;
  /** Keeps the world as it stands. */
  readonly save: () => void;
}

/** The simulated system of an inventory: as it was kept, else at its beginning. Faults are those of its file; or the file was changed since. */
export async function openKeptWorld(system: System & { readonly world: string }, stateFolder: string, context: CommandContext): Promise<Result<KeptWorldOf, readonly Diagnostic[]>> {
  const text = readTextFile(system.world);
  const display = displayPath(system.world, context.surroundings.workingFolder);
  if (text.kind === "error") return error([errorWithoutPlace("cannot-read", `the world of the system \`${system.name}\`: ${text.error}`)]);
  const { world: sound, diagnostics } = readWorld(system.world, { name: display, text: text.value });
  if (sound === undefined) return error(diagnostics);
  const key: WorldKey = { system: system.name, world: sound.file.name, digest: sound.digest };
  const store = worldStore(stateFolder);
  const kept = store.load(key);
  const reset = resetCommandLine(context, system.name);
  if (kept.kind === "changed") return error([errorWithoutPlace("world-changed", `${display} was changed since the simulated system \`${system.name}\` was begun`, `put it back to its start: ${reset}`)]);
  if (kept.kind === "damaged") return error([errorWithoutPlace("world-damaged", `the kept state of the simulated system \`${system.name}\` cannot be read: ${kept.because}`, `put it back to its start: ${reset}`)]);
  const world = kept.kind === "none" ? await startedWorld(sound) : restored(kept.state, reset);
  if (world.kind === "error") return world;
  return ok({ world: world.value, name: `${key.system}/${key.world}`, save: () => store.save(key, world.value.snapshot()) });
}

function restored(state: Parameters<typeof restoreWorld>[0], reset: string): Result<World, readonly Diagnostic[]> {
  const world = restoreWorld(state);
  return world.kind === "ok" ? world : error([errorWithoutPlace("world-damaged", world.error, `put it back to its start: ${reset}`)]);
}

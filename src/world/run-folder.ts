import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where a run keeps its files. */
export interface RunFolder {
  readonly path: string;
  /** Files that were fetched from targets. */
  readonly fetched: string;
  /** Who ends the programs of its runner should that die. */
  readonly watchers: string;
}

/** The folder of a run in a state folder. Nothing is made. */
export function runFolderOf(stateFolder: string, run: string): RunFolder {
  const path = join(stateFolder, "runs", run);
  return { path, fetched: join(path, "fetched"), watchers: join(path, "watchers.json") };
}

/** Makes the folder of a new run, readable by the account alone. Throws where it is there already: a run's id is used once. */
export function makeRunFolder(stateFolder: string, run: string): RunFolder {
  const folder = runFolderOf(stateFolder, run);
  mkdirSync(join(stateFolder, "runs"), { recursive: true, mode: 0o700 });
  mkdirSync(folder.path, { mode: 0o700 });
  return folder;
}

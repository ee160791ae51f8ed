import { hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import { loadConfig, type Config } from "../interpreter/language/config.ts";
import { readTextFile } from "../world/files.ts";
import { displayPath, findConfigFile } from "./find-file.ts";

/** The project around the working folder. */
export interface Project {
  /** Absolute: the folder of the configuration; the working folder outside of any project. */
  readonly folder: string;
  /** Undefined outside of any project. */
  readonly config: Config | undefined;
}

/** The project that a command works in. Faults are those of its configuration. */
export function openProject(workingFolder: string): Result<Project, readonly Diagnostic[]> {
  const file = findConfigFile(workingFolder);
  if (file === undefined) return ok({ folder: workingFolder, config: undefined });
  const { config, diagnostics } = loadConfig(file, displayPath(file, workingFolder), { read: readTextFile });
  return config === undefined || hasErrors(diagnostics) ? error(diagnostics) : ok({ folder: config.folder, config });
}

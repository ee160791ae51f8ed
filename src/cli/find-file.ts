import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

const CONFIG = "runbook.config.yml";

/** The configuration of the project around a folder: the nearest `runbook.config.yml` upward; undefined where there is none. */
export function findConfigFile(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, CONFIG);
    if (existsSync(file)) return file;
    if (dirname(at) === at) return undefined;
  }
}

/** The absolute path of FILE as it was typed: relative to the working folder; a bare name that is not there also in the folder of runbooks. Not sure to exist. */
export function findRunbookFile(typed: string, workingFolder: string, runbooksFolder: string | undefined): string {
  const here = resolve(workingFolder, typed);
  const isBare = !isAbsolute(typed) && !typed.includes("/") && !typed.includes("\\");
  if (!isBare || runbooksFolder === undefined || existsSync(here)) return here;
  const there = join(runbooksFolder, typed);
  return existsSync(there) ? there : here;
}

/** A path as a person in the working folder would write it: relative below it, absolute elsewhere. */
export function displayPath(file: string, workingFolder: string): string {
  const path = relative(workingFolder, file);
  return path === "" ? "." : path.startsWith("..") || isAbsolute(path) ? file : path;
}

/** The folder that what a runbook calls must lie in: its project's; outside of any, the one that holds it. `path` is absolute. */
export function projectFolderOf(path: string): string {
  const folder = resolve(path, "..");
  const config = findConfigFile(folder);
  return config === undefined ? folder : resolve(config, "..");
}

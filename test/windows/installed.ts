import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beginNode, PROJECT, seenHere, type Begun, type Ended } from "./windows.ts";

/** Where the package is installed on Windows. */
const INSTALLED = "C:\\Program Files\\runbook";
const PROGRAM = `${INSTALLED}\\dist\\bin\\runbook.mjs`;

/** Installs the package as it was built: its program and its description, and no package beside them. */
export function installRunbook(): void {
  const folder = seenHere(INSTALLED);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ["dist", "package.json"]) cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
}

/** Begins runbook in a folder of drive C. */
export function beginRunbook(words: readonly string[], folder: string, env: Readonly<Record<string, string>> = {}): Begun {
  return beginNode([PROGRAM, ...words], folder, env);
}

/** Runs runbook to its end. */
export function runbook(words: readonly string[], folder: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return beginRunbook(words, folder, env).ended;
}

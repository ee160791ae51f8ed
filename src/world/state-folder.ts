import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";

/** Where the state folder was named. */
export interface StateFolder {
  /** Absolute. */
  readonly path: string;
  /** As it is shown: `--state`, `RUNBOOK_STATE`, `the project`. */
  readonly origin: string;
}

/** What the state folder can be named by, the strongest first. */
export interface StateFolderChoice {
  /** `--state DIR`. */
  readonly flag: string | undefined;
  /** `RUNBOOK_STATE`; an empty one names nothing. */
  readonly environment: string | undefined;
  /** The project's folder, or the working folder outside any project. */
  readonly projectFolder: string;
  readonly workingFolder: string;
}

/** Which folder the runs live in. Nothing is looked at. */
export function chooseStateFolder(choice: StateFolderChoice): StateFolder {
  const { flag, environment, projectFolder, workingFolder } = choice;
  if (flag !== undefined) return { path: resolve(workingFolder, flag), origin: "--state" };
  if (environment !== undefined && environment !== "") return { path: resolve(workingFolder, environment), origin: "RUNBOOK_STATE" };
  return { path: join(isAbsolute(projectFolder) ? projectFolder : resolve(workingFolder, projectFolder), ".runbook"), origin: "the project" };
}

/** Asks git for the files below a folder that it tracks; empty where there is none, or no git. */
export type TrackedFiles = (folder: string) => Promise<readonly string[]>;

/** Makes a folder with those around it. Node's own `recursive` never ends where a file system refuses a name with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (fault) {
    // Another run may have made it meanwhile.
    if (systemCode(fault) !== "EEXIST") throw fault;
  }
}

/**
 * Makes the folder, with a `.gitignore` that keeps git out, or takes the one that is there. Refused where another account owns
 * it, which could then change what a resume believes, and where git tracks something in it, which would then be published.
 */
export async function openStateFolder(path: string, trackedFiles: TrackedFiles): Promise<Result<string, string>> {
  try {
    makeFolder(path);
    const found = statSync(path);
    if (!found.isDirectory()) return error(`the state folder ${path} is a file; name a folder with --state`);
    const { uid } = found;
    if (process.getuid !== undefined && uid !== process.getuid()) return error(`the state folder ${path} belongs to another account (user ${uid}); name one of your own with --state`);
    const [tracked] = await trackedFiles(path);
    if (tracked !== undefined) return error(`git tracks the state folder ${path} (${tracked}); it holds what runs have seen, so name another with --state, or take it out of git`);
    // A copy that is kept read-only can be looked at; one that a full disk cut off says nothing.
    const ignored = join(path, ".gitignore");
    if (!existsSync(ignored) || statSync(ignored).size === 0) writeFileSync(ignored, "*\n", { mode: 0o600 });
    return ok(path);
  } catch (fault) {
    return error(`the state folder cannot be used: ${fileFailure(path, fault).because}`);
  }
}

/** Takes a state folder, to look into it and to leave answers, whoever owns it. Nothing is made: one that is not there holds no run. */
export function lookIntoStateFolder(path: string): Result<string, string> {
  try {
    if (!existsSync(path)) return ok(path);
    if (!statSync(path).isDirectory()) return error(`the state folder ${path} is a file; name a folder with --state`);
    // Fails here and now where this account may not look into it.
    readdirSync(path);
    if (existsSync(join(path, "runs"))) readdirSync(join(path, "runs"));
    return ok(path);
  } catch (fault) {
    const { code, because } = fileFailure(path, fault);
    return error(`the state folder cannot be used: ${because}${code === "denied" ? "; its owner shares it with a group that both accounts are in (the manual, `running.md`)" : ""}`);
  }
}

import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemCode } from "./file-fault.ts";
import { runProcess } from "./local-process.ts";
import { UNTETHERED } from "./tether.ts";

/** Git answers from its index; longer than this it hangs on something else. */
const GIT_LIMIT_MS = 10_000;

/** The `.git` of the work tree that a folder lies in; undefined where it lies in none. */
function gitOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const git = join(at, ".git");
    if (statSync(git, { throwIfNoEntry: false }) !== undefined) return git;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * True if git's index may name the folder: asking git takes longer than all else at the start of a run. In the index the paths
 * stand whole and as they are, but for version 4, which shortens them; what cannot be read so is asked for.
 */
function mayBeInIndex(git: string, folder: string): boolean {
  try {
    const index = readFileSync(join(git, "index"));
    return index.readUInt32BE(4) > 3 || index.includes(`${basename(folder)}/`);
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return false;
    if (systemCode(fault) === undefined && !(fault instanceof RangeError)) throw fault;
    return true;
  }
}

/** Files below a folder that git tracks; empty outside a work tree, and where there is no git. */
export async function trackedFiles(folder: string): Promise<readonly string[]> {
  const git = gitOf(folder);
  if (git === undefined || !mayBeInIndex(git, folder)) return [];
  // A repository's own settings may name a program that watches files: none is run.
  const args = ["-c", "core.fsmonitor=false", "-C", folder, "ls-files", "-z", "--", "."];
  const answer = await runProcess({ kind: "program", program: "git", args }, { limitMs: GIT_LIMIT_MS, onOutput: () => undefined, signal: new AbortController().signal }, UNTETHERED);
  return answer.kind === "ok" && answer.value.exitCode === 0 ? answer.value.stdout.split("\0").filter((name) => name !== "") : [];
}

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import type { Lock, LockHolder } from "../core/port.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { holdFile, isHeld, sqliteCode } from "./held-file.ts";

interface Held {
  readonly release: () => void;
}

/** The files of a lock: the one that is locked, and beside it who holds it, because nothing but the lock call may open the first. */
function filesOf(folder: string, name: string): { readonly lock: string; readonly holder: string } {
  const base = join(folder, sha256(name).slice(0, 32));
  return { lock: `${base}.lock`, holder: `${base}.json` };
}

/** Takes one lock. Undefined where somebody else has it. */
function take(folder: string, holder: LockHolder): Held | undefined {
  const files = filesOf(folder, holder.lock);
  const letGo = holdFile(files.lock);
  if (letGo === undefined) return undefined;
  try {
    const part = `${files.holder}.${process.pid}.part`;
    writeFileSync(part, JSON.stringify(holder), { mode: 0o600 });
    renameSync(part, files.holder);
  } catch (fault) {
    letGo();
    throw fault;
  }
  return {
    release: () => {
      rmSync(files.holder, { force: true });
      letGo();
    },
  };
}

/** Who holds a lock; undefined where no process does. Writes nothing, and is in nobody's way for longer than the look takes. */
export function lockHolder(stateFolder: string, name: string): LockHolder | undefined {
  const folder = join(stateFolder, "locks");
  return isHeld(filesOf(folder, name).lock) ? holderOf(folder, name) : undefined;
}

/** Who holds a lock, by the file beside it; unknown where the holder has not written it yet. */
function holderOf(folder: string, name: string): LockHolder {
  try {
    return JSON.parse(readFileSync(filesOf(folder, name).holder, "utf8")) as LockHolder;
  } catch (fault) {
    if (systemCode(fault) !== "ENOENT") throw fault;
    return { lock: name, run: "unknown", since: new Date().toISOString() };
  }
}

/** Locks among the runs of one state folder, one file a lock. The system frees them when the process ends, however it ends. */
export function lockFiles(stateFolder: string): Lock {
  const folder = join(stateFolder, "locks");
  return {
    acquire(names, run) {
      const since = new Date().toISOString();
      const held: Held[] = [];
      const release = (): void => {
        for (const lock of held.splice(0).toReversed()) lock.release();
      };
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const lock of [...new Set(names)].toSorted()) {
          const taken = take(folder, { lock, run, since });
          if (taken === undefined) {
            const holder = holderOf(folder, lock);
            release();
            return { kind: "taken", holder };
          }
          held.push(taken);
        }
      } catch (fault) {
        release();
        const because = sqliteCode(fault) === undefined ? fileFailure(folder, fault).because : `${folder} cannot be used (${fault instanceof Error ? fault.message : ""})`;
        return { kind: "unusable", because: `the locks cannot be taken: ${because}` };
      }
      return { kind: "held", release };
    },
  };
}

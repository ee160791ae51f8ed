import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sha256 } from "../core/digest.ts";
import type { Lock, LockHolder } from "../core/port.ts";
import { fileFailure, systemCode } from "./file-fault.ts";

/** SQLite's word for "somebody else has it" (result code SQLITE_BUSY). */
const SQLITE_BUSY = 5;

/**
 * So long a lock is tried, in ms: two who try at the same instant are in each other's way for a moment, and without a second try neither might
 * get it. Whoever holds a lock holds it for longer.
 */
const TRYING_MS = 100;

interface Held {
  readonly release: () => void;
}

/** The files of a lock: the one that is locked, and beside it who holds it, because nothing but the lock call may open the first. */
function filesOf(folder: string, name: string): { readonly lock: string; readonly holder: string } {
  const base = join(folder, sha256(name).slice(0, 32));
  return { lock: `${base}.lock`, holder: `${base}.json` };
}

/** The connections whose transactions are the locks of this process. A connection that nobody refers to would be collected, and its lock be free. */
const open = new Set<DatabaseSync>();

/** Takes one lock: an exclusive transaction, which the system ends with the process. Undefined where somebody else has it. */
function take(folder: string, holder: LockHolder): Held | undefined {
  const files = filesOf(folder, holder.lock);
  const database = new DatabaseSync(files.lock);
  try {
    database.exec(`PRAGMA busy_timeout = ${TRYING_MS}; BEGIN EXCLUSIVE`);
    const part = `${files.holder}.${process.pid}.part`;
    writeFileSync(part, JSON.stringify(holder), { mode: 0o600 });
    renameSync(part, files.holder);
  } catch (fault) {
    database.close();
    if (sqliteCode(fault) === SQLITE_BUSY) return undefined;
    throw fault;
  }
  open.add(database);
  return {
    release: () => {
      rmSync(files.holder, { force: true });
      open.delete(database);
      database.close();
    },
  };
}

/** SQLite's result code of an error; undefined for any other error. */
function sqliteCode(fault: unknown): number | undefined {
  const code: unknown = fault instanceof Error && "errcode" in fault ? fault.errcode : undefined;
  return typeof code === "number" ? code : undefined;
}

/** Who holds a lock; undefined where no process does. Writes nothing, and is in nobody's way for longer than the look takes. */
export function lockHolder(stateFolder: string, name: string): LockHolder | undefined {
  return isLockHeld(stateFolder, name) ? holderOf(join(stateFolder, "locks"), name) : undefined;
}

function isLockHeld(stateFolder: string, name: string): boolean {
  const { lock } = filesOf(join(stateFolder, "locks"), name);
  if (!existsSync(lock)) return false;
  const database = new DatabaseSync(lock, { readOnly: true });
  try {
    database.exec(`PRAGMA busy_timeout = ${TRYING_MS}; BEGIN; SELECT 1 FROM sqlite_master`);
    return false;
  } catch (fault) {
    if (sqliteCode(fault) === SQLITE_BUSY) return true;
    throw fault;
  } finally {
    database.close();
  }
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

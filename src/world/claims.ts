import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import type { LockHolder } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";

/**
 * Claims on locks: a run that has begun to change things keeps others off what it works on, dead or waiting too, until it has
 * succeeded or was abandoned or rolled back. Written and read only by those who hold the lock.
 */
export interface Claims {
  /** The claim of a run that is none of `runs` on one of these locks; undefined where there is none. */
  of(locks: readonly string[], runs: readonly string[]): LockHolder | undefined;
  /** Claims them for a run, all or none; outlasts the runner when it returns. What it has claimed before stays as it is. The sentence says why none is claimed. */
  take(locks: readonly string[], run: string, since: string): Result<undefined, string>;
  /** Lets go of every claim of a run. */
  release(run: string): void;
  /** Lets go of every claim on locks whose names begin so: their system was put back to its start. */
  void(prefix: string): void;
}

/** Claims as files of a state folder, one a lock. */
export function claimFiles(stateFolder: string): Claims {
  const folder = join(stateFolder, "claims");
  const fileOf = (lock: string): string => join(folder, `${sha256(lock).slice(0, 32)}.json`);
  const removeWhere = (isMeant: (claim: LockHolder) => boolean): void => {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      const claim = readClaim(path);
      if (claim !== undefined && isMeant(claim)) rmSync(path, { force: true });
    }
  };
  return {
    of: (locks, runs) => locks.map((lock) => readClaim(fileOf(lock))).find((claim) => claim !== undefined && !runs.includes(claim.run)),
    take(locks, run, since) {
      const taken: string[] = [];
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const lock of locks.filter((name) => readClaim(fileOf(name))?.run !== run)) {
          writeWhole(fileOf(lock), JSON.stringify({ lock, run, since } satisfies LockHolder));
          taken.push(fileOf(lock));
        }
        return ok(undefined);
      } catch (fault) {
        for (const path of taken) rmSync(path, { force: true });
        return error(`the claim of the run cannot be written: ${fileFailure(folder, fault).because}`);
      }
    },
    release: (run) => removeWhere((claim) => claim.run === run),
    void: (prefix) => removeWhere((claim) => claim.lock.startsWith(prefix)),
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return [];
    throw fault;
  }
}

function readClaim(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockHolder;
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return undefined;
    throw fault;
  }
}

/** Whole or not at all, and durable. Only who holds the lock writes, so one name for what is half written is enough, and a death leaves one file at most. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  const file = openSync(part, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
}

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import type { LockHolder } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * Claims on locks: a run that has begun to change things keeps others off what it works on, dead or waiting too, until it has
 * succeeded or was abandoned or rolled back. Written and read only by those who hold the lock.
 */
export interface Claims {
  /** The claim of a run that is none of `runs` on one of these locks; undefined where there is none. The sentence says which cannot be read, and what to do. */
  of(locks: readonly string[], runs: readonly string[]): Result<LockHolder | undefined, string>;
  /** The locks that a run claims; one whose claim cannot be read is none of them. */
  claimedBy(run: string): readonly string[];
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
  const all = (): readonly (LockHolder & { readonly path: string })[] => namesIn(folder).flatMap((name) => {
    const claim = readClaim(join(folder, name));
    return claim === undefined || claim === "damaged" ? [] : [{ ...claim, path: join(folder, name) }];
  });
  const removeWhere = (isMeant: (claim: LockHolder) => boolean): void => {
    for (const { path } of all().filter(isMeant)) rmSync(path, { force: true });
  };
  const isClaimedBy = (lock: string, run: string): boolean => {
    const claim = readClaim(fileOf(lock));
    return claim !== undefined && claim !== "damaged" && claim.run === run;
  };
  return {
    of(locks, runs) {
      for (const lock of locks) {
        const claim = readClaim(fileOf(lock));
        if (claim === "damaged") return error(`${fileOf(lock)}, which says what run claims \`${lock}\`, is damaged. Remove it once no run that \`runs\` lists has begun to change \`${lock}\` and is still to go on`);
        if (claim !== undefined && !runs.includes(claim.run)) return ok(claim);
      }
      return ok(undefined);
    },
    claimedBy: (run) => all().filter((claim) => claim.run === run).map(({ lock }) => lock),
    take(locks, run, since) {
      const taken: string[] = [];
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const lock of locks.filter((name) => !isClaimedBy(name, run))) {
          writeWhole(fileOf(lock), JSON.stringify({ lock, run, since } satisfies LockHolder));
          taken.push(fileOf(lock));
        }
        if (taken.length > 0) for (const each of [folder, stateFolder]) syncFolder(each);
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

function readClaim(path: string): LockHolder | "damaged" | undefined {
  try {
    const claim = JSON.parse(readFileSync(path, "utf8")) as Json;
    return isJsonObject(claim) && ["lock", "run", "since"].every((key) => typeof claim[key] === "string") ? claim as unknown as LockHolder : "damaged";
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return undefined;
    if (fault instanceof SyntaxError) return "damaged";
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

import type { Event } from "../core/event.ts";
import type { Acquired, Journal, Lock, LockHolder } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Runbook } from "../core/runbook.ts";
import { keptOffBecause } from "../interpreter/run/holder-text.ts";
import type { Claims } from "../world/claims.ts";
import type { RunStanding } from "./run-standing.ts";

/** Another run that keeps one off. */
export type Kept = Extract<Acquired, { readonly kind: "taken" | "claimed" }>;

/** Locks under which a run also stakes its claim. */
export interface ClaimedLocks {
  readonly lock: Lock;
  /** The run that kept this one off its locks; undefined where none did. */
  keptOffBy(): Kept | undefined;
  /** Claims what the run holds; does nothing where it has claimed it already, or holds nothing. */
  claim(run: string): Result<undefined, string>;
  /** What another run has claimed does not keep this one off: it undoes that run. */
  inherit(from: string): void;
  /** Lets go of the run's claims, and of those that it inherited: it has succeeded, or was abandoned. */
  letGo(run: string): void;
}

/**
 * Locks that a claim of another run keeps one from, too: it has begun to change things and has not come to an end. A run that died
 * between its end and letting go of its claims keeps nobody off.
 */
export function claimedLocks(locks: Lock, claims: Claims, now: () => string, standingOf: (run: string) => RunStanding): ClaimedLocks {
  let held: readonly string[] = [];
  let isClaimed = false;
  let keptOffBy: Kept | undefined;
  const keptOff = (kind: Kept["kind"], { lock, run, since }: LockHolder, { by, step }: RunStanding): Kept => {
    keptOffBy = { kind, holder: { lock, run, since, ...(by === undefined ? {} : { by }), ...(step === undefined ? {} : { step }) } };
    return keptOffBy;
  };
  const inherited: string[] = [];
  return {
    lock: {
      acquire(names, run) {
        const taken = locks.acquire(names, run);
        if (taken.kind === "unusable") return taken;
        if (taken.kind !== "held") return keptOff(taken.kind, taken.holder, standingOf(taken.holder.run));
        for (;;) {
          const found = claims.of(names, [run, ...inherited]);
          if (found.kind === "error") {
            taken.release();
            return { kind: "unusable", because: found.error };
          }
          if (found.value === undefined) break;
          const standing = standingOf(found.value.run);
          if (standing.over === undefined) {
            taken.release();
            return keptOff("claimed", found.value, standing);
          }
          claims.release(found.value.run);
        }
        held = names;
        return taken;
      },
    },
    keptOffBy: () => keptOffBy,
    claim(run) {
      if (isClaimed || held.length === 0) return ok(undefined);
      const taken = claims.take(held, run, now());
      isClaimed = taken.kind === "ok";
      return taken;
    },
    inherit: (from) => void inherited.push(from),
    letGo: (run) => [run, ...inherited].forEach((one) => claims.release(one)),
  };
}

/**
 * Takes the locks of a run before anything of it is told, so that nothing changes for a run that is kept off: its open questions, and what it owes. The
 * sentence says why it is. `inherits`: the run that it undoes.
 */
export function takenBefore(locks: ClaimedLocks, { mode }: Pick<Runbook, "mode">, names: readonly string[], run: string, inherits: string | undefined): Result<ClaimedLocks, string> {
  if (mode === "checks") return ok(locks);
  if (inherits !== undefined) locks.inherit(inherits);
  const held = locks.lock.acquire(names, run);
  return held.kind === "held" ? ok({ ...locks, lock: { acquire: () => held } }) : error(keptOffBecause(held));
}

/**
 * A journal that keeps no intent before the claim stands, so that from then on other runs are kept off, whatever becomes of this one, nor while
 * what was changed before is not `kept`, as a simulated system is. What was told before the first intent is kept before the claim is staked: a run whose
 * journal tells of nothing, and that claims something, has lost it.
 */
export function claimBeforeChanges(journal: Journal, locks: ClaimedLocks, run: string, kept: () => Result<undefined, string>): Journal {
  /** From the first intent on, until what comes before it is kept; undefined before, and from then on. */
  let waiting: Event[] | undefined;
  let isAboutToChange = false;
  const handOn = (): void => {
    for (const event of waiting ?? []) journal.append(event);
    waiting = undefined;
  };
  const staked = async (): Promise<Result<undefined, string>> => {
    const before = waiting === undefined ? ok(undefined) : await journal.sync();
    if (before.kind === "error") return before;
    const claimed = locks.claim(run);
    return claimed.kind === "error" ? claimed : kept();
  };
  return {
    append(event: Event) {
      if (!isAboutToChange && event.type === "action-started" && event.effect !== "reads") {
        isAboutToChange = true;
        waiting = [];
      }
      if (waiting === undefined) journal.append(event);
      else waiting.push(event);
    },
    async sync() {
      if (!isAboutToChange) return journal.sync();
      const before = await staked();
      // Records are numbered: also one that nothing follows from is told.
      handOn();
      return before.kind === "error" ? before : journal.sync();
    },
  };
}

import type { Event } from "../core/event.ts";
import type { Journal, Lock, LockHolder } from "../core/port.ts";
import { error } from "../core/result.ts";
import type { Claims } from "../world/claims.ts";

/** Locks under which a run also stakes its claim. */
export interface ClaimedLocks {
  readonly lock: Lock;
  /** Claims what the run holds; does nothing where it has claimed it already, or holds nothing. */
  claim(run: string): void;
  /** Lets go of the run's claims: it has succeeded, or was abandoned. */
  letGo(run: string): void;
}

/** Locks that a claim of another run keeps one from, too: it has begun to change things and has not come to an end. */
export function claimedLocks(locks: Lock, claims: Claims, now: () => string): ClaimedLocks {
  let held: readonly string[] = [];
  let isClaimed = false;
  return {
    lock: {
      acquire(names, run) {
        const taken = locks.acquire(names, run);
        if (taken.kind !== "held") return taken;
        const other: LockHolder | undefined = claims.of(names, run);
        if (other !== undefined) {
          taken.release();
          return { kind: "claimed", holder: other };
        }
        held = names;
        return taken;
      },
    },
    claim(run) {
      if (isClaimed || held.length === 0) return;
      claims.take(held, run, now());
      isClaimed = true;
    },
    letGo: (run) => claims.release(run),
  };
}

/** A journal that keeps no intent before the claim stands: from then on other runs are kept off, whatever becomes of this one. */
export function claimBeforeChanges(journal: Journal, locks: ClaimedLocks, run: string): Journal {
  let isAboutToChange = false;
  return {
    append(event: Event) {
      if (event.type === "action-started" && event.effect !== "reads") isAboutToChange = true;
      journal.append(event);
    },
    async sync() {
      if (isAboutToChange) {
        try {
          locks.claim(run);
        } catch (fault) {
          return error(`the claim of the run cannot be written: ${fault instanceof Error ? fault.message : String(fault)}`);
        }
      }
      return journal.sync();
    },
  };
}

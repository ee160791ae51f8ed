import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { Lock, LockHolder } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import { timeText } from "../core/time.ts";
import { worldPeople } from "../simulator/people.ts";
import { simulatedTransports, type RunnerFiles } from "../simulator/transport.ts";
import { VirtualClock } from "../simulator/virtual-clock.ts";
import { readSource } from "../world/local-transport.ts";
import { claimFiles, type Claims } from "../world/claims.ts";
import { fileFailure } from "../world/file-fault.ts";
import { lockFiles } from "../world/lock-file.ts";
import { runFolderOf } from "../world/run-folder.ts";
import { systemClock } from "../world/system-clock.ts";
import { claimedLocks } from "./claimed-locks.ts";
import { valueOf, type CommandContext } from "./command.ts";
import { openKeptWorld } from "./kept-world.ts";
import { OwnIo } from "./own-io.ts";
import { shownTime } from "./real-time.ts";
import { heldBy, standingOf } from "./run-standing.ts";
import { peopleHere, type PreparedPlace, type Purpose, type RunPorts } from "./run-ports.ts";

/** The ports to a simulated system. One process drives a world at a time: `taken` says who does, where it is another. */
export async function openSimulatedPorts(context: CommandContext, prepared: PreparedPlace, run: string, purpose: Purpose, afterMs?: number): Promise<Result<RunPorts, readonly Diagnostic[] | { readonly taken: string }>> {
  const { chosen, stateFolder } = prepared;
  const { system } = chosen;
  if (system?.world === undefined) throw new Error("the system that was chosen is not simulated");
  const pace = paceOf(context);
  if (pace.kind === "error") return error([pace.error]);
  const locks = lockFiles(stateFolder);
  const driving = purpose === "run" ? locks.acquire([`world ${system.name}`], run) : undefined;
  if (driving !== undefined && driving.kind !== "held") return error({ taken: `The simulated system \`${system.name}\` can be driven by one run at a time, and ${heldBy(stateFolder, driving)}. Nothing was done.` });
  const opened = await openKeptWorld({ ...system, world: system.world }, stateFolder, context);
  if (opened.kind === "error") {
    driving?.release();
    return opened;
  }
  const { world, name, save } = opened.value;
  const io = new OwnIo();
  const time = shownTime(io, pace.value);
  // The world was kept at its last change; what its run saw after that was later.
  if (afterMs !== undefined) world.passTo(Math.max(afterMs, world.state.nowMs));
  const clock = new VirtualClock(world.state.nowMs, time.real);
  const keeping = new KeptWorld(save);
  if (purpose === "run") world.onChange(() => keeping.keep());
  return ok({
    transports: simulatedTransports(world, clock, runnerFiles(io, stateFolder, run)),
    clock,
    people: (purpose === "run" ? peopleHere(context) : undefined) ?? worldPeople(world, clock),
    locks: claimedLocks(under(name, locks), claimsUnder(name, claimFiles(stateFolder)), () => timeText(systemClock().now()), (other) => standingOf(stateFolder, other)),
    shownMs: () => time.shownMs(clock.now()),
    kept: () => keeping.kept,
    close: () => {
      if (purpose === "run") {
        world.passTo(clock.now());
        keeping.keep();
      }
      driving?.release();
      return keeping.kept;
    },
  });
}

/** Keeps a world after each of its changes. Where that fails the run goes on to the next change at most; a later success makes it good, since a world is kept whole. */
class KeptWorld {
  readonly #save: () => void;
  kept: Result<undefined, string> = ok(undefined);

  constructor(save: () => void) {
    this.#save = save;
  }

  keep(): void {
    try {
      this.#save();
      this.kept = ok(undefined);
    } catch (fault) {
      this.kept = error(`the simulated system cannot be kept: ${fileFailure("its state", fault).because}`);
    }
  }
}

/** Locks of a simulated system stand under its world: a real one of the same name is another. Who wanted them knows them by their own names. */
function under(world: string, locks: Lock): Lock {
  return {
    acquire: (names, run) => {
      const acquired = locks.acquire(names.map((name) => `${worldPrefix(world)}${name}`), run);
      return acquired.kind === "held" || acquired.kind === "unusable" ? acquired : { ...acquired, holder: asWanted(world, acquired.holder) };
    },
  };
}

function claimsUnder(world: string, claims: Claims): Claims {
  const named = (names: readonly string[]): readonly string[] => names.map((name) => `${worldPrefix(world)}${name}`);
  return {
    ...claims,
    of: (names, runs) => {
      const claim = claims.of(named(names), runs);
      return claim.kind === "error" || claim.value === undefined ? claim : ok(asWanted(world, claim.value));
    },
    take: (names, run, since) => claims.take(named(names), run, since),
  };
}

function asWanted(world: string, holder: LockHolder): LockHolder {
  return { ...holder, lock: holder.lock.slice(worldPrefix(world).length) };
}

/** What the names of the locks of a simulated system begin with. */
export function worldPrefix(world: string): string {
  return `world ${world}: `;
}

function runnerFiles(io: OwnIo, stateFolder: string, run: string): RunnerFiles {
  const { fetched } = runFolderOf(stateFolder, run);
  return {
    stat: (path, as) => io.begin(() => readSource(path, as)),
    keep: async (name, text) => {
      mkdirSync(fetched, { recursive: true, mode: 0o700 });
      const path = join(fetched, basename(name));
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
  };
}

function paceOf({ args }: CommandContext): Result<number | undefined, Diagnostic> {
  const typed = valueOf(args, "pace");
  if (typed === undefined) return ok(undefined);
  const times = Number(typed);
  if (Number.isFinite(times) && times > 0) return ok(times);
  return error(errorWithoutPlace("bad-pace", `--pace ${typed}: a number above 0 is expected`, "--pace 60 shows an hour in a minute"));
}

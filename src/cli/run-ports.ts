import process from "node:process";
import type { Clock, People, Transports } from "../core/port.ts";
import { ok, type Result } from "../core/result.ts";
import { timeText } from "../core/time.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { TransportOptions } from "../core/transport.ts";
import { transportFor } from "../interpreter/language/inventory-transport.ts";
import { currentAccount } from "../world/account.ts";
import { realTransports } from "../world/transports.ts";
import { claimFiles } from "../world/claims.ts";
import { lockFiles } from "../world/lock-file.ts";
import { nobody } from "../world/nobody.ts";
import { runFolderOf } from "../world/run-folder.ts";
import { behindMs, systemClock } from "../world/system-clock.ts";
import { terminalPeople } from "../world/terminal-people.ts";
import { wrapped } from "../views/terminal-text.ts";
import { aboutDuration } from "../views/time-text.ts";
import { claimedLocks, type ClaimedLocks } from "./claimed-locks.ts";
import type { CommandContext } from "./command.ts";
import type { Prepared } from "./prepare.ts";
import { note } from "./print.ts";
import { standingOf } from "./run-standing.ts";

/** The ports of a run. */
export interface RunPorts {
  readonly transports: Transports;
  readonly clock: Clock;
  readonly people: People;
  readonly locks: ClaimedLocks;
  /** The system's time for a screen, in ms since 1970. */
  readonly shownMs: () => number;
  /** Whether the system, where it is simulated, is kept as it stands; asked before each change. */
  readonly kept: () => Result<undefined, string>;
  /** Keeps what is to be kept; the sentence says why it could not be. */
  readonly close: () => Result<undefined, string>;
}

/** What a run is opened for. `preview`: it looks, and nothing that it does is kept. */
export type Purpose = "run" | "preview";

/** Which system is looked at, and where what is kept of it lies. */
export type PreparedPlace = Pick<Prepared, "chosen" | "stateFolder">;

/** The ports to the system that was chosen: this machine, or its world. `afterMs`: time of the last record of a run that is taken up, ms since 1970. */
export async function openPorts(context: CommandContext, prepared: PreparedPlace, run: string, purpose: Purpose, afterMs?: number): Promise<Result<RunPorts, readonly Diagnostic[] | { readonly taken: string }>> {
  const { world } = prepared.chosen.system ?? {};
  if (world !== undefined) {
    const { openSimulatedPorts } = await import("./simulated-ports.ts");
    return openSimulatedPorts(context, prepared, run, purpose, afterMs);
  }
  const clock = systemClock(afterMs);
  const behind = behindMs(afterMs ?? 0);
  if (behind > 0) note(context, `This machine's clock is ${aboutDuration(behind)} behind the last record of the run: it was put back. The times of the run go on from that record.`);
  const now = (): string => timeText(clock.now());
  const folder = runFolderOf(prepared.stateFolder, run);
  const transports = realTransports({ folders: { state: prepared.stateFolder, fetched: folder.fetched, ...(purpose === "run" ? { watchers: folder.watchers } : {}) }, ruleFor: (address) => ruleFor(prepared, address) });
  return ok({
    transports,
    clock,
    people: peopleHere(context) ?? nobody(),
    locks: claimedLocks(lockFiles(prepared.stateFolder), claimFiles(prepared.stateFolder), now, (other) => standingOf(prepared.stateFolder, other)),
    shownMs: () => clock.now(),
    kept: () => ok(undefined),
    close: () => {
      transports.close();
      return ok(undefined);
    },
  });
}

/** The rule of an address of the run; that there is one has been checked before anything was opened. */
export function ruleFor({ chosen }: PreparedPlace, address: string): TransportOptions {
  const rule = transportFor(address, chosen.inventory, chosen.system);
  if (rule.kind === "error") throw new Error(rule.error.message);
  return rule.value;
}

/** The person at the terminal; undefined where nobody can be asked. */
export function peopleHere({ surroundings, args }: CommandContext): People | undefined {
  if (!surroundings.canAsk) return undefined;
  const { account, host } = currentAccount();
  const isOnStdout = !args.given.has("json") && surroundings.stdout.isTerminal;
  const page = isOnStdout ? surroundings.stdout : surroundings.stderr;
  return terminalPeople({
    input: process.stdin, output: isOnStdout ? process.stdout : process.stderr, account, host, operator: account,
    fitted: (line, used) => wrapped(line, Math.max(8, page.columns() - used)),
  });
}

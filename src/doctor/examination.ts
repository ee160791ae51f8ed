import type { Failure } from "../core/failure.ts";
import type { Clock, Transport } from "../core/port.ts";
import type { Reading } from "../core/reading.ts";
import { ok } from "../core/result.ts";
import type { Way } from "../core/way.ts";
import { parsePosixHour, parsePosixMachine, POSIX_HOUR, posixMachineLook, type PosixMachine } from "../formats/posix-machine.ts";
import { ANY_CMDLET, parseWindowsHour, parseWindowsMachine, WINDOWS_HOUR, WINDOWS_MACHINE, type WindowsMachine } from "../formats/windows-machine.ts";
import { clockDifference, type ClockDifference } from "./clock-difference.ts";
import { readingOf } from "./reading-of.ts";

/** What a target tells of itself: through a POSIX shell, through PowerShell, or through an endpoint of a role, which takes cmdlets and tells nothing. */
export type SeenMachine =
  | ({ readonly kind: "posix" } & PosixMachine)
  | ({ readonly kind: "windows" } & WindowsMachine)
  | { readonly kind: "role" };

/** What was seen of a target. */
export interface Examination {
  readonly address: string;
  /** How it is reached; undefined for a target of a simulated system. */
  readonly way: Way | undefined;
  /** How long it took in all, and until the first answer, in ms. */
  readonly ms: number;
  readonly firstMs: number;
  /** Why nothing could be asked there; undefined where something could. */
  readonly failure: Failure | undefined;
  /** What the target says that it is; undefined where it said nothing. `mark` is equal on two addresses that are one machine, "" where that cannot be told. */
  readonly self: { readonly name: string; readonly mark: string } | undefined;
  readonly machine: Reading<SeenMachine> | undefined;
  readonly clock: Reading<ClockDifference> | undefined;
}

/** What an examination needs of the world. */
export interface ExaminationMeans {
  readonly transport: Transport;
  readonly clock: Pick<Clock, "now">;
  /** Asked after the first call. */
  readonly way: () => Way | undefined;
  readonly signal: AbortSignal;
}

/** A connection has its own limit; this one also holds what waits for its turn to connect. */
const CONNECTING_MS = 600_000;
/** What answers at once if all is well. A folder of a file server that is gone answers never. */
const ANSWERING_MS = 20_000;

/** The transport, as long as nobody has left: a connection that was closed then is not opened anew. */
function asking({ transport, signal }: ExaminationMeans): Pick<Transport, "run" | "cmdlet"> {
  const left = { kind: "lost", because: "nobody waits for it any more" } as const;
  return {
    run: async (call, options) => (signal.aborted ? left : transport.run(call, options)),
    cmdlet: async (call, options) => (signal.aborted ? left : transport.cmdlet(call, options)),
  };
}

/** Looks at a target. Only what reads is asked there. */
export async function examine(address: string, means: ExaminationMeans): Promise<Examination> {
  const { clock, way, signal } = means;
  const transport = asking(means);
  if (way()?.kind === "powershell") return examineThroughPowershell(address, means);
  const begunMs = clock.now();
  const options = { limitMs: ANSWERING_MS, onOutput: () => undefined, signal };
  const first = readingOf(await transport.run(POSIX_HOUR, { ...options, limitMs: CONNECTING_MS }), ok);
  const reached = way();
  const firstMs = clock.now() - begunMs;
  // Windows has no such program.
  if (first.kind === "error" && reached?.kind === "local") return examineThroughPowershell(address, means);
  if (first.kind === "error" && (reached?.kind !== "ssh" || reached.fault !== undefined || !reached.log.isLetIn)) return unreached(address, reached, firstMs, first.error);
  const machine = readingOf(await transport.run(posixMachineLook(reached?.kind === "local" ? reached.jobsFolder : ""), options), parsePosixMachine);
  const difference = reached?.kind === "local" ? undefined : await clockDifference(async () => readingOf(await transport.run(POSIX_HOUR, options), parsePosixHour), clock);
  const seen: Reading<SeenMachine> = machine.kind === "ok" ? ok({ kind: "posix", ...machine.value }) : machine;
  return { address, way: reached, ms: clock.now() - begunMs, firstMs, failure: undefined, self: machine.kind === "ok" ? machine.value : undefined, machine: seen, clock: difference };
}

function unreached(address: string, way: Way | undefined, ms: number, failure: Failure): Examination {
  return { address, way, ms, firstMs: ms, failure, self: undefined, machine: undefined, clock: undefined };
}

async function examineThroughPowershell(address: string, means: ExaminationMeans): Promise<Examination> {
  const { clock, way, signal } = means;
  const transport = asking(means);
  const begunMs = clock.now();
  const options = { limitMs: ANSWERING_MS, onOutput: () => undefined, signal };
  const patient = { ...options, limitMs: CONNECTING_MS };
  const first = readingOf(await transport.cmdlet(WINDOWS_HOUR, patient), ok);
  const firstMs = clock.now() - begunMs;
  const end = (seen: Pick<Examination, "self" | "machine" | "clock">): Examination => ({ address, way: way(), ms: clock.now() - begunMs, firstMs, failure: undefined, ...seen });
  if (first.kind === "error") {
    // An endpoint of a role answers, and takes no text of ours.
    const any = first.error.code === "unreachable" ? first : readingOf(await transport.cmdlet(ANY_CMDLET, patient), ok);
    return any.kind === "error" ? unreached(address, way(), firstMs, first.error) : end({ self: undefined, machine: ok({ kind: "role" }), clock: undefined });
  }
  const machine = readingOf(await transport.cmdlet(WINDOWS_MACHINE, options), parseWindowsMachine);
  const difference = way()?.kind === "local" ? undefined : await clockDifference(async () => readingOf(await transport.cmdlet(WINDOWS_HOUR, options), parseWindowsHour), clock);
  return end({ self: machine.kind === "ok" ? machine.value : undefined, machine: machine.kind === "ok" ? ok({ kind: "windows", ...machine.value }) : machine, clock: difference });
}

/** Looks at a target of a simulated system: whether it answers, and as whom. There is nothing else to a model. */
export async function examineModel(address: string, { transport, clock, signal }: ExaminationMeans): Promise<Examination> {
  const begunMs = clock.now();
  const name = readingOf(await transport.run({ kind: "program", program: "hostname.exe", args: [] }, { limitMs: CONNECTING_MS, onOutput: () => undefined, signal }), ({ stdout }) => ok(stdout.trim()));
  const ms = clock.now() - begunMs;
  return { address, way: undefined, ms, firstMs: ms, failure: name.kind === "error" ? name.error : undefined, self: name.kind === "ok" ? { name: name.value, mark: "" } : undefined, machine: undefined, clock: undefined };
}

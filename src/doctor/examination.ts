import type { Failure } from "../core/failure.ts";
import type { Clock, Transport } from "../core/port.ts";
import type { Reading } from "../core/reading.ts";
import { ok } from "../core/result.ts";
import type { Way } from "../core/way.ts";
import { parsePosixMachine, POSIX_HOUR, posixMachineLook, type PosixMachine } from "../formats/posix-machine.ts";
import { clockDifference, type ClockDifference } from "./clock-difference.ts";
import { readingOf } from "./reading-of.ts";

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
  readonly machine: Reading<PosixMachine> | undefined;
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

/** Looks at a target with a POSIX shell. Only programs that read are run there. */
export async function examine(address: string, { transport, clock, way, signal }: ExaminationMeans): Promise<Examination> {
  const begunMs = clock.now();
  const options = { limitMs: ANSWERING_MS, onOutput: () => undefined, signal };
  const first = readingOf(await transport.run(POSIX_HOUR, { ...options, limitMs: CONNECTING_MS }), ok);
  const reached = way();
  const firstMs = clock.now() - begunMs;
  if (first.kind === "error" && (reached?.kind !== "ssh" || reached.fault !== undefined || !reached.log.isLetIn)) {
    return { address, way: reached, ms: firstMs, firstMs, failure: first.error, self: undefined, machine: undefined, clock: undefined };
  }
  const machine = readingOf(await transport.run(posixMachineLook(reached?.kind === "local" ? reached.jobsFolder : ""), options), parsePosixMachine);
  const difference = reached?.kind === "local" ? undefined : await clockDifference(transport, clock, options);
  return { address, way: reached, ms: clock.now() - begunMs, firstMs, failure: undefined, self: machine.kind === "ok" ? machine.value : undefined, machine, clock: difference };
}

/** Looks at a target of a simulated system: whether it answers, and as whom. There is nothing else to a model. */
export async function examineModel(address: string, { transport, clock, signal }: ExaminationMeans): Promise<Examination> {
  const begunMs = clock.now();
  const name = readingOf(await transport.run({ kind: "program", program: "hostname.exe", args: [] }, { limitMs: CONNECTING_MS, onOutput: () => undefined, signal }), ({ stdout }) => ok(stdout.trim()));
  const ms = clock.now() - begunMs;
  return { address, way: undefined, ms, firstMs: ms, failure: name.kind === "error" ? name.error : undefined, self: name.kind === "ok" ? { name: name.value, mark: "" } : undefined, machine: undefined, clock: undefined };
}

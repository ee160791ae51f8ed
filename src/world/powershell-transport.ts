import type { ProgramResult, StatResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { textFailure } from "../core/text-failure.ts";
import type { Call, CallOptions, Outcome, Transport } from "../core/port.ts";
import { formatDuration } from "../core/quantity.ts";
import type { PowershellOptions } from "../core/transport.ts";
import { KEPT_BYTES } from "./kept-output.ts";
import { callCmdlet, scriptProgram } from "./powershell-call.ts";
import { PowershellChannel } from "./powershell-channel.ts";
import { getFile, putFile } from "./powershell-files.ts";
import { forgetPowershellJobs, listJobs, startPowershellJob } from "./powershell-jobs.ts";
import { POWERSHELLS, SSH_POWERSHELLS, type PowershellReach } from "./powershell-reach.ts";
import type { Tether, Tethering } from "./tether.ts";

/** What a transport needs of this machine. */
export interface PowershellPlace {
  /** Where fetched files are put: a folder of the run. */
  readonly fetched: string;
  readonly tether: Tethering & Pick<Tether, "isEnding">;
}

/** A transport that holds connections. */
export interface ClosableTransport extends Transport {
  /** Ends what is kept; a later call opens it anew. */
  readonly close: () => void;
}

/** A target has this long, after a program's own limit, to end its tree and to answer. */
const ANSWERING_MS = 15_000;

/** Batch files are handed to cmd.exe as text, in which these mean something. */
const BATCH = /\.(bat|cmd)[ .]*$/i;
const PLAIN_ARGUMENT = /^[\p{L}\p{N} _\-./:\\=,+@~]*$/u;

function reachOf(address: string, { host, via = "computer", user, port, configuration, executable }: PowershellOptions): PowershellReach {
  const found = via === "ssh" ? SSH_POWERSHELLS : POWERSHELLS;
  return { name: address, via, host: host ?? address, user, port, configuration, executables: executable === undefined ? found : [executable] };
}

/** Why a program cannot be given its arguments as they stand; undefined where it can. */
function batchFailure({ program, args }: Call<"program">): Failure | undefined {
  if (!BATCH.test(program) || args.every((text) => PLAIN_ARGUMENT.test(text))) return undefined;
  return { code: "bad_input", because: `${program} is a batch file: Windows hands its arguments to cmd.exe as text, and these would not arrive as they stand; call the program that it calls` };
}

/** A machine that is reached by PowerShell remoting: everything runs in a session there. */
export function powershellTransport(address: string, settings: PowershellOptions, { fetched, tether }: PowershellPlace): ClosableTransport {
  const channel = new PowershellChannel(reachOf(address, settings), tether);
  /** Runs a program there; a script is the target's own PowerShell. */
  async function runThere(verb: "run" | "script", what: string, call: Call<"program">, options: CallOptions): Promise<Outcome<ProgramResult>> {
    const failure = textFailure(call) ?? batchFailure(call);
    if (failure !== undefined) return { kind: "failed", failure };
    const { kind: _kind, ...request } = call;
    const outcome = await channel.call(what, { verb, ...request, keep: KEPT_BYTES, limitMs: options.limitMs }, { ...options, limitMs: options.limitMs + ANSWERING_MS });
    if (outcome.kind !== "ok") return outcome;
    const { exitCode, stdout, stderr, droppedBytes } = outcome.value as unknown as ProgramResult;
    if (stdout !== "") options.onOutput("stdout", stdout);
    if (stderr !== "") options.onOutput("stderr", stderr);
    // Node counts exit codes without a sign, and so do we.
    return { kind: "ok", value: { exitCode: exitCode < 0 ? exitCode + 2 ** 32 : exitCode, stdout, stderr, droppedBytes } };
  }
  return {
    run: (call, options) => runThere("run", call.program, call, options),
    cmdlet: (call, options) => callCmdlet(channel, call, options),
    script: (call, options) => runThere("script", "the script", scriptProgram("", call), options),
    put: (call, options) => putFile(channel, call, options),
    get: (call, options) => getFile(channel, call, fetched, options),
    stat: async ({ path }, options) => {
      const outcome = await channel.call(`the look at ${path}`, { verb: "stat", path }, options);
      return outcome.kind === "ok" ? { kind: "ok", value: outcome.value as unknown as StatResult } : outcome;
    },
    startJob: (name, call, options) => startPowershellJob(channel, name, call, options),
    jobs: (_call, options) => listJobs(channel, options),
    forgetJobs: (names, options) => forgetPowershellJobs(channel, names, options),
    ending: (sinceMs) => (sinceMs < ANSWERING_MS || tether.isEnding(sinceMs) ? `${address} ends what was cut off within ${formatDuration(ANSWERING_MS)}` : undefined),
    close: () => channel.close(),
  };
}

import type { Call, CallOptions, Outcome, Transport, Transports } from "../core/port.ts";
import type { ActionResults, ProgramResult, SourceFormat } from "../core/action.ts";
import { fileFacts } from "./file-facts.ts";
import { copyFile, fetchFile } from "./file-transfer.ts";
import { withinLimit } from "./limit.ts";
import { forgetLocalJobs, readJobs, startLocalJob } from "./local-jobs.ts";
import { runProcess } from "./local-process.ts";
import { patchFacts } from "./patch-facts.ts";
import { callCmdlet, scriptProgram } from "./powershell-call.ts";
import { PowershellChannel } from "./powershell-channel.ts";
import { HERE, noPowershell, POWERSHELLS } from "./powershell-reach.ts";
import { Tether } from "./tether.ts";

/** Where the local transport keeps what outlasts a call. */
export interface LocalFolders {
  /** The state folder: jobs live in it. */
  readonly state: string;
  /** Where fetched files are put: a folder of the run. */
  readonly fetched: string;
  /** The file in which the run keeps who ends its programs should it die; absent for what is never taken up again. */
  readonly watchers?: string;
}

/** A hash is read at least at this speed or given up: ten minutes for the largest package on the slowest share. */
const SOURCE_LIMIT_MS = 600_000;
/** Rollups have 30 to 60 MB (domain page, 7.3, from memory). */
const PATCH_LIMITS = { limitMs: SOURCE_LIMIT_MS, largestBytes: 500_000_000 };

/** The machine that runs the interpreter. */
export function localTransport(folders: LocalFolders, tether = new Tether(folders.watchers)): Transport {
  const powershell = new PowershellChannel(HERE, tether);
  const run = (call: Call<"program">, options: CallOptions): Promise<Outcome<ProgramResult>> => {
    return runProcess(call, options, tether);
  };

  /** Runs what a PowerShell is to run with the first that this machine has. */
  async function withPowershell(make: (powershell: string) => Call<"program">, options: CallOptions): Promise<Outcome<ProgramResult>> {
    for (const powershell of POWERSHELLS) {
      const outcome = await run(make(powershell), options);
      if (outcome.kind !== "failed" || outcome.failure.code !== "not_found") return outcome;
    }
    return { kind: "failed", failure: noPowershell(POWERSHELLS) };
  }

  return {
    run,
    cmdlet: (call, options) => callCmdlet(powershell, call, options),
    script: (call, options) => withPowershell((powershell) => scriptProgram(powershell, call), options),
    put: (call, { limitMs, signal }) => withinLimit(call.to, limitMs, signal, (bounded) => copyFile(call.from, call.to, bounded)),
    get: (call, { limitMs, signal }) => withinLimit(call.from, limitMs, signal, (bounded) => fetchFile(call.from, folders.fetched, call.limitBytes, bounded)),
    stat: (call, { limitMs, signal }) => fileFacts(call.path, limitMs, signal),
    startJob: (name, call) => startLocalJob(folders.state, name, call),
    jobs: () => Promise.resolve({ kind: "ok", value: readJobs(folders.state) }),
    forgetJobs: (names) => Promise.resolve(forgetLocalJobs(folders.state, names)),
    ending: (sinceMs) => (tether.isEnding(sinceMs) ? "what the runner left behind is being ended on this machine" : undefined),
  };
}

/** Size and hash of a file of the runner, and what its content says where that is asked for; for every way to reach a target. */
export function readSource(path: string, as?: SourceFormat): Promise<Outcome<ActionResults["source"]>> {
  const { signal } = new AbortController();
  return as === undefined ? fileFacts(path, SOURCE_LIMIT_MS, signal) : patchFacts(path, PATCH_LIMITS, signal);
}

/** A system of which every address is this machine. */
export function localTransports(folders: LocalFolders): Transports {
  const local = localTransport(folders);
  return { to: () => local, source: readSource, simulated: false };
}

import type { ProgramResult, SourceFormat, SourceResult } from "../core/action.ts";
import { sha256 } from "../core/digest.ts";
import type { CallOptions, Clock, Outcome, Transport, Transports } from "../core/port.ts";
import { ask, Sleeper } from "./ask.ts";
import type { WorldCall } from "./begin-call.ts";
import { failed } from "./commands/command.ts";
import { findFile, folderOf } from "./files.ts";
import { forgetJobsCall, jobCall, jobsCall } from "./job-call.ts";
import type { FileState, NodeState } from "./node-state.ts";
import { takes } from "./timings.ts";
import { cmdletCall, programCall, putCall, scriptCall, statCall } from "./world-call.ts";
import type { World } from "./world.ts";

/** The runner's own files, which a simulated system shares with the real disk (language.md section 13). */
export interface RunnerFiles {
  /** Size and hash of a file, and what its content says as a file of that format. */
  stat(path: string, as?: SourceFormat): Promise<Outcome<SourceResult>>;
  /** Keeps a fetched file of that name in the run's folder and gives its path. */
  keep(name: string, text: string): Promise<string>;
}

/** The transports of a simulated system. Every call takes the world's time; none throws for what the world does. */
export function simulatedTransports(world: World, clock: Clock, files: RunnerFiles): Transports {
  const sleeper = new Sleeper(clock);
  return {
    to: (address) => transportTo(world, sleeper, files, address),
    source: (path, as) => files.stat(path, as),
    simulated: true,
  };
}

function transportTo(world: World, sleeper: Sleeper, files: RunnerFiles, address: string): Transport {
  const { state } = world;
  const send = <T>(make: (node: NodeState | undefined) => WorldCall<T>, options: CallOptions): Promise<Outcome<T>> => ask(world, sleeper, address, make, options);
  return {
    run: async (call, options) => told(await send((node) => programCall(state, node?.name, call), options), options),
    script: async (call, options) => told(await send((node) => scriptCall(state, node?.name, call), options), options),
    cmdlet: (call, options) => send(() => cmdletCall(call), options),
    stat: (call, options) => send(() => statCall(call), options),
    startJob: (name, call, options) => send((node) => jobCall(state, node, name, call), options),
    jobs: (_call, options) => send((node) => jobsCall(state, node), options),
    forgetJobs: async (names, options) => {
      const outcome = await send((node) => forgetJobsCall(state, node, names), options);
      // No change of the system, and yet it has to be kept.
      world.changed();
      return outcome;
    },
    // A simulated command does its work or does not: nothing goes on when the runner is gone.
    ending: () => undefined,
    put: async (call, options) => {
      const source = await files.stat(call.from);
      if (source.kind !== "ok") return source;
      if (!source.value.exists || source.value.folder) return failed("not_found", `${call.from} is no file on this machine`);
      return send(() => putCall(call, source.value), options);
    },
    get: async (call, options) => {
      const outcome = await send(() => getCall(call.from), options);
      if (outcome.kind !== "ok") return outcome;
      const text = outcome.value.slice(-call.limitBytes);
      const path = await files.keep(call.from.slice(folderOf(call.from).length).replace(/^[\\/]/, ""), text);
      return { kind: "ok", value: { path, bytes: new TextEncoder().encode(text).length, sha256: sha256(text) } };
    },
  };
}

/** Hands the output on before the answer. */
function told(outcome: Outcome<ProgramResult>, options: CallOptions): Outcome<ProgramResult> {
  if (outcome.kind === "ok" && outcome.value.stdout !== "") options.onOutput("stdout", outcome.value.stdout);
  if (outcome.kind === "ok" && outcome.value.stderr !== "") options.onOutput("stderr", outcome.value.stderr);
  return outcome;
}

/** The text of a file on a node; the world knows it of files that it made, such as an installer's log. */
function getCall(path: string): WorldCall<string> {
  const read = (file: FileState | undefined): ReturnType<WorldCall<string>["good"]> => {
    if (file === undefined) return failed("not_found", `${path} does not exist`);
    return file.text === undefined ? failed("unreadable", `the simulated node knows size and hash of ${path}, not its content`) : { kind: "ok", value: file.text };
  };
  return {
    words: ["get", path],
    changes: false,
    begin: ({ state, node }) => ({
      takesMs: takes(state, "program", "get", node?.name ?? "local"),
      end: (later) => read(node === undefined ? undefined : findFile(later, node, path)),
    }),
    good: () => failed("not_found", "a reading has no effect to leave out"),
    altered: (value) => value,
  };
}

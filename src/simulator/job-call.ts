import type { JobResult, JobsResult } from "../core/action.ts";
import type { Call } from "../core/port.ts";
import type { WorldCall } from "./begin-call.ts";
import { failed, type Begun, type Moment } from "./commands/command.ts";
import { MSIEXEC, programKey } from "./commands/table.ts";
import { startInstall } from "./installer/install.ts";
import { parseInstallerCommand } from "./installer/command-line.ts";
import { outcomeOn } from "./installer/hindrance.ts";
import { installerLog, installerLogTail } from "./installer/installer-log.ts";
import { jobsKnownTo, type InstallState, type JobState } from "./job-state.ts";
import type { NodeState } from "./node-state.ts";
import { schedule } from "./schedule.ts";
import { timeText } from "../core/time.ts";
import { takes } from "./timings.ts";
import type { ReplyChange } from "./trigger.ts";
import type { WorldState } from "./world-state.ts";
import { ownProgram } from "./world-call.ts";

/** Starts a job under its name, or finds the one that has that name already: then nothing is changed. */
export function jobCall(state: WorldState, node: NodeState | undefined, name: string, call: Call<"job">): WorldCall<JobResult> {
  const found = node === undefined ? undefined : jobsKnownTo(node).find((job) => job.name === name);
  const key = programKey(call.program);
  return {
    words: [key, ...call.args],
    changes: found === undefined,
    begin: (moment, reply) => {
      const takesMs = takes(state, "program", "job", node?.name ?? "local");
      if (node === undefined) return { takesMs, end: () => failed("not_found", "this machine starts no jobs in the simulated system") };
      if (found !== undefined) return answer(node, name, takesMs);
      if (key === MSIEXEC) {
        startInstaller(moment, node, name, call, reply?.exitCode);
        return answer(node, name, takesMs);
      }
      const own = ownProgram(state, node.name, [key, ...call.args]);
      if (own === undefined) return { takesMs, end: () => failed("not_found", `'${call.program}' is not recognized as an internal or external command, operable program or batch file`) };
      node.jobs.push(newJob(moment.state, name, call));
      schedule(state, own.takesMs, { kind: "job-over", node: node.name, job: name, exitCode: own.exitCode });
      return answer(node, name, takesMs);
    },
    good: (later, reply) => {
      if (node === undefined) return failed("not_found", "this machine starts no jobs in the simulated system");
      startIdle(later, node, name, call, reply);
      return { kind: "ok", value: jobResult(later, jobOf(node, name)) };
    },
    altered: (value) => value,
  };
}

function answer(node: NodeState, name: string, takesMs: number): Begun<JobResult> {
  return { takesMs, end: (state) => ({ kind: "ok", value: jobResult(state, jobOf(node, name)) }) };
}

function startInstaller({ state, outcome }: Moment, node: NodeState, name: string, call: Call<"job">, shownExitCode: number | undefined): void {
  const command = parseInstallerCommand(call.args);
  const install: InstallState = {
    kb: "",
    removes: false,
    phase: "check",
    phaseSinceMs: state.nowMs,
    remembered: [],
    outcome: outcomeOn(node, outcome.install ?? {}),
    failure: 0,
    mayRestart: command.kind !== "invalid" && !command.noRestart,
    asks: command.kind !== "invalid" && !command.quiet,
  };
  const job: JobState = { ...newJob(state, name, call), log: logOf(call), shownExitCode, install };
  node.jobs.push(job);
  startInstall(state, node, job, install);
}

/** A job that ends after a moment and does nothing: a good answer without the effect, or a bad one. */
function startIdle(state: WorldState, node: NodeState, name: string, call: Call<"job">, reply: ReplyChange): void {
  node.jobs.push({ ...newJob(state, name, call), log: logOf(call), history: [{ atMs: state.nowMs, text: "Command line read" }] });
  schedule(state, takes(state, "install_check", call.program, node.name), { kind: "job-over", node: node.name, job: name, exitCode: reply.exitCode ?? 0 });
}

/** The installer writes a log; of other programs the world knows none. */
function logOf(call: Call<"job">): string | undefined {
  if (programKey(call.program) !== MSIEXEC) return undefined;
  const command = parseInstallerCommand(call.args);
  return call.log ?? (command.kind === "invalid" ? undefined : command.log);
}

function newJob(state: WorldState, name: string, call: Call<"job">): JobState {
  return { name, program: call.program, args: [...call.args], startedMs: state.nowMs, state: "running", history: [] };
}

function jobOf(node: NodeState, name: string): JobState {
  const job = jobsKnownTo(node).find((known) => known.name === name);
  if (job === undefined) throw new Error(`${node.name} has no job ${name}`);
  return job;
}

/** The jobs of a node, oldest first. */
export function jobsCall(state: WorldState, node: NodeState | undefined): WorldCall<JobsResult> {
  return {
    words: ["jobs"],
    changes: false,
    begin: () => ({
      takesMs: takes(state, "program", "jobs", node?.name ?? "local"),
      end: (later) => ({ kind: "ok", value: { jobs: ownJobs(node).map((job) => jobResult(later, job)) } }),
    }),
    good: () => ({ kind: "ok", value: { jobs: [] } }),
    altered: (value) => value,
  };
}

/** The jobs of ours that a node knows, oldest first. */
function ownJobs(node: NodeState | undefined): readonly JobState[] {
  return node === undefined ? [] : jobsKnownTo(node).filter(({ foreign }) => foreign !== true);
}

/** Removes what a node keeps of jobs of ours that do not run; answers with those that do. Nothing else of the system is changed, so it counts as no change of it. */
export function forgetJobsCall(state: WorldState, node: NodeState | undefined, names: readonly string[]): WorldCall<readonly string[]> {
  return {
    words: ["forget-jobs", ...names],
    changes: false,
    begin: () => ({
      takesMs: takes(state, "program", "forget-jobs", node?.name ?? "local"),
      end: () => {
        const asked = ownJobs(node).filter(({ name }) => names.includes(name));
        for (const job of asked) if (job.state !== "running") job.forgotten = true;
        return { kind: "ok", value: asked.filter(({ state: stands }) => stands === "running").map(({ name }) => name) };
      },
    }),
    good: () => ({ kind: "ok", value: [] }),
    altered: (value) => value,
  };
}

/** A job as its node knows it now. */
export function jobResult(state: WorldState, job: JobState): JobResult {
  const log = job.log === undefined ? "" : installerLog(state, job);
  return {
    name: job.name,
    state: job.state,
    program: job.program,
    args: job.args,
    startedAt: timeText(job.startedMs),
    ...(job.endedMs === undefined || job.state !== "ended" ? {} : { endedAt: timeText(job.endedMs) }),
    ...(job.exitCode === undefined ? {} : { exitCode: job.exitCode }),
    logBytes: log.length,
    logTail: job.log === undefined ? "" : installerLogTail(state, job),
  };
}

import { spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { JobResult, JobsResult } from "../core/action.ts";
import type { Call, Outcome } from "../core/port.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { isHeld } from "./held-file.ts";
import { aliveFile, JOB_FILES, jobOf, jobsFolder, misnamedIn, partedByLife, readJobFile, sortedJobs, tailLines, type JobBegun, type JobEnded, type ProcessMark } from "./job-files.ts";
import type { JobOrder, JobStart } from "./job-supervisor.ts";
import { isRunning, systemStart } from "./process-mark.ts";
import { programOfOurs } from "./program-of-ours.ts";

/** How much of a log is shown. */
const TAIL_BYTES = 4_096;

/** Size and last lines of a log; 0 and "" where it is not there yet or may not be read. */
function readTail(path: string): { readonly logBytes: number; readonly logTail: string } {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const count = readSync(file, tail, 0, tail.length, size - tail.length);
    return { logBytes: size, logTail: tailLines(tail.subarray(0, count), size) };
  } catch (fault) {
    if (systemCode(fault) === undefined) throw fault;
    return { logBytes: 0, logTail: "" };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The job of a folder; undefined where none was begun. */
function readJob(folder: string): JobResult | undefined {
  const begun = readJobFile<JobBegun>(folder, JOB_FILES.begun);
  if (begun === undefined) return undefined;
  // Life before the end: a job that ends between the two reads must not seem lost.
  const lives = isAlive(folder, begun);
  const job = jobOf(begun, readJobFile<JobEnded>(folder, JOB_FILES.ended), lives, readTail(begun.log ?? join(folder, JOB_FILES.output)));
  // One that was forgotten while it was read must not seem lost.
  return existsSync(join(folder, JOB_FILES.begun)) ? job : undefined;
}

function isAlive(folder: string, begun: JobBegun): boolean {
  if (begun.boot !== systemStart()) return false;
  // A number alone is no witness: the system gives it to another process.
  if (begun.supervisor.started === "") return isHeld(aliveFile(folder, begun.supervisor.pid));
  if (isRunning(begun.supervisor)) return true;
  const program = readJobFile<ProcessMark>(folder, JOB_FILES.running);
  return program !== undefined && isRunning(program);
}

/** Every job of a state folder, oldest first. */
export function readJobs(stateFolder: string): JobsResult {
  const folder = jobsFolder(stateFolder);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return { jobs: [] };
    throw fault;
  }
  return sortedJobs(names.flatMap((name) => readJob(join(folder, name)) ?? []));
}

/** Starts a supervisor and waits for its one line; undefined where it ended without one. */
function startSupervisor(order: JobOrder): Promise<JobStart | undefined> {
  return new Promise((resolve) => {
    const supervisor = spawn(process.execPath, [programOfOurs("job-supervisor")], { detached: true, stdio: ["pipe", "pipe", "ignore"], windowsHide: true });
    let line = "";
    const settle = (start: JobStart | undefined): void => {
      supervisor.stdout.destroy();
      supervisor.unref();
      resolve(start);
    };
    supervisor.on("error", () => settle(undefined));
    supervisor.stdin.on("error", () => undefined);
    supervisor.stdout.setEncoding("utf8").on("data", (piece: string) => {
      line += piece;
      if (line.endsWith("\n")) settle(JSON.parse(line) as JobStart);
    });
    supervisor.stdout.on("close", () => settle(undefined));
    supervisor.stdin.end(JSON.stringify(order));
  });
}

/** Starts a program that outlasts the runner, at most once under its name; a job that was begun before is found. */
export async function startLocalJob(stateFolder: string, name: string, call: Call<"job">): Promise<Outcome<JobResult>> {
  const misnamed = misnamedIn([name]);
  if (misnamed !== undefined) return { kind: "failed", failure: misnamed };
  const folder = join(jobsFolder(stateFolder), name);
  const known = readJob(folder);
  if (known !== undefined) return { kind: "ok", value: known };
  const { program, args, log } = call;
  const start = await startSupervisor({ folder, name, program, args, ...(log === undefined ? {} : { log }) });
  if (start?.kind === "not-started") {
    const because = start.systemCode === "ENOENT" ? `this machine has no program ${program}` : `${program} cannot be started (${start.systemCode})`;
    return { kind: "failed", failure: { code: start.systemCode === "ENOENT" ? "not_found" : "denied", because } };
  }
  const job = readJob(folder);
  return job === undefined ? { kind: "lost", because: `the process that starts ${program} ended without a word` } : { kind: "ok", value: job };
}

/** Removes the folders of jobs that do not run; answers with the names of those that do. */
export function forgetLocalJobs(stateFolder: string, names: readonly string[]): Outcome<readonly string[]> {
  const misnamed = misnamedIn(names);
  if (misnamed !== undefined) return { kind: "failed", failure: misnamed };
  const { running, over } = partedByLife(readJobs(stateFolder), names);
  for (const name of over) {
    const folder = join(jobsFolder(stateFolder), name);
    try {
      // Without it there is no job, whatever of the rest is still there.
      rmSync(join(folder, JOB_FILES.begun), { force: true });
      rmSync(folder, { recursive: true, force: true });
    } catch (fault) {
      return { kind: "failed", failure: fileFailure(folder, fault) };
    }
  }
  return { kind: "ok", value: running };
}

import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobResult, JobsResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { systemCode } from "./file-fault.ts";
import { encodingOf } from "./text-encoding.ts";

/** A job's name is the name of its folder. */
const JOB_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Why these cannot be names of jobs: one of them would lead elsewhere. Undefined where they can. */
export function misnamedIn(names: readonly string[]): Failure | undefined {
  const bad = names.find((name) => !JOB_NAME.test(name));
  return bad === undefined ? undefined : { code: "bad_input", because: `\`${bad}\` is no name for a job` };
}

/** What a job was begun with: `job.json` in its folder. That the file is there means that the job was begun. */
export interface JobBegun {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The log that the program itself writes; absent where its captured output is the log. */
  readonly log?: string;
  readonly startedAt: string;
  /** The system's start under which it was begun; "" where that cannot be told. */
  readonly boot: string;
  readonly supervisor: ProcessMark;
}

/** A process, so that another one that was given its number later is not taken for it. */
export interface ProcessMark {
  readonly pid: number;
  /** When it was started, as the system counts; "" where that cannot be told. */
  readonly started: string;
}

/** What a job came to: `ended.json`. */
export interface JobEnded {
  readonly exitCode: number;
  readonly endedAt: string;
}

/** Names of the files in a job's folder. */
export const JOB_FILES = { begun: "job.json", running: "program.json", ended: "ended.json", output: "output.log" } as const;

/** A job from its files. `lives`: its supervisor or its program runs, under the start of the system that it was begun under. */
export function jobOf({ name, program, args, startedAt }: JobBegun, ended: JobEnded | undefined, lives: boolean, log: Pick<JobResult, "logBytes" | "logTail">): JobResult {
  return { name, state: ended !== undefined ? "ended" : lives ? "running" : "lost", program, args, startedAt, ...(ended === undefined ? {} : { endedAt: ended.endedAt, exitCode: ended.exitCode }), ...log };
}

/**
 * The file in a job's folder that its supervisor holds as long as it lives (`held-file.ts`), where the system does not tell when a process
 * was started: Windows, macOS. On Windows the program ends with its supervisor.
 */
export function aliveFile(folder: string, pid: number): string {
  return join(folder, `${pid}.alive`);
}

/** The folder of all jobs of a state folder. */
export function jobsFolder(stateFolder: string): string {
  return join(stateFolder, "jobs");
}

/** Jobs as an answer: oldest first. */
export function sortedJobs(jobs: readonly JobResult[]): JobsResult {
  return { jobs: jobs.toSorted((a, b) => (a.startedAt === b.startedAt ? (a.name < b.name ? -1 : 1) : a.startedAt < b.startedAt ? -1 : 1)) };
}

/** Of these names, those of jobs that run, and the others: a job that has ended or is lost never runs again. */
export function partedByLife({ jobs }: JobsResult, names: readonly string[]): { readonly running: readonly string[]; readonly over: readonly string[] } {
  const live = new Set(jobs.filter(({ state }) => state === "running").map(({ name }) => name));
  return { running: names.filter((name) => live.has(name)), over: names.filter((name) => !live.has(name)) };
}

/** The last lines of a log as text, from its last bytes. A line of which they hold the end only is left out, unless they hold no other. */
export function tailLines(bytes: Buffer, logBytes: number): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return bytes.length < logBytes ? text.slice(text.indexOf("\n") + 1) : text;
}

/** Reads a JSON file of ours; undefined where it is not there. */
export function readJobFile<T>(folder: string, file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, file), "utf8")) as T;
  } catch (fault) {
    if (systemCode(fault) === "ENOENT" || systemCode(fault) === "ENOTDIR") return undefined;
    throw fault;
  }
}

/** Writes a file of a job whole or not at all. */
export function writeJobFile(folder: string, file: string, content: unknown): void {
  const part = join(folder, `${file}.${process.pid}.part`);
  writeFileSync(part, JSON.stringify(content), { mode: 0o600, flush: true });
  renameSync(part, join(folder, file));
}

/** Writes a file of a job only if there is none: true for the one process that did. */
export function claimJobFile(folder: string, file: string, content: unknown): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `${file}.${process.pid}.part`);
  writeFileSync(part, JSON.stringify(content), { mode: 0o600, flush: true });
  try {
    linkSync(part, join(folder, file));
    return true;
  } catch (fault) {
    if (systemCode(fault) === "EEXIST") return false;
    throw fault;
  } finally {
    rmSync(part, { force: true });
  }
}

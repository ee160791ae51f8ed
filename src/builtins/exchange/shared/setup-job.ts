import type { JobResult, JobsResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts, Past, PastAct } from "../../../core/builtin.ts";
import type { Failure } from "../../../core/failure.ts";
import { formatDuration } from "../../../core/quantity.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";

/** Reads the jobs that any run of ours started on the node: reading `jobs`. */
export const readJobs: ActionDeclaration<unknown> = { effect: "reads", title: "Read the jobs on the node", make: () => ({ kind: "jobs" }) };

/** How an installation of a file stands on a node. */
export type SetupJob =
  /** None was started in this attempt, or another is due; and none runs. */
  | { readonly kind: "none" }
  /** This file is being installed, by this run or another one. */
  | { readonly kind: "running"; readonly job: JobResult }
  /** The installer works on something else. */
  | { readonly kind: "busy"; readonly job: JobResult }
  /** The one of this attempt is over; without an exit code where the node was restarted under it. */
  | { readonly kind: "over"; readonly job: JobResult; readonly exitCode: number | undefined; readonly buildBefore: string }
  /** It could not be started. */
  | { readonly kind: "not-started"; readonly failure: Failure }
  /** It was started, and the node does not know it any more. */
  | { readonly kind: "unknown"; readonly act: PastAct };

function isInstaller(job: JobResult): boolean {
  return /(?:^|[\\/])msiexec(?:\.exe)?$/i.test(job.program);
}

/** Windows paths know no case and no difference between slashes. */
function plainPath(path: string): string {
  return path.replaceAll("/", "\\").toLowerCase();
}

function installs(job: JobResult, file: string): boolean {
  return job.args.some((arg) => plainPath(arg) === plainPath(file));
}

/** The reading `jobs`. */
export function jobsIn(facts: Facts): Reading<JobsResult> {
  return parseReading(facts, "jobs", "jobs", ok);
}

/** Names of the actions that begin a setup. */
const STARTS: readonly string[] = ["install", "remove"];

/** The last start of a setup in this attempt. */
export function lastStart(past: Past): PastAct | undefined {
  return past.acts.findLast((act) => act.attempt === past.attempt && STARTS.includes(act.action));
}

/** True if another start is due after that one: something was done about why it failed, or a person said that it is to be tried again. */
function isStartDue(past: Past, start: PastAct): boolean {
  const last = past.acts.findLast((act) => act.attempt === past.attempt);
  const answer = past.answers.at(-1);
  return last !== start || (answer?.answer === "again" && (parseTimestamp(answer.at) ?? 0) >= start.startedMs);
}

/** How the installation of `file` stands, from the reading `jobs`. A job of an earlier attempt, or one before which another start is due, does not count: its exit code is not the answer to what comes. */
export function setupJobIn(facts: Facts, past: Past, file: string): Reading<SetupJob> {
  const seen = jobsIn(facts);
  if (seen.kind === "error") return seen;
  const installers = seen.value.jobs.filter(isInstaller);
  const running = installers.find((job) => job.state === "running" && installs(job, file));
  if (running !== undefined) return ok({ kind: "running", job: running });
  const start = lastStart(past);
  const act = start === undefined || isStartDue(past, start) ? undefined : start;
  if (act?.outcome === "failed") return ok({ kind: "not-started", failure: act.failure ?? { code: "install_failed", because: "the installer could not be started" } });
  const own = act === undefined ? undefined : installers.find((job) => job.name === act.job);
  if (act !== undefined && own !== undefined) {
    return ok({ kind: "over", job: own, exitCode: own.state === "ended" ? own.exitCode : undefined, buildBefore: act.fill["build_before"] ?? "" });
  }
  if (act?.outcome === "ok") return ok({ kind: "unknown", act });
  const busy = installers.find((job) => job.state === "running");
  return ok(busy === undefined ? { kind: "none" } : { kind: "busy", job: busy });
}

/** By how much the log of a job has grown since the look before, in bytes; undefined in the first look at it. */
export function growthOf(job: JobResult, past: Past): number | undefined {
  const before = past.previous === undefined ? undefined : jobsIn(past.previous);
  const earlier = before?.kind === "ok" ? before.value.jobs.find((other) => other.name === job.name) : undefined;
  return earlier === undefined ? undefined : job.logBytes - earlier.logBytes;
}

/** How long setup takes as a rule (domain page, 7.3: an estimate; with unreachable revocation lists 40 to 60 minutes and more, B14). */
const USUAL_TIME = "10 to 25 minutes as a rule";

/** How an installation gets on, for a person: since when, and whether its log grows. */
export function progressOf(job: JobResult, past: Past): string {
  const grown = growthOf(job, past);
  const growth = grown === undefined ? "" : grown > 0 ? `, ${kilobytes(grown)} more than at the last look` : ", no more than at the last look";
  return `msiexec runs since ${job.startedAt.replace(/\.\d+Z$/, "Z")} (${formatDuration(Math.floor(past.elapsedMs / 1000) * 1000)} in this step; ${USUAL_TIME}); its log has ${kilobytes(job.logBytes)}${growth}`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}

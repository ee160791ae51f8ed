import type { JobResult, JobsResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts, Past, PastAct } from "../../../core/builtin.ts";
import type { Failure } from "../../../core/failure.ts";
import { formatDuration } from "../../../core/quantity.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";

/** Reads the jobs that any run of ours started on the node: reading `jobs`. */
export const readJobs: ActionDeclaration<unknown> = { effect: "reads", title: "Read the jobs on the node", make: () => ({ kind: "jobs" }) };

/** How an installation of a file stands on a node. */
export type SetupJob =
  /** None was started in this attempt, and none runs. */
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

/** After this long an installation is called slow (domain page, F18). */
const SLOW_MS = 45 * 60_000;

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

function jobsIn(facts: Facts): Reading<JobsResult> {
  return parseReading(facts, "jobs", "jobs", ok);
}

/** The last start of this attempt. */
export function lastStart(past: Past): PastAct | undefined {
  return past.acts.findLast((act) => act.attempt === past.attempt);
}

/** How the installation of `file` stands, from the reading `jobs`. */
export function setupJobIn(facts: Facts, past: Past, file: string): Reading<SetupJob> {
  const seen = jobsIn(facts);
  if (seen.kind === "error") return seen;
  const installers = seen.value.jobs.filter(isInstaller);
  const running = installers.find((job) => job.state === "running" && installs(job, file));
  if (running !== undefined) return ok({ kind: "running", job: running });
  const act = lastStart(past);
  if (act?.outcome === "failed") return ok({ kind: "not-started", failure: act.failure ?? { code: "install_failed", because: "the installer could not be started" } });
  const own = act === undefined ? undefined : installers.find((job) => job.name === act.job);
  if (act !== undefined && own !== undefined) {
    return ok({ kind: "over", job: own, exitCode: own.state === "ended" ? own.exitCode : undefined, buildBefore: act.fill["build_before"] ?? "" });
  }
  if (act?.outcome === "ok") return ok({ kind: "unknown", act });
  const busy = installers.find((job) => job.state === "running");
  return ok(busy === undefined ? { kind: "none" } : { kind: "busy", job: busy });
}

/** How long setup takes as a rule (domain page, 7.3: an estimate; with unreachable revocation lists 40 to 60 minutes and more, B14). */
const USUAL_TIME = "10 to 25 minutes as a rule";

/** How an installation gets on, for a person: since when, and whether its log grows. */
export function progressOf(job: JobResult, past: Past): string {
  const before = past.previous === undefined ? undefined : jobsIn(past.previous);
  const earlier = before?.kind === "ok" ? before.value.jobs.find((other) => other.name === job.name) : undefined;
  const grown = earlier === undefined ? undefined : job.logBytes - earlier.logBytes;
  const growth = grown === undefined ? "" : grown > 0 ? `, ${kilobytes(grown)} more than at the last look` : ", no more than at the last look";
  const slow = past.elapsedMs < SLOW_MS ? "" : ". It is slow; without access to the Internet, checks of certificates make it so. Do not end msiexec";
  return `msiexec runs since ${job.startedAt.replace(/\.\d+Z$/, "Z")} (${formatDuration(Math.floor(past.elapsedMs / 1000) * 1000)} in this step; ${USUAL_TIME}); its log has ${kilobytes(job.logBytes)}${growth}${slow}`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}

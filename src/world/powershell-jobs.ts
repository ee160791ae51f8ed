import type { JobResult, JobsResult } from "../core/action.ts";
import type { Call, Outcome } from "../core/port.ts";
import { jobOf, misnamedIn, partedByLife, sortedJobs, tailLines, type JobBegun, type JobEnded } from "./job-files.ts";
import type { ChannelOptions, PowershellChannel } from "./powershell-channel.ts";

/** A job as the text on the target reads its folder: the files as they stand, and what only the target knows. */
interface SeenJob {
  readonly begun: string;
  readonly ended: string | null;
  /** Its supervisor or its program runs. */
  readonly lives: boolean;
  /** The start of the system as it is now. */
  readonly boot: string;
  readonly logBytes: number;
  /** Base64. */
  readonly tail: string;
}

function jobFrom({ begun, ended, lives, boot, logBytes, tail }: SeenJob): JobResult {
  const start = JSON.parse(begun) as JobBegun;
  return jobOf(start, ended === null ? undefined : (JSON.parse(ended) as JobEnded), lives && start.boot === boot, { logBytes, logTail: tailLines(Buffer.from(tail, "base64"), logBytes) });
}

/** Starts a program on a target that outlasts session and runner, at most once under its name; a job that was begun before is found. */
export async function startPowershellJob(channel: PowershellChannel, name: string, { program, args, log }: Call<"job">, options: ChannelOptions): Promise<Outcome<JobResult>> {
  const misnamed = misnamedIn([name]);
  if (misnamed !== undefined) return { kind: "failed", failure: misnamed };
  const outcome = await channel.call(program, { verb: "job-start", name, program, args, log: log ?? "", limitMs: options.limitMs }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: jobFrom(outcome.value as unknown as SeenJob) } : outcome;
}

/** Every job of ours on a target, oldest first. */
export async function listJobs(channel: PowershellChannel, options: ChannelOptions): Promise<Outcome<JobsResult>> {
  const outcome = await channel.call("the look at the jobs", { verb: "jobs" }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: sortedJobs((outcome.value as unknown as { readonly jobs: readonly SeenJob[] }).jobs.map(jobFrom)) } : outcome;
}

/** Removes what a target keeps of jobs that do not run; answers with the names of those that do. */
export async function forgetPowershellJobs(channel: PowershellChannel, names: readonly string[], options: ChannelOptions): Promise<Outcome<readonly string[]>> {
  const misnamed = misnamedIn(names);
  if (misnamed !== undefined) return { kind: "failed", failure: misnamed };
  const known = await listJobs(channel, options);
  if (known.kind !== "ok") return known;
  const { running, over } = partedByLife(known.value, names);
  const outcome = await channel.call("the removal of ended jobs", { verb: "jobs-forget", names: over }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: running } : outcome;
}

import type { JobResult, JobsResult } from "../core/action.ts";
import type { Call, Outcome } from "../core/port.ts";
import { JOB_NAME, jobOf, sortedJobs, tailText, type JobBegun, type JobEnded } from "./job-files.ts";
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
  return jobOf(start, ended === null ? undefined : (JSON.parse(ended) as JobEnded), lives && start.boot === boot, { logBytes, logTail: tailText(Buffer.from(tail, "base64")) });
}

/** Starts a program on a target that outlasts session and runner, at most once under its name; a job that was begun before is found. */
export async function startPowershellJob(channel: PowershellChannel, name: string, { program, args, log }: Call<"job">, options: ChannelOptions): Promise<Outcome<JobResult>> {
  if (!JOB_NAME.test(name)) return { kind: "failed", failure: { code: "bad_input", because: `\`${name}\` is no name for a job` } };
  const outcome = await channel.call(program, { verb: "job-start", name, program, args, log: log ?? "", limitMs: options.limitMs }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: jobFrom(outcome.value as unknown as SeenJob) } : outcome;
}

/** Every job of ours on a target, oldest first. */
export async function listJobs(channel: PowershellChannel, options: ChannelOptions): Promise<Outcome<JobsResult>> {
  const outcome = await channel.call("the look at the jobs", { verb: "jobs" }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: sortedJobs((outcome.value as unknown as { readonly jobs: readonly SeenJob[] }).jobs.map(jobFrom)) } : outcome;
}

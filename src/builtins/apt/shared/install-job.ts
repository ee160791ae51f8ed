import type { JobResult } from "../../../core/action.ts";
import type { Decision, Facts, Past, PastAct, Place } from "../../../core/builtin.ts";
import type { Failure } from "../../../core/failure.ts";
import { formatDuration, formatSize } from "../../../core/quantity.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";

/** How the installation of this attempt stands. */
export type InstallJob =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly job: JobResult }
  | { readonly kind: "over"; readonly job: JobResult }
  | { readonly kind: "not-started"; readonly failure: Failure }
  /** It was started, and the target does not know it. */
  | { readonly kind: "unknown" };

/** The last start of an installation in this attempt. */
export function lastInstall(past: Past): PastAct | undefined {
  return past.acts.findLast(({ attempt, action }) => attempt === past.attempt && (action === "install" || action === "install_again"));
}

/** How the installation stands, from the reading `jobs`. One that another run of ours has begun counts while it runs. */
export function installJobIn(facts: Facts, past: Past): Reading<InstallJob> {
  return parseReading(facts, "jobs", "jobs", ({ jobs }) => {
    const ours = jobs.filter(({ program, args }) => [program, ...args].some((word) => /(?:^|\/)(?:apt-get|apt|dpkg)$/.test(word)));
    const act = lastInstall(past);
    const own = ours.find(({ name }) => name === act?.job);
    const running = own?.state === "running" ? own : ours.find(({ state }) => state === "running");
    if (running !== undefined) return ok<InstallJob>({ kind: "running", job: running });
    if (act?.outcome === "failed") return ok<InstallJob>({ kind: "not-started", failure: act.failure ?? { code: "install_failed", because: "the installation could not be started" } });
    if (own !== undefined) return ok<InstallJob>({ kind: "over", job: own });
    return ok<InstallJob>(act?.outcome === "ok" ? { kind: "unknown" } : { kind: "none" });
  });
}

/** Lines of a log that say what went wrong; the last of them first counts. */
const TELLING: readonly { readonly sign: RegExp; readonly code: string; readonly cure: string }[] = [
  { sign: /No space left on device|You don't have enough free space/i, code: "disk_full", cure: "Free some space on the target, then try again" },
  { sign: /Could not get lock|dpkg frontend (?:lock )?is locked|is another process using it/i, code: "locked", cure: "Somebody else installs something; wait until that has ended" },
  { sign: /unmet dependencies|held broken packages|dependency problems/i, code: "dependencies", cure: "What it depends on is not to be had; give the target those packages first" },
  { sign: /Packages need to be removed but remove is disabled/i, code: "would_remove", cure: "It would take other packages away; look at `apt-get --simulate install`, and decide" },
  { sign: /unexpected end of file|not a Debian format archive|cannot copy archive member|Could not read meta data|Hash Sum mismatch/i, code: "bad_package", cure: "The file is damaged; copy it anew" },
  { sign: /Unable to locate package|Version .* was not found/i, code: "not_found", cure: "No repository of the target has it; see `apt-cache policy`" },
];

/** What dpkg and apt-get say of every failure, and their steps: the reason stands elsewhere. */
const ANY_FAILURE = /returned error exit status|^Errors were encountered|^E: Sub-process|^dpkg: error processing|^(?:Setting up|Unpacking|Preparing to unpack|Processing triggers|\(Reading database)/;

/** The lines that give the reason: what a package's script said directly before dpkg gave up, and whatever speaks of an error. */
function reasonIn(lines: readonly string[]): string {
  const isReason = (line: string, index: number): boolean => !ANY_FAILURE.test(line) && (/error|^E:|fail|cannot|unmet|not met|Depends:|No space/i.test(line) || lines[index + 1]?.startsWith("dpkg: error processing") === true);
  const reasons = lines.filter(isReason).slice(-3);
  return (reasons.length > 0 ? reasons : lines.slice(-2)).join(" | ");
}

/** `apt-get` or `dpkg`, behind the `env` that starts it. */
function programOf({ program, args }: JobResult): string {
  return [program, ...args].find((word) => /^(?:apt-get|apt|dpkg)$/.test(word)) ?? program;
}

/** With less than this a disk is full: `dpkg` writes its own lists anew, some megabytes. Ours. */
const FULL_BYTES = 4 * 1024 * 1024;

/** Why an installation failed, by what it printed last, or because nothing can be written any more. `freeBytes`: what is left on the target; undefined where it cannot be read. */
export function failureOf(job: JobResult, freeBytes: number | undefined): Failure {
  const lines = job.logTail.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (freeBytes !== undefined && freeBytes < FULL_BYTES) {
    return { code: "disk_full", because: `${programOf(job)} ended with ${job.exitCode ?? "no code"}, and ${formatSize(freeBytes)} are left on the disk (\`df /var/lib/dpkg\`)${lines.length === 0 ? "" : `: ${reasonIn(lines)}`}. Free some space on the target, then try again` };
  }
  const told = TELLING.find(({ sign }) => sign.test(job.logTail));
  return { code: told?.code ?? "install_failed", because: `${programOf(job)} ended with ${job.exitCode ?? "no code"}: ${reasonIn(lines)}. ${told?.cure ?? "See `/var/log/dpkg.log` and `/var/log/apt/history.log` on the target"}` };
}

/** What to decide while an installation runs: wait, and ask a person once it has printed nothing for long. It is never ended. */
export function judgeRunning(job: JobResult, past: Past, { address }: Place, silentMs: number): Decision<never> {
  const before = past.previous?.["jobs"];
  const earlier = before?.kind === "ok" && "jobs" in before.value ? before.value.jobs.find(({ name }) => name === job.name) : undefined;
  const last = job.logTail.trimEnd().split("\n").at(-1) ?? "";
  const because = `${programOf(job)} runs on ${address} since ${job.startedAt.replace(/\.\d+Z$/, "Z")}${last === "" ? "" : `; it says: ${last}`}`;
  const answer = past.answers.at(-1);
  if (answer?.answer === "stop") return { kind: "fail", code: "given_up", because: `${because}. ${answer.by} ended the wait${answer.reason === undefined ? "" : `: ${answer.reason}`}; the installation was not ended` };
  const asks = silentMs * (1 + past.answers.length);
  if (past.elapsedMs < asks || (earlier !== undefined && earlier.logBytes !== job.logBytes)) return { kind: "wait", because, everyMs: 2_000 };
  return {
    kind: "ask", because,
    question: {
      kind: "choose", text: `The installation on ${address} has run for ${formatDuration(asks)} and says nothing new. Go on waiting?`,
      show: [because, `See what it waits for: \`systemctl status\` and \`ps -ef --forest\` on ${address}; a maintainer script that asks or hangs is the usual cause.`, "Nothing here ends it: a package system that is ended half-way has to be repaired."],
      choices: { wait: "go on waiting; it is asked again", stop: "end this step here; the installation goes on" },
    },
  };
}

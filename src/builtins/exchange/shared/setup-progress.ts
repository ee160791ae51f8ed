import type { JobResult } from "../../../core/action.ts";
import type { ActionCall, Decision, Facts, Past, Place, Question } from "../../../core/builtin.ts";
import { formatDuration } from "../../../core/quantity.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { oneRecord, textField } from "../../../formats/cmdlet-record.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";
import { timeIn } from "./clock.ts";
import { growthOf, jobsIn, progressOf } from "./setup-job.ts";

const MINUTE_MS = 60_000;
const LOOK_AGAIN_MS = 15_000;

/** After this long a setup is called slow (domain page, F18). */
const SLOW_MS = 45 * MINUTE_MS;
/** After this long a person is asked, although its log grows (domain page, F18). */
const ASK_MS = 120 * MINUTE_MS;
/** A setup whose log stands still for so long is said to hang (F19). Ours, from memory: an action that makes native images writes nothing meanwhile, and the page names no number. */
const SILENT_MS = 20 * MINUTE_MS;
/** How long after "go on waiting" a person is asked again. Ours. */
const ASK_AGAIN_MS = 60 * MINUTE_MS;

/** The readings of a setup at work: the clock, and when its log was last written, where that did not grow since the look before. */
export function lookAtProgress(facts: Facts, past: Past, file: string): Readonly<Record<string, ActionCall>> {
  const jobs = jobsIn(facts);
  const clock = { clock: { action: "read_clock" } };
  if (jobs.kind === "error") return {};
  const standing = jobs.value.jobs.some((job) => job.state === "running" && job.args.some((arg) => arg.toLowerCase() === file.toLowerCase()) && growthOf(job, past) === 0);
  return standing ? { ...clock, log_file: { action: "read_log_file" } } : clock;
}

/** The reading `log_file`: when the log was last written, in ms since 1970. */
function lastWrittenIn(facts: Facts): Reading<number> {
  return parseReading(facts, "log_file", "cmdlet", (answer) => {
    const record = oneRecord("the log", answer);
    if (record.kind === "error") return record;
    const written = parseTimestamp(textField(record.value, "LastWriteTimeUtc") ?? "");
    return written === undefined ? unreadable("the log", "it has no `LastWriteTimeUtc`") : ok(written);
  });
}

/** How long a running setup has been at work, and how long its log has stood still; undefined where that is not known. */
interface Ages {
  readonly nowMs: number | undefined;
  readonly runningMs: number;
  readonly silentMs: number | undefined;
}

function agesOf(job: JobResult, facts: Facts, past: Past): Ages {
  const now = timeIn(facts, "LocalDateTime");
  const started = parseTimestamp(job.startedAt);
  if (now.kind === "error" || started === undefined) return { nowMs: undefined, runningMs: past.elapsedMs, silentMs: undefined };
  const written = growthOf(job, past) === 0 ? lastWrittenIn(facts) : undefined;
  return { nowMs: now.value, runningMs: now.value - started, silentMs: written?.kind === "ok" ? now.value - written.value : undefined };
}

/** Nothing ends msiexec, and no answer does: half an update is worse than a slow one (F18). */
function question(text: string, show: readonly string[]): Question {
  return {
    kind: "choose", text, show: [...show, "Nothing here ends msiexec, and nobody should: its services are Disabled until it has ended."],
    choices: { wait: `go on waiting; it is asked again after ${formatDuration(ASK_AGAIN_MS)}`, stop: "end this run here; msiexec goes on, and what is owed to the services stays owed" },
  };
}

/** What a person said last, where it still holds. */
function answered(past: Past, nowMs: number | undefined, because: string): Decision<never> | undefined {
  const last = past.answers.at(-1);
  if (last === undefined) return undefined;
  if (last.answer === "stop") return { kind: "fail", code: "given_up", because: `${because}. ${last.by} ended the wait${last.reason === undefined ? "" : `: ${last.reason}`}. msiexec was not ended` };
  const atMs = parseTimestamp(last.at);
  const holds = last.answer === "wait" && (nowMs === undefined || atMs === undefined || nowMs - atMs < ASK_AGAIN_MS);
  return holds ? { kind: "wait", because, everyMs: LOOK_AGAIN_MS } : undefined;
}

function minutes(ms: number): string {
  return formatDuration(Math.floor(ms / MINUTE_MS) * MINUTE_MS);
}

/**
 * What to do about a setup at work: wait while its log grows, warn when it is slow, and ask a person when it is very slow or its
 * log stands still. It is never ended. (Domain page, F18 and F19.)
 */
export function judgeProgress(job: JobResult, facts: Facts, past: Past, { address }: Place): Decision<never> {
  const { nowMs, runningMs, silentMs } = agesOf(job, facts, past);
  const seen = progressOf(job, past);
  const hangs = silentMs !== undefined && silentMs >= SILENT_MS;
  const slow = "It is slow; without access to the Internet, checks of certificates make it so. Do not end msiexec";
  const because = hangs ? `${seen}. It hangs: nothing was written for ${minutes(silentMs)}, probably because a dialog waits at the console` : runningMs >= SLOW_MS ? `${seen}. ${slow}` : seen;
  const said = answered(past, nowMs, because);
  if (said !== undefined) return said;
  const console = `See the console of ${address} and its processes (\`query.exe session\`, \`tasklist.exe /v /fi "imagename eq msiexec.exe"\`): a dialog, or a native image generator that uses the processor.`;
  if (hangs) return { kind: "ask", question: question(`Setup on ${address} writes nothing into its log any more, and probably hangs at a dialog. Go on waiting?`, [because, console]), because };
  if (runningMs >= ASK_MS) return { kind: "ask", question: question(`Setup on ${address} runs for more than ${formatDuration(ASK_MS)}. Go on waiting?`, [because, console]), because };
  const warning = runningMs < SLOW_MS ? {} : { warning: { code: "slow_setup", message: `setup on ${address} runs for ${minutes(runningMs)}. ${slow}` } };
  return { kind: "wait", because, everyMs: LOOK_AGAIN_MS, ...warning };
}

/** What to do about a setup that was started on a node that does not answer: wait, since it goes on there, and ask a person when that takes very long (F20, F21). It is not started again. */
export function judgeSilence(because: string, past: Past, { address }: Place): Decision<never> {
  const told = `the node does not answer (${because}). The installation goes on there without the channel and is not started again`;
  const waits = past.answers.filter(({ answer }) => answer === "wait").length;
  const due = past.elapsedMs >= ASK_MS + waits * ASK_AGAIN_MS;
  const said = past.answers.at(-1)?.answer === "stop" ? answered(past, undefined, told) : undefined;
  if (said !== undefined) return said;
  if (!due) return { kind: "wait", because: told, everyMs: LOOK_AGAIN_MS };
  return { kind: "ask", question: question(`${address} does not answer, and setup was started there. Go on waiting?`, [told, `See whether ${address} has power, and what its console shows. Do not move the mailbox server there.`]), because: told };
}

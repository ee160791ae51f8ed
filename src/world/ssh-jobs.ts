import type { JobResult, JobsResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { textFailure } from "../core/text-failure.ts";
import type { Call, CallOptions, Outcome } from "../core/port.ts";
import { misnamedIn, partedByLife, sortedJobs, tailLines } from "./job-files.ts";
import { FIND_PROGRAM } from "./ssh-agent.ts";
import { saidCode } from "./ssh-files.ts";
import { TETHER_MARK } from "./process-mark.ts";
import { runText, shellCall, type Printed, type SshPlace } from "./ssh-program.ts";
import { shellWord } from "./ssh-shell-text.ts";

/** What a job on the target is made from; kept there as one line of JSON. */
interface JobCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly log?: string;
}

/** A start is waited for at least this long, whatever its limit: it takes a moment, and a limit never ends a job. */
const START_MS = 30_000;
/** With less than this on its disk, in kilobytes, no job is begun: what is told of it takes some pages. Ours. */
const ROOM_KB = 64;
/** Lines that {@link REPORT} prints for a job. */
const REPORT_LINES = 8;

/** Where jobs live on the target: a folder of the account, private, which a restart of the target leaves. */
const PLACE = String.raw`
umask 077
rb_root=${"$"}{HOME:?}/.local/state/runbook/jobs
`;

/** Prints what is known of the job in a folder, a line each: name, state, begin, exit code, end, bytes of its log, the log's end in hexadecimal, and its call. */
const REPORT = String.raw`
rb_lives() {
  kill -0 "$1" 2>/dev/null || return 1
  [ -r "/proc/$1/stat" ] || return 0
  read -r rb_s <"/proc/$1/stat" || return 1
  set -- "$2" ${"$"}{rb_s##*) }
  [ "$2" != Z ] && { [ -z "$1" ] || [ "$1" = "${"$"}{21}" ]; }
}
rb_report() {
  [ -f "$1/begun" ] || return 0
  rb_call=$(cat "$1/call" 2>/dev/null)
  rb_state=lost rb_code= rb_end= rb_pid= rb_log=$1/output
  { read -r rb_at; read -r rb_boot; read -r rb_by; read -r rb_since; } <"$1/begun"
  if [ "$rb_boot" = "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" ]; then
    rb_lives "$rb_by" "$rb_since" && rb_state=running
    if [ -f "$1/program" ]; then
      read -r rb_pid rb_since <"$1/program"
      rb_lives "$rb_pid" "$rb_since" && rb_state=running
    fi
  fi
  if [ -f "$1/ended" ]; then
    rb_state=ended
    { read -r rb_code; read -r rb_end; } <"$1/ended"
    [ -n "$rb_code" ] || rb_state=lost
  fi
  [ -f "$1/log" ] && rb_log=$(cat "$1/log"; echo x) && rb_log=${"$"}{rb_log%x}
  if [ -f "$rb_log" ] && [ -r "$rb_log" ]; then
    rb_tail=$(tail -c 4096 <"$rb_log" | od -An -v -tx1 | tr -d ' \n')
    rb_size=$(wc -c <"$rb_log")
  else
    rb_size=0 rb_tail=
  fi
  # One that was forgotten while it was read must not seem lost.
  [ -f "$1/begun" ] || return 0
  printf '%s\n' "${"$"}{1##*/}" "$rb_state" "$rb_at" "$rb_code" "$rb_end" "$rb_size" "$rb_tail" ${"$"}{rb_call:+"$rb_call"}
}
`;

const JOBS = String.raw`${PLACE}${REPORT}
for rb_d in "$rb_root"/*; do rb_report "$rb_d"; done
`;

/** Removes the folders of jobs by their names. Without `begun` there is no job, whatever of the rest is still there. */
const FORGET = String.raw`${PLACE}
for rb_n do
  [ -d "$rb_root/$rb_n" ] || continue
  rm -f "$rb_root/$rb_n/begun" && rm -rf "$rb_root/$rb_n" || exit 4
done
`;

/**
 * Starts a job's supervisor, at most once: under systemd where root is asked for it, so that it is no part of the session, else
 * in a session of its own, without the mark by which what a request began is ended. What it is told comes as input: the call, its log, and the supervisor's text.
 * Files are written by `cat`, which says in English why it cannot; a shell's own `printf` says nothing of a full disk.
 */
const START = String.raw`${PLACE}${REPORT}
rb_no() { echo "$1" >&2; exit 3; }
rb_full() { [ "$(df -P -k "$rb_root" 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)" -lt ${ROOM_KB} ] 2>/dev/null; }
rb_lost() {
  rb_full && rb_no ENOSPC
  exit 4
}
${FIND_PROGRAM}
unset ${TETHER_MARK}
rb_j=$rb_root/$1
LC_ALL=C mkdir -p "$rb_root" || rb_lost
IFS= read -r rb_call
if [ ! -f "$rb_j/begun" ]; then
  rb_find "$2"
  rb_full && rb_no ENOSPC
  LC_ALL=C mkdir -p "$rb_j" || rb_lost
  printf '%s\n' "$rb_call" | LC_ALL=C cat >"$rb_j/call.$$" && mv -f "$rb_j/call.$$" "$rb_j/call" || rb_lost
  [ -z "$3" ] || printf '%s' "$3" | LC_ALL=C cat >"$rb_j/log" || rb_lost
  LC_ALL=C cat >"$rb_j/run.$$" && mv -f "$rb_j/run.$$" "$rb_j/run" || rb_lost
  rb_wait() { rb_i=0; while [ ! -f "$rb_j/begun" ] && [ $rb_i -lt 100 ]; do sleep 0.1; rb_i=$((rb_i + 1)); done; [ -f "$rb_j/begun" ]; }
  if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] && command -v systemd-run >/dev/null &&
    systemd-run --quiet --collect --unit="$1" --property=KillMode=process --setenv="HOME=$HOME" --setenv="PATH=$PATH" --setenv="LANG=${"$"}{LANG-}" -- /bin/sh "$rb_j/run" </dev/null >/dev/null 2>&1; then
    rb_wait
  else
    rb_own=$(command -v setsid) || rb_own='perl -MPOSIX=setsid -e setsid();exec{$ARGV[0]}@ARGV --'
    ( $rb_own sh "$rb_j/run" </dev/null >/dev/null 2>&1 & )
    rb_wait
  fi || { rb_full && rb_no ENOSPC; rb_no EBEGIN; }
fi
rb_report "$rb_j"
`;

/** Claims the job by a link, which only one process can make, runs the program, and writes down how it ends, into a place that was taken before anything was begun: the disk may be full by then. Its arguments stand before it as `set -- …`. */
const SUPERVISOR = String.raw`
rb_u=$(umask)
umask 077
rb_d=${"$"}{0%/*}
rb_now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
rb_keep() { sync "$1" 2>/dev/null || sync; }
rb_since=
if read -r rb_s 2>/dev/null <"/proc/$$/stat"; then
  rb_since=$(set -- ${"$"}{rb_s##*) }; echo "${"$"}{20}")
fi
rb_gone() { rm -f "$rb_d/begun.$$" "$rb_d/ending.$$"; }
printf '%60s\n' '' >"$rb_d/ending.$$" &&
  printf '%s\n' "$(rb_now)" "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" "$$" "$rb_since" >"$rb_d/begun.$$" || { rb_gone; exit 1; }
rb_keep "$rb_d/begun.$$"
ln "$rb_d/begun.$$" "$rb_d/begun" 2>/dev/null || { rb_gone; exit 0; }
mv -f "$rb_d/ending.$$" "$rb_d/ending"
rb_gone
(
  if read -r rb_s 2>/dev/null </proc/self/stat; then
    rb_since=$(IFS=' '; rb_p=${"$"}{rb_s%% *}; set -- ${"$"}{rb_s##*) }; echo "$rb_p ${"$"}{20}")
    echo "$rb_since" >"$rb_d/program"
  fi
  umask "$rb_u"
  cd "${"$"}{HOME:-/}"
  exec "$@" </dev/null >"$rb_d/output" 2>&1
)
rb_c=$?
printf '%s\n' "$rb_c" "$(rb_now)" 1<>"$rb_d/ending"
rb_keep "$rb_d/ending"
mv -f "$rb_d/ending" "$rb_d/ended"
`;

/** The jobs that {@link REPORT} told of; undefined where it is not what it prints. */
function jobsIn(printed: string): readonly JobResult[] | undefined {
  const lines = printed.split("\n").slice(0, -1);
  if (lines.length % REPORT_LINES !== 0) return undefined;
  return Array.from({ length: lines.length / REPORT_LINES }, (_, index) => {
    const [name = "", state = "", startedAt = "", exitCode = "", endedAt = "", bytes = "", tail = "", call = ""] = lines.slice(index * REPORT_LINES);
    const { program, args } = JSON.parse(call) as JobCall;
    const ended = state === "ended" ? { endedAt, exitCode: Number(exitCode) } : {};
    return { name, state: state as JobResult["state"], program, args, startedAt, ...ended, logBytes: Number(bytes), logTail: tailLines(Buffer.from(tail, "hex"), Number(bytes)) };
  });
}

function refused(address: string, program: string, { exitCode, stderr }: Printed): Failure {
  const word = stderr.trim();
  if (exitCode === 3 && word === "not_found") return { code: "not_found", because: `${address} has no program ${program}` };
  if (exitCode === 3 && word === "denied") return { code: "denied", because: `the account may not run ${program} on ${address}` };
  const said = exitCode === 3 && word.endsWith("ENOSPC") ? "ENOSPC" : saidCode(stderr);
  if (said === "ENOSPC" || said === "EDQUOT") return { code: "no_space", because: `${address} has no space left for its jobs (\`df ~/.local/state/runbook\`, as the account). Free some space there, then try again` };
  if (exitCode === 3) return { code: "unreadable", because: `${address} was told to start ${program} and did not within ten seconds; see \`systemctl status\` and the load there, then try again` };
  return { code: said === "EACCES" ? "denied" : "unreadable", because: `${address} cannot keep its jobs in .local/state/runbook of the account: ${word.split("\n").slice(-1)[0] ?? ""}` };
}

/** Every job of the account on the target, oldest first. */
export async function jobsOverSsh(place: SshPlace, options: Pick<CallOptions, "limitMs" | "signal">): Promise<Outcome<JobsResult>> {
  const printed = await runText(place, shellCall(JOBS, []), options);
  if (printed.kind !== "ok") return printed;
  const jobs = printed.value.exitCode === 0 ? jobsIn(printed.value.stdout) : undefined;
  return jobs === undefined ? { kind: "failed", failure: refused(place.address, "", printed.value) } : { kind: "ok", value: sortedJobs(jobs) };
}

/** Starts a program that outlasts channel and runner, at most once under its name; one that was begun before is found. */
export async function startJobOverSsh(place: SshPlace, name: string, order: Call<"job">, { limitMs }: Pick<CallOptions, "limitMs">): Promise<Outcome<JobResult>> {
  const wrong = misnamedIn([name]) ?? textFailure(order);
  if (wrong !== undefined) return { kind: "failed", failure: wrong };
  const { program, args, log } = order;
  const call: JobCall = { program, args, ...(log === undefined ? {} : { log }) };
  const supervisor = `rb_l='\n'\nset -- ${[program, ...args].map(shellWord).join(" ")}\n${SUPERVISOR}`;
  const start = shellCall(START, [name, program, log ?? ""], `${JSON.stringify(call)}\n${supervisor}`);
  const printed = await runText(place, start, { limitMs: Math.max(limitMs, START_MS), signal: new AbortController().signal });
  if (printed.kind !== "ok") return printed;
  const [job] = printed.value.exitCode === 0 ? jobsIn(printed.value.stdout) ?? [] : [];
  return job === undefined ? { kind: "failed", failure: refused(place.address, program, printed.value) } : { kind: "ok", value: job };
}

/** Removes what the account keeps of jobs that do not run; answers with the names of those that do. */
export async function forgetJobsOverSsh(place: SshPlace, names: readonly string[], options: Pick<CallOptions, "limitMs" | "signal">): Promise<Outcome<readonly string[]>> {
  const misnamed = misnamedIn(names);
  if (misnamed !== undefined) return { kind: "failed", failure: misnamed };
  const known = await jobsOverSsh(place, options);
  if (known.kind !== "ok") return known;
  const { running, over } = partedByLife(known.value, names);
  const printed = await runText(place, shellCall(FORGET, over), options);
  if (printed.kind !== "ok") return printed;
  return printed.value.exitCode === 0 ? { kind: "ok", value: running } : { kind: "failed", failure: refused(place.address, "", printed.value) };
}

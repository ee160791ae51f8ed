import { createReadStream, writeSync } from "node:fs";
import { mkdir, open, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream";
import type { GetResult, StatResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { textFailure } from "../core/text-failure.ts";
import type { Call, CallOptions, Outcome } from "../core/port.ts";
import { readFileFacts } from "./file-facts.ts";
import { fileFailure } from "./file-fault.ts";
import { fetchedName, partBeside } from "./file-transfer.ts";
import { notBegun, withinLimit } from "./limit.ts";
import { endedOutcome, runOverSsh, runText, shellCall, type Printed, type SshPlace } from "./ssh-program.ts";
import type { RequestEnd } from "./ssh-session.ts";
import { shellWord } from "./ssh-shell-text.ts";

type Bounds = Pick<CallOptions, "limitMs" | "signal">;

/** The exit code of our texts when they print the system's code of an error (`ENOENT`) and nothing else. */
const TELLS_CODE = 3;

const HASH = String.raw`
rb_hash() {
  if command -v sha256sum >/dev/null; then rb_h=$(sha256sum); elif command -v shasum >/dev/null; then rb_h=$(shasum -a 256); else rb_h=$(openssl dgst -sha256 -r); fi
  printf '%s' "${"$"}{rb_h%% *}"
}
rb_no() { echo "$1" >&2; exit ${TELLS_CODE}; }
rb_seen() {
  [ -e "$1" ] && return 0
  case $(LC_ALL=C ls -dL -- "$1" 2>&1) in *denied*) rb_no EACCES ;; esac
  return 1
}
`;

const STAT = String.raw`${HASH}
rb_seen "$1" || { echo nothing; exit 0; }
[ -d "$1" ] && { echo folder; exit 0; }
[ -f "$1" ] || rb_no ENOTFILE
[ -r "$1" ] || rb_no EACCES
echo "file $(wc -c <"$1") $(rb_hash <"$1")"
`;

const GET = String.raw`${HASH}
rb_seen "$1" || rb_no ENOENT
[ -d "$1" ] && rb_no EISDIR
[ -f "$1" ] || rb_no ENOTFILE
[ -r "$1" ] || rb_no EACCES
tail -c "$2" <"$1"
`;

/** Takes the file from its input; its hash decides, because a channel that is lost ends the input too. A channel that is cut does not: what does not grow for as long as signs of life may stay out is removed. */
const PUT = String.raw`${HASH}
LC_ALL=C
export LC_ALL
to=$1 part=$2 mode=$3 wanted=$4 silence=$5
case $to in */*) above=${"$"}{to%/*} ;; *) above=. ;; esac
[ -n "$above" ] || above=/
rb_seen "$above" || rb_no ENOENT
[ -d "$above" ] || rb_no ENOTDIR
[ -d "$to" ] && rb_no EISDIR
[ -e "$to" ] && [ ! -f "$to" ] && rb_no ENOTFILE
umask 077
taker= guard=
trap 'kill $taker $guard 2>/dev/null; rm -f -- "$part"' EXIT
trap 'exit 4' HUP TERM
trap '' PIPE
exec 4<&0
cat <&4 >"$part" &
taker=$!
(
  was=
  while sleep "$silence"; do
    is=$(ls -ln -- "$part")
    [ "$is" != "$was" ] || break
    was=$is
  done
  kill -s KILL "$taker"
) </dev/null >/dev/null 2>&1 3<&- 4<&- 8>&- 9>&- &
guard=$!
wait "$taker"
taken=$?
taker=
[ "$taken" = 137 ] && rb_no ETIMEDOUT
[ "$taken" = 0 ] || exit 4
[ "$(rb_hash <"$part")" = "$wanted" ] || rb_no ECHANGED
chmod "$mode" "$part" || exit 4
sync "$part" 2>/dev/null || sync
mv -f -- "$part" "$to" || exit 4
sync "$above" 2>/dev/null || :
wc -c <"$to"
`;

/** The system's code for what its programs say (in English, because they are asked to). */
const SAYS: readonly (readonly [RegExp, string])[] = [
  [/No space left/, "ENOSPC"], [/quota exceeded/i, "EDQUOT"], [/Permission denied|not permitted/, "EACCES"], [/Read-only file system/, "EROFS"],
  [/File name too long/, "ENAMETOOLONG"], [/Is a directory/, "EISDIR"], [/No such file|nonexistent/, "ENOENT"],
];

/** The system's code for what a program of the target said; undefined where it is none that we know. */
export function saidCode(stderr: string): string | undefined {
  return SAYS.find(([says]) => says.test(stderr))?.[1];
}

/** Why a text of ours did not work on a path of the target, in the words that hold for a file of this machine. */
function refusedBy(address: string, path: string, { exitCode, stderr }: Printed): Failure {
  const place = `${path} on ${address}`;
  const code = exitCode === TELLS_CODE ? stderr.trim() : saidCode(stderr) ?? "EIO";
  return fileFailure(place, Object.assign(new Error(stderr), { code }));
}

/** Size and hash of a file on the target; a file that is not there is an answer. */
export async function statOverSsh(place: SshPlace, { path }: Call<"stat">, options: Bounds): Promise<Outcome<StatResult>> {
  const printed = await runText(place, shellCall(STAT, [path]), options);
  if (printed.kind !== "ok") return printed;
  const [kind, bytes = "", sha256 = ""] = printed.value.stdout.trim().split(/\s+/);
  if (printed.value.exitCode === 0 && kind === "nothing") return { kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } };
  if (printed.value.exitCode === 0 && kind === "folder") return { kind: "ok", value: { exists: true, bytes: 0, sha256: "", folder: true } };
  if (printed.value.exitCode === 0 && /^[0-9a-f]{64}$/.test(sha256)) return { kind: "ok", value: { exists: true, bytes: Number(bytes), sha256, folder: false } };
  return { kind: "failed", failure: refusedBy(place.address, path, printed.value) };
}

/** Fetches a file of the target; of one that is longer than the limit, its end. What did not come whole is removed. */
export async function getOverSsh(place: SshPlace, folder: string, call: Call<"get">, options: Bounds): Promise<Outcome<GetResult>> {
  const path = join(folder, fetchedName(`${place.address}/${call.from}`));
  const opened = await withinLimit(path, options.limitMs, options.signal, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return open(path, "w", 0o600);
  });
  if (opened.kind !== "ok") return opened;
  const outcome = await fetchInto(place, opened.value, call, options);
  await opened.value.close();
  if (outcome.kind !== "ok") {
    await rm(path, { force: true });
    return outcome;
  }
  return withinLimit(path, options.limitMs, options.signal, async (bounded) => {
    const { bytes, sha256 } = await readFileFacts(path, bounded);
    return { path, bytes, sha256 };
  });
}

async function fetchInto({ address, connection }: SshPlace, file: FileHandle, { from, limitBytes }: Call<"get">, options: Bounds): Promise<Outcome<undefined>> {
  const stderr: Buffer[] = [];
  let fault: unknown;
  const keep = (bytes: Buffer): void => {
    if (fault !== undefined) return;
    try {
      writeSync(file.fd, bytes);
    } catch (refused) {
      fault = refused;
    }
  };
  const outcome = await runOverSsh({ address, connection }, shellCall(GET, [from, String(limitBytes)]), { stdout: keep, stderr: (bytes) => stderr.push(Buffer.from(bytes)) }, options);
  if (fault !== undefined) return { kind: "failed", failure: fileFailure("the run's own folder", fault) };
  if (outcome.kind !== "ok") return outcome;
  if (outcome.value === 0) return { kind: "ok", value: undefined };
  return { kind: "failed", failure: refusedBy(address, from, { exitCode: outcome.value, stdout: "", stderr: Buffer.concat(stderr).toString("utf8") }) };
}

interface Upload {
  readonly end: RequestEnd;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sends a file through a session of its own, as the input of {@link PUT}. */
async function upload(place: SshPlace, { from, to }: Call<"put">, mode: string, sha256: string, options: Bounds): Promise<Upload | Outcome<never>> {
  const taken = await place.connection.take(options, "own");
  if (taken.kind === "failed") return taken;
  if (taken.kind === "late") return options.signal.aborted ? notBegun(`the work on ${to}`) : { kind: "failed", failure: { code: "unreachable", because: `no session on ${place.address} became free to copy ${to}` } };
  const part = partBeside(to);
  // Nothing may take what follows the file's begin for a request: the session ends with it.
  const line = `kill -s KILL "$rb_y"; sh -c ${shellWord(PUT)} sh ${[to, part, mode, sha256].map(shellWord).join(" ")} "$rb_h" <&3 >&8 2>&9; rb_say exit "$?" >&8; rb_both end; exit 0`;
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const sinks = { stdout: (bytes: Buffer) => void stdout.push(Buffer.from(bytes)), stderr: (bytes: Buffer) => void stderr.push(Buffer.from(bytes)) };
  // Where the file cannot be read to its end its hash is another, and where the session is gone the request tells it.
  const end = await taken.session.run(line, sinks, options, (input) => pipeline(createReadStream(from, { highWaterMark: 1 << 18 }), input, () => undefined));
  place.connection.release(taken.session);
  return { end, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") };
}

/** Copies a file of the runner over a temporary name beside its goal; it takes its name when it is on the disk and its hash is that of the source. */
export async function putOverSsh(place: SshPlace, call: Call<"put">, options: Bounds): Promise<Outcome<StatResult>> {
  const { from, to } = call;
  const nul = textFailure(call);
  if (nul !== undefined) return { kind: "failed", failure: nul };
  const source = await withinLimit(from, options.limitMs, options.signal, async (bounded) => ({ ...await readFileFacts(from, bounded), mode: (await stat(from)).mode }));
  if (source.kind !== "ok") return source;
  if (source.value.folder) return { kind: "failed", failure: { code: "bad_input", because: `${from} is a folder` } };
  const { bytes, sha256, mode } = source.value;
  const sent = await upload(place, call, (mode & 0o777).toString(8), sha256, options);
  if (!("end" in sent)) return sent;
  const { end, stdout, stderr } = sent;
  if (end.kind !== "exited") return end.kind === "refused" ? { kind: "failed", failure: { code: "unreadable", because: `${place.address} refused the copy (${end.word})` } } : endedOutcome(end, `the copy of ${to}`, place.address, options.limitMs);
  if (end.exitCode !== 0) return { kind: "failed", failure: refusedBy(place.address, to, { exitCode: end.exitCode, stdout, stderr }) };
  return { kind: "ok", value: { exists: true, bytes, sha256, folder: false } };
}

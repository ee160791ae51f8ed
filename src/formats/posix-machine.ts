import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { ok } from "../core/result.ts";

/** Free space at a place where something of ours, or of the system, is put. */
export interface Space {
  /** The folder that was asked about; `jobs` is where our jobs are kept, or the nearest folder above that there is. */
  readonly place: "jobs" | "/" | "/var" | "/tmp";
  readonly path: string;
  readonly mount: string;
  readonly freeBytes: number;
  /** Files that can still be made; absent where the file system does not count them. */
  readonly freeFiles?: number;
}

/** What a machine with a POSIX shell says of itself. "" where it does not say it. */
export interface PosixMachine {
  /** As it calls itself, `uname -n`. */
  readonly name: string;
  /** Equal on two addresses that are one machine as it was last started: boot, and the names of its containers. */
  readonly mark: string;
  /** `Debian GNU/Linux 12 (bookworm)` */
  readonly os: string;
  /** `Linux 6.1.0-28-amd64` */
  readonly kernel: string;
  /** The account that programs run as, its number and its home. */
  readonly account: string;
  readonly uid: number;
  readonly home: string;
  /** Path of the account's login shell, and of what `sh` really is. */
  readonly loginShell: string;
  readonly sh: string;
  /** Path of PowerShell; "" where there is none. It is not started: it would write into its cache. */
  readonly powershell: string;
  /** `C.UTF-8`; "" for the plain one. */
  readonly locale: string;
  /** `UTF-8`, `ANSI_X3.4-1968` (plain ASCII), `ISO-8859-1`. */
  readonly charmap: string;
  readonly path: string;
  /** True if jobs can be kept: the folder that is there can be written into. */
  readonly canKeepJobs: boolean;
  readonly spaces: readonly Space[];
  /** Programs that are needed to copy files and to keep jobs and are not there. */
  readonly missing: readonly string[];
}

/** Without a file of its own, here-documents included: nothing is written. */
const LOOK = String.raw`
tell() { printf '%s %s\n' "$1" "$(printf '%s' "$2" | tr '\n' ' ')"; }
has() { command -v "$1" >/dev/null 2>&1; }
tell name "$(uname -n)"
tell kernel "$(uname -s) $(uname -r)"
if [ -r /etc/os-release ]; then tell os "$(. /etc/os-release; printf '%s' "$PRETTY_NAME")"
elif has sw_vers; then tell os "$(sw_vers -productName) $(sw_vers -productVersion)"; fi
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.bootsessionuuid 2>/dev/null)
[ -z "$boot" ] || tell mark "$boot $(readlink /proc/self/ns/uts 2>/dev/null) $(readlink /proc/self/ns/net 2>/dev/null)"
tell account "$(id -un 2>/dev/null || id -u)"
tell uid "$(id -u)"
tell home "$HOME"
shell=$(getent passwd "$(id -u)" 2>/dev/null)
shell=${"$"}{shell##*:}
tell loginShell "${"$"}{shell:-$SHELL}"
sh=$(command -v sh)
tell sh "$(readlink -f "$sh" 2>/dev/null || printf '%s' "$sh")"
if has pwsh; then pwsh=$(command -v pwsh); tell powershell "$(readlink -f "$pwsh" 2>/dev/null || printf '%s' "$pwsh")"; fi
tell locale "${"$"}{LC_ALL:-${"$"}{LC_CTYPE:-$LANG}}"
has locale && tell charmap "$(locale charmap 2>/dev/null)"
tell path "$PATH"
jobs=$1
[ -n "$jobs" ] || jobs=${"$"}{HOME:-/}/.local/state/runbook/jobs
while [ ! -d "$jobs" ] && [ "$jobs" != "${"$"}{jobs%/*}" ]; do jobs=${"$"}{jobs%/*}; [ -n "$jobs" ] || jobs=/; done
[ -w "$jobs" ] && [ -x "$jobs" ] && tell keeps yes
space() {
  [ -d "$2" ] || return 0
  tell space "$1 $2"
  tell blocks "$(df -Pk "$2" 2>/dev/null | tail -n 1)"
  tell inodes "$(df -Pi "$2" 2>/dev/null | tail -n 1)"
}
space jobs "$jobs"
for folder in / /var /tmp; do space "$folder" "$folder"; done
has sha256sum || has shasum || has openssl || tell missing "sha256sum, shasum or openssl"
for one in tail wc od mv ln mkdir cat date tr; do has "$one" || tell missing "$one"; done
`;

/** Asks a machine with a POSIX shell what it is. `jobsFolder`: where jobs are kept there; "" for the folder of the account. */
export function posixMachineLook(jobsFolder: string): ProgramAction {
  return { kind: "program", program: "sh", args: ["-c", LOOK, "sh", jobsFolder] };
}

/** Asks for the hour: seconds since 1970 with their fraction, where `date` knows one. */
export const POSIX_HOUR: ProgramAction = { kind: "program", program: "date", args: ["-u", "+%s.%N"] };

/** The hour that was answered, in ms since 1970, and how exactly it was told, in ms. */
export function parsePosixHour({ exitCode, stdout }: ProgramResult): Reading<{ readonly ms: number; readonly withinMs: number }> {
  const found = /^(\d{9,12})\.?(\d{9})?/.exec(stdout.trim());
  if (exitCode !== 0 || found === null) return unreadable("the hour", `date printed \`${stdout.trim().slice(0, 40)}\` and ended with ${exitCode}`);
  const seconds = Number(found[1]) * 1000;
  // Without a fraction it is any moment of that second.
  return ok(found[2] === undefined ? { ms: seconds + 500, withinMs: 500 } : { ms: seconds + Number(found[2]) / 1e6, withinMs: 0 });
}

type Line = readonly [key: string, value: string];

function lineOf(text: string): Line {
  const at = text.indexOf(" ");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1).trim()];
}

/** One line of `df -P`: what it counts is free, and where it is mounted. */
const DF = /\s(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/;

function spacesIn(lines: readonly Line[]): readonly Space[] {
  return lines.flatMap(([key, value], index): readonly Space[] => {
    if (key !== "space") return [];
    const [place, path] = lineOf(value);
    const blocks = DF.exec(lines[index + 1]?.[1] ?? "");
    const inodes = DF.exec(lines[index + 2]?.[1] ?? "");
    const isPlace = place === "jobs" || place === "/" || place === "/var" || place === "/tmp";
    if (!isPlace || blocks === null) return [];
    // A file system that makes them as they are needed says that it has none.
    const counted = inodes !== null && Number(inodes[1]) > 0 ? { freeFiles: Number(inodes[3]) } : {};
    return [{ place, path, mount: blocks[4] ?? "", freeBytes: Number(blocks[3]) * 1024, ...counted }];
  });
}

/** What the machine answered. */
export function parsePosixMachine({ exitCode, stdout, stderr }: ProgramResult): Reading<PosixMachine> {
  const lines = stdout.split("\n").map(lineOf);
  const valueOf = (wanted: string): string => lines.find(([key]) => key === wanted)?.[1] ?? "";
  const uid = valueOf("uid");
  if (!/^\d+$/.test(uid) || valueOf("name") === "") return unreadable("what the machine is", `sh ended with ${exitCode} and said \`${(stderr.trim() === "" ? stdout : stderr).trim().slice(0, 80)}\``);
  return ok({
    name: valueOf("name"), mark: valueOf("mark"), os: valueOf("os"), kernel: valueOf("kernel"), account: valueOf("account"), uid: Number(uid), home: valueOf("home"),
    loginShell: valueOf("loginShell"), sh: valueOf("sh"), powershell: valueOf("powershell"), locale: valueOf("locale"), charmap: valueOf("charmap"), path: valueOf("path"),
    canKeepJobs: valueOf("keeps") === "yes", spaces: spacesIn(lines), missing: lines.flatMap(([key, value]) => (key === "missing" ? [value] : [])),
  });
}

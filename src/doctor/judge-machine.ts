import { failing, warned, well, type Finding } from "../core/finding.ts";
import { formatDuration } from "../core/quantity.ts";
import type { Way } from "../core/way.ts";
import { excerpt } from "../formats/excerpt.ts";
import type { PosixMachine, Space } from "../formats/posix-machine.ts";
import type { ClockDifference } from "./clock-difference.ts";
import { JOBS_NEED_BYTES, LITTLE_BYTES, sizeText } from "./free-space.ts";

/** From here on a difference of clocks makes times of journals and logs hard to compare. Ours. */
const CLOCK_WARNING_MS = 5_000;
/** Files that must still be possible. Ours. */
const FEW_FILES = 1_000;

/** Above this nobody counts in seconds. Ours. */
const SECONDS_MS = 600_000;

/** Seconds with as many decimals as a person needs: `0.02 s`, `61.2 s`; from ten minutes on `1112d7h27m`, to the minute. */
function seconds(ms: number): string {
  if (Math.abs(ms) >= SECONDS_MS) return formatDuration(Math.round(Math.abs(ms) / 60_000) * 60_000);
  const exact = Math.abs(ms) / 1000;
  return `${exact < 1 ? exact.toFixed(2) : exact.toFixed(1)} s`;
}

/** How the target's clock stands to that of this machine. */
export function judgeClock({ aheadMs, withinMs }: ClockDifference): Finding {
  const words = Math.abs(aheadMs) <= withinMs ? `the same as this machine's, within ${seconds(withinMs)}` : `${seconds(aheadMs)} ${aheadMs < 0 ? "behind" : "ahead of"} this machine (± ${seconds(withinMs)})`;
  if (Math.abs(aheadMs) - withinMs > CLOCK_WARNING_MS) return warned("clock", words, "Compare both with a clock that you trust, and let a time service keep them (chrony, systemd-timesyncd): times in logs and approvals would not fit");
  if (withinMs > CLOCK_WARNING_MS) return warned("clock", `${words}: the way there is too slow to tell more`, "Look at its clock by hand: date -u");
  return well("clock", words);
}

/** Who programs run as there. */
export function judgeRights({ account, uid }: PosixMachine, way: Way | undefined): Finding {
  const become = way?.kind === "ssh" ? way.become : undefined;
  if (uid === 0) return well("rights", become === undefined ? "root" : "root, by sudo without a password");
  if (become !== undefined) return well("rights", `${account}, by sudo without a password`);
  const cure = way?.kind === "ssh" ? "If its steps change the system: `become: root` in the inventory, and NOPASSWD in sudoers there" : "If its steps change the system: start runbook as root";
  return warned("rights", `${account}, who is not root: what only root may do ends as \`denied\``, cure);
}

function judgeSpace(space: Space): Finding | undefined {
  const { place, path, mount, freeBytes, freeFiles } = space;
  const where = path === mount ? mount : `${path} (on ${mount})`;
  const needs = place === "jobs" ? "jobs keep their record and output there" : "the system needs it";
  if (freeFiles !== undefined && freeFiles < FEW_FILES) {
    return (place === "jobs" && freeFiles === 0 ? failing : warned)("space", `${freeFiles} files can still be made below ${where}: ${needs}`, `Remove what is not needed there; to see where the files are: df -i ${mount}`);
  }
  if (freeBytes >= LITTLE_BYTES) return undefined;
  return (place === "jobs" && freeBytes < JOBS_NEED_BYTES ? failing : warned)("space", `${sizeText(freeBytes)} free below ${where}: ${needs}`, `Make room there; to see what fills it: du -xh ${mount} | sort -h | tail`);
}

/** What is free where jobs and files are put; each file system is told once. */
export function judgeSpaces({ spaces, canKeepJobs }: PosixMachine): readonly Finding[] {
  const once = spaces.filter(({ mount }, index) => spaces.findIndex((other) => other.mount === mount) === index);
  const jobs = spaces.find(({ place }) => place === "jobs");
  const short = once.flatMap((space) => judgeSpace(space) ?? []);
  if (jobs === undefined) return [...short, failing("space", "df does not say what is free where jobs are kept", "This must work there: df -Pk ~")];
  const kept = canKeepJobs ? [] : [failing("space", `the account cannot write into ${jobs.path}, where jobs are kept`, "Give the account a home of its own that it can write into, or mount that file system writable")];
  const found = [...kept, ...short];
  return found.length > 0 ? found : [well("space", once.map(({ freeBytes, mount }) => `${sizeText(freeBytes)} free on ${mount}`).join(", "))];
}

/** Character sets in which what programs print is read as it was meant. */
const READABLE = /^(?:utf-?8|ansi_x3\.4-1968|us-ascii|ascii|646|)$/i;

/** What would spoil what programs of a step say, or find. */
export function judgeShell(machine: PosixMachine, way: Way | undefined): readonly Finding[] {
  const { sh, locale, charmap, path, uid, missing } = machine;
  const folders = path.split(":");
  const loose = folders.filter((folder) => !folder.startsWith("/"));
  const printed = way?.kind === "ssh" ? way.printed : "";
  const found: Finding[] = [
    ...(printed === "" ? [] : [warned("shell", `a start-up file of the login shell prints (\`${excerpt(printed)}\`): steps work, and sftp, scp and rsync to it break`, "Let it print only where somebody reads it: put `case $- in *i*) ;; *) return ;; esac` before it in ~/.bashrc, /etc/bash.bashrc or the like")]),
    ...(READABLE.test(charmap) ? [] : [warned("shell", `programs print in ${charmap} (locale ${locale}): letters that are not ASCII come out wrong`, "Set a UTF-8 locale for the account, such as LANG=C.UTF-8 in /etc/default/locale")]),
    ...(loose.length === 0 ? [] : [warned("shell", `PATH holds \`${loose.map((folder) => (folder === "" ? "(nothing)" : folder)).join("`, `")}\`, so programs are also taken from the folder at hand`, "Leave only absolute folders in PATH (/etc/environment, ~/.profile, sshd's SetEnv)")]),
    ...(uid !== 0 || folders.some((folder) => folder.endsWith("/sbin")) ? [] : [warned("shell", `PATH of root has no sbin folder (${path})`, "Add /usr/sbin and /sbin: programs for administrators would not be found")]),
    ...missing.map((program) => failing("shell", `there is no ${program}: files cannot be copied, or jobs not be kept`, "Install coreutils, or busybox with it")),
  ];
  return found.length > 0 ? found : [well("shell", `${name(sh)}, ${locale === "" ? "plain locale" : locale}${charmap === "" ? "" : ` (${charmap === "ANSI_X3.4-1968" ? "ASCII" : charmap})`}`)];
}

function name(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What runs there. */
export function judgeVersions({ os, kernel, loginShell, powershell }: PosixMachine, way: Way | undefined): Finding {
  const ssh = way?.kind === "ssh" ? way.log.server : undefined;
  return well("versions", [os, kernel, ssh, loginShell === "" ? "" : `login shell ${name(loginShell)}`, powershell === "" ? "" : `PowerShell at ${powershell}`].filter((part) => part !== undefined && part !== "").join(", "));
}

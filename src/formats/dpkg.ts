import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";

/** A package as dpkg knows it (`dpkg-query(1)`, `db:Status-Status`). */
export interface DpkgPackage {
  readonly name: string;
  /** "" where it is not installed. */
  readonly version: string;
  /** `installed`, `half-configured`, `half-installed`, `unpacked`, `triggers-pending`, `config-files`, `not-installed` … */
  readonly status: string;
  /** True if its version is held: somebody does not want it changed. */
  readonly held: boolean;
}

/** States in which dpkg was interrupted half-way: `dpkg --configure -a` goes on. */
const INTERRUPTED: readonly string[] = ["half-configured", "half-installed", "unpacked", "triggers-awaited", "triggers-pending"];

/** True if the last change of the package did not come to its end. */
export function isInterrupted({ status }: DpkgPackage): boolean {
  return INTERRUPTED.includes(status);
}

/** What the name of a package may be (Debian policy, 5.6.1), with an architecture behind a colon. */
export const PACKAGE_NAME = "^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9-]+)?$";

/** Asks for packages by name. */
export function dpkgQuery(names: readonly string[]): ProgramAction {
  return { kind: "program", program: "dpkg-query", args: ["--show", "--showformat=${Package}\\t${Version}\\t${db:Status-Status}\\t${db:Status-Want}\\n", "--", ...names] };
}

/** Exit code of `dpkg-query` where one of the names is not known; the others are told all the same. */
const SOME_UNKNOWN = 1;

/** The packages, one for each name in its order; one that dpkg does not know is `not-installed`. */
export function parseDpkgQuery(names: readonly string[], { exitCode, stdout, stderr }: ProgramResult): Reading<readonly DpkgPackage[]> {
  if (exitCode !== 0 && exitCode !== SOME_UNKNOWN) return error({ code: "unreadable", because: `\`dpkg-query\` ended with ${exitCode}: ${excerpt(stderr)}` });
  const rows = stdout.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  const torn = rows.find((row) => row.length !== 4);
  if (torn !== undefined || (stdout !== "" && !stdout.endsWith("\n"))) return unreadable("`dpkg-query`", excerpt((torn ?? rows.at(-1) ?? []).join(" ")));
  // It says that it does not know one by its exit code, never by silence.
  const untold = exitCode === 0 ? names.find((written) => !rows.some(([found]) => found === written.split(":")[0])) : undefined;
  if (untold !== undefined) return unreadable("`dpkg-query`", `it ended well and says nothing of ${untold}: ${excerpt(stderr === "" ? stdout : stderr)}`);
  return ok(names.map((written) => {
    const [name = written] = written.split(":");
    const row = rows.find(([found]) => found === name);
    return { name: written, version: row?.[1] ?? "", status: row?.[2] ?? "not-installed", held: row?.[3] === "hold" };
  }));
}

/** Asks what dpkg was interrupted in. */
export const DPKG_AUDIT: ProgramAction = { kind: "program", program: "dpkg", args: ["--audit"] };

/** Names of the packages that dpkg was interrupted in; empty where all is well. */
export function parseDpkgAudit({ exitCode, stdout, stderr }: ProgramResult): Reading<readonly string[]> {
  if (exitCode !== 0 && stdout === "") return error({ code: "unreadable", because: `\`dpkg --audit\` ended with ${exitCode}: ${excerpt(stderr)}` });
  const names = stdout.split("\n").flatMap((line) => /^ (\S+)/.exec(line)?.[1] ?? []);
  // Words that name no package are no audit.
  return names.length === 0 && stdout.trim() !== "" ? unreadable("`dpkg --audit`", excerpt(stdout)) : ok(names);
}

/** Asks who holds which file lock (`lslocks(8)`). */
export const FILE_LOCKS: ProgramAction = { kind: "program", program: "lslocks", args: ["--json", "--notruncate", "--output", "COMMAND,PID,PATH"] };

/** The files whose lock means that packages are being installed or lists are being fetched. */
const PACKAGE_LOCKS: readonly string[] = ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/cache/apt/archives/lock", "/var/lib/apt/lists/lock"];

/** Who holds a lock of the package system, as `command (process 12)`; empty where nobody does. */
export function parsePackageLocks({ exitCode, stdout, stderr }: ProgramResult): Reading<readonly string[]> {
  if (exitCode !== 0) return error({ code: "unreadable", because: `\`lslocks\` ended with ${exitCode}: ${excerpt(stderr)}` });
  let answer: Json;
  try {
    answer = JSON.parse(stdout === "" ? "{}" : stdout) as Json;
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    return unreadable("`lslocks`", excerpt(stdout));
  }
  const told = isJsonObject(answer) ? answer["locks"] : undefined;
  if (stdout !== "" && !Array.isArray(told)) return unreadable("`lslocks`", excerpt(stdout));
  const locks = Array.isArray(told) ? (told as readonly Json[]) : [];
  const holders = locks.filter(isJsonObject).filter(({ path }) => typeof path === "string" && PACKAGE_LOCKS.includes(path)).map(({ command, pid }) => `${String(command)} (process ${String(pid)})`);
  return ok([...new Set(holders)]);
}

/** Asks what a package file says of itself. */
export function debFields(file: string): ProgramAction {
  return { kind: "program", program: "dpkg-deb", args: ["--show", "--showformat=${Package}\\t${Version}\\t${Architecture}\\n", "--", file] };
}

/** Package, version and architecture of a package file; the sentence says why it is none. */
export function parseDebFields(file: string, { exitCode, stdout, stderr }: ProgramResult): Reading<{ readonly name: string; readonly version: string; readonly architecture: string }> {
  const [name, version, architecture] = stdout.trim().split("\t");
  if (exitCode !== 0 || name === undefined || version === undefined || architecture === undefined) return error({ code: "bad_package", because: `${file} is no package that dpkg can read: ${excerpt(stderr === "" ? stdout : stderr)}` });
  return ok({ name, version, architecture });
}

/** How much space is left where packages are kept; the answer is read by {@link parseFreeSpace} (`df(1)`, POSIX form: a heading, then 1024-byte blocks). */
export const FREE_SPACE: ProgramAction = { kind: "program", program: "df", args: ["-P", "-k", "/var/lib/dpkg"] };

/** The bytes that are left. */
export function parseFreeSpace({ exitCode, stdout, stderr }: ProgramResult): Reading<number> {
  const available = stdout.trim().split("\n").at(-1)?.match(/\s\d+\s+\d+\s+(\d+)\s+\d+%\s/)?.[1];
  return exitCode === 0 && available !== undefined ? ok(Number(available) * 1024) : unreadable("the free space", excerpt(stderr === "" ? stdout : stderr));
}

import { execFile, spawn } from "node:child_process";
import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The project's folder. */
export const PROJECT = join(import.meta.dirname, "../..");
/** The scripts that set Windows up: `windows` in `RUNBOOK_LAB`, else beside the project. */
export const SCRIPTS = join(process.env["RUNBOOK_LAB"] ?? join(PROJECT, "../shared/lab"), "windows");

/** The Windows build of Node: the newest of line 22. What wine 8 offers is too little for line 24, which ends while it asks for memory. */
const NODE = "22.23.3";
/** Where it all lives; the version is in its name, so that another one is fetched and not taken for it. */
const WIN_DIR = process.env["WIN_DIR"] ?? join(process.env["TMPDIR"] ?? tmpdir(), `runbook-windows-${NODE}`);
const PREFIX = join(WIN_DIR, "prefix");
const NODE_EXE = join(WIN_DIR, "node/node.exe");

/** What starts these tests is nothing that is known on Windows. */
const OWN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
const ENVIRONMENT = { ...OWN, WIN_DIR, WIN_NODE: NODE, WINEPREFIX: PREFIX, WINEARCH: "win64", WINEDEBUG: "-all", DISPLAY: "", WINEDLLOVERRIDES: "mscoree,mshtml,winedbg.exe=" };

/** The path of Windows' Node on Windows. */
export const NODE_THERE = seenThere(NODE_EXE);

/** What a program on Windows came to. */
export interface Ended {
  /** Modulo 256, as the system below keeps it; runbook's own are small. Undefined where it was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was begun. */
export interface Begun {
  readonly ended: Promise<Ended>;
  /** What it has written to standard output by now. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** `SIGINT` is Ctrl-C at its console, `SIGKILL` its end by force. */
  readonly signal: (signal: "SIGINT" | "SIGKILL") => void;
}

/** Why there can be no Windows on this machine; undefined where it can be set up, or is. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "this is no Linux on x64";
  if (!existsSync(join(SCRIPTS, "up"))) return `there is no laboratory at ${SCRIPTS}; RUNBOOK_LAB names another folder`;
  if (existsSync(NODE_EXE) && existsSync("/usr/bin/wixl")) return undefined;
  if (!existsSync("/etc/debian_version")) return "this is no Debian system, so wine is not set up";
  return process.getuid?.() === 0 ? undefined : "wine is not installed, and to install it needs root";
}

/** Sets Windows up, and keeps its server while the tests run: without it each start would begin one. Why not, where that fails: a registry that is out of reach, a wine that is too old. */
export async function bringUp(): Promise<string | undefined> {
  const because = await new Promise<string | undefined>((resolve) => {
    execFile(join(SCRIPTS, "up"), [], { env: ENVIRONMENT, timeout: 280_000 }, (fault, _stdout, stderr) => resolve(fault === null ? undefined : `${fault.message} ${stderr}`));
  });
  if (because === undefined) await server("-p");
  return because;
}

/** Ends what still runs on this Windows, and its server. */
export async function shutDown(): Promise<void> {
  await server("-k");
}

/** Tells the server of this Windows to stay or to end. One that stays holds what it was given, so it is given nothing. */
function server(order: "-p" | "-k"): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn("wineserver", [order], { env: ENVIRONMENT, stdio: "ignore" }).once("error", reject).once("exit", () => resolve());
  });
}

/** Makes installer files in a folder of drive C: those of the laboratory, and `other-version.msi`, the product of `ok.msi` in another version. */
export async function makePackages(folder: string): Promise<void> {
  const here = seenHere(folder);
  await promisify(execFile)(join(SCRIPTS, "mkmsi"), [here], { env: ENVIRONMENT, timeout: 60_000 });
  copyFileSync(join(here, "ok.msi"), join(here, "other-version.msi"));
  await promisify(execFile)("msibuild", [join(here, "other-version.msi"), "-q", "UPDATE `Property` SET `Value`='2.0.0' WHERE `Property`='ProductVersion'"]);
}

/** Where this machine sees a path of drive C. */
export function seenHere(path: string): string {
  if (!path.startsWith("C:\\")) throw new Error(`${path} is not on drive C`);
  return join(PREFIX, "drive_c", ...path.slice(3).split("\\"));
}

/** Where Windows sees a path of this machine. */
export function seenThere(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Where the tests write: a blank and a letter outside ASCII are in its path. */
const TRIED_IN = "C:\\Übung für zwei";

/** Removes what earlier tests wrote. */
export function clearFolders(): void {
  rmSync(seenHere(TRIED_IN), { recursive: true, force: true });
}

/** A new folder on drive C. */
export function freshFolder(): string {
  mkdirSync(seenHere(TRIED_IN), { recursive: true });
  return `${TRIED_IN}\\${mkdtempSync(join(seenHere(TRIED_IN), "t ")).split("/").at(-1) ?? ""}`;
}

/** Begins a Windows program: an `.exe` by its path here or its name there. Its output goes to files, because a pipe or socket of this machine is none on Windows. */
export function begin(program: string, args: readonly string[], folder: string, env: Readonly<Record<string, string>> = {}): Begun {
  const outputs = mkdtempSync(join(WIN_DIR, "run."));
  const [out, err] = [join(outputs, "out"), join(outputs, "err")];
  const files = [openSync(out, "w"), openSync(err, "w")] as const;
  const child = spawn("wine", [program, ...args], { cwd: seenHere(folder), env: { ...ENVIRONMENT, ...env }, stdio: ["ignore", ...files] });
  for (const file of files) closeSync(file);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => {
      const end = { exitCode: exitCode ?? undefined, stdout: readFileSync(out, "utf8"), stderr: readFileSync(err, "utf8") };
      rmSync(outputs, { recursive: true });
      resolve(end);
    });
  });
  return { ended, stdout: () => readFileSync(out, "utf8"), stderr: () => readFileSync(err, "utf8"), signal: (signal) => void child.kill(signal) };
}

/** Begins Windows' Node. */
export function beginNode(args: readonly string[], folder: string, env: Readonly<Record<string, string>> = {}): Begun {
  return begin(NODE_EXE, args, folder, env);
}

/** Waits until it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

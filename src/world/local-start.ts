import type { ChildProcess } from "node:child_process";
import { stat } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { assertNever } from "../core/assert-never.ts";
import type { Failure } from "../core/failure.ts";
import type { Call } from "../core/port.ts";
import { endGroups } from "./process-group.ts";
import { markedGroups, TETHER_MARK } from "./process-mark.ts";
import type { Tethering } from "./tether.ts";
import { systemCode } from "./file-fault.ts";

/** A tree that was asked to end has this long before it is killed. */
export const ENDING_MS = 5_000;

/** A program that was begun; without a `pid` it was not. */
export interface Running {
  readonly pid: number | undefined;
  readonly child: ChildProcess;
  /** There where the program is spoken to. */
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Asks the tree to end, and kills it where it does not. Resolves with true once it is known to be gone. */
  readonly endTree: () => Promise<boolean>;
  /** Why it was not begun. */
  readonly fault: () => Promise<unknown>;
}

/** What a program reads from its standard input: nothing, a text and then the end, or what is written to it as long as it runs. */
export type Input = { readonly kind: "nothing" } | { readonly kind: "text"; readonly text: string } | { readonly kind: "pipe" };

function inputOptions(input: Input): { readonly stdin: "ignore" | "pipe" } | { readonly input: string } {
  switch (input.kind) {
    case "nothing":
      return { stdin: "ignore" };
    case "text":
      return { input: input.text };
    case "pipe":
      return { stdin: "pipe" };
    default:
      return assertNever(input);
  }
}

/** Begins a program of this machine: an argument vector, never a shell, in a session of its own. It is tethered from before it begins. */
export async function start(call: Call<"program">, input: Input, tether: Tethering): Promise<Running> {
  // Imported late: it is heavy, and only runs that start programs of this machine need it.
  const { execa } = await import("execa");
  const mark = tether.announce();
  const subprocess = execa(call.program, call.args, {
    buffer: false,
    encoding: "buffer",
    reject: false,
    stripFinalNewline: false,
    killDescendants: true,
    forceKillAfterDelay: ENDING_MS,
    windowsHide: true,
    ...inputOptions(input),
    ...(call.env === undefined && mark === "" ? {} : { env: { ...call.env, ...(mark === "" ? {} : { [TETHER_MARK]: mark }) } }),
    ...(call.folder === undefined ? {} : { cwd: call.folder }),
  });
  if (subprocess.pid === undefined) tether.withdraw(mark);
  else tether.hold(subprocess.pid, mark);
  return {
    pid: subprocess.pid,
    child: subprocess.nodeChildProcess,
    stdin: subprocess.stdin ?? undefined,
    stdout: subprocess.stdout,
    stderr: subprocess.stderr,
    endTree: () => endTree(subprocess, mark),
    fault: async () => (await subprocess).cause,
  };
}

/** Ends the group of a program, and what carries its mark elsewhere: a process with a session of its own, whose parent may be gone. */
async function endTree(subprocess: { readonly pid?: number; kill(): boolean }, mark: string): Promise<boolean> {
  if (process.platform === "win32" || subprocess.pid === undefined) {
    subprocess.kill();
    return false;
  }
  const marked = (): readonly number[] => (mark === "" ? [] : markedGroups(new Set([mark])));
  const areGone = await endGroups(new Set([subprocess.pid, ...marked()]));
  // What was started between the look and the end.
  const late = new Set(marked());
  return (late.size === 0 || (await endGroups(late))) && areGone;
}

/** Why a program could not be started. */
export async function startFailure(call: Call<"program">, fault: unknown): Promise<Failure> {
  if (call.folder !== undefined && !(await isFolder(call.folder))) return { code: "not_found", because: `the folder ${call.folder} does not exist` };
  switch (systemCode(fault)) {
    case "ENOENT":
      return { code: "not_found", because: `this machine has no program ${call.program}` };
    case "EACCES":
    case "EPERM":
      return { code: "denied", because: `the account may not run ${call.program}` };
    case "E2BIG":
      return { code: "bad_input", because: `the arguments of ${call.program} are longer than this machine takes` };
    default:
      return { code: "bad_input", because: `${call.program} cannot be started with these arguments (${systemCode(fault) ?? "refused"})` };
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (fault) {
    if (systemCode(fault) === undefined) throw fault;
    return false;
  }
}

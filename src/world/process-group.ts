import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { systemCode } from "./file-fault.ts";
import { statFields } from "./process-mark.ts";

/** A tree that was asked to end has this long before it is killed. */
const ENDING_MS = 5_000;
/** What was killed is gone within this, or hangs in the kernel. */
const KILLED_MS = 5_000;
/** How often it is looked whether they are gone. */
const EVERY_MS = 50;

/** {@link endGroups} takes no longer. */
export const GONE_MS = ENDING_MS + KILLED_MS;

/** Sends a signal to a process and all that it started; a group that is gone, or that another account runs, is left alone. Windows knows no groups: there the tree is ended by force. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    execFile("taskkill.exe", ["/pid", String(pid), "/T", "/F"], () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (fault) {
    const code = systemCode(fault);
    if (code !== "ESRCH" && code !== "EPERM") throw fault;
  }
}

/** Asks process groups to end, kills those that do not, and resolves when they are gone: with false where one hangs in the kernel. */
export async function endGroups(pids: ReadonlySet<number>): Promise<boolean> {
  for (const pid of pids) signalGroup(pid, "SIGTERM");
  await untilGone(pids, ENDING_MS);
  for (const pid of pids) signalGroup(pid, "SIGKILL");
  await untilGone(pids, KILLED_MS);
  return ![...pids].some(groupRuns);
}

async function untilGone(pids: ReadonlySet<number>, mostMs: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < mostMs && [...pids].some(groupRuns); waitedMs += EVERY_MS) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}

/** True while a process of the group runs; those that ended and were not waited for do not count where the system tells them apart. On Windows: while the process itself runs. */
function groupRuns(pid: number): boolean {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, 0);
  } catch (fault) {
    if (systemCode(fault) === "ESRCH") return false;
    if (systemCode(fault) !== "EPERM") throw fault;
  }
  if (process.platform !== "linux") return true;
  return readdirSync("/proc").some((name) => {
    const [state, , group] = /^\d+$/.test(name) ? statFields(Number(name)) : [];
    return group === String(pid) && state !== "Z" && state !== "X";
  });
}

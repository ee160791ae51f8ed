import { readdirSync, readFileSync } from "node:fs";
import { systemCode } from "./file-fault.ts";
import type { ProcessMark } from "./job-files.ts";

/** The text of a file of the kernel; undefined where the system has none, or the process is gone. */
function kernelText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    const code = systemCode(fault);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return undefined;
    throw fault;
  }
}

/** What tells one start of the system from another; "" where that cannot be told. */
export function systemStart(): string {
  return kernelText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

/** What `/proc/PID/stat` holds from field 3, the state, on: behind the name, which may hold anything. Empty where the system has none, or the process is gone. */
export function statFields(pid: number): readonly string[] {
  const text = kernelText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? [];
}

/** When a process was started (field 22); "" where that cannot be told. */
function startOf(pid: number): string {
  return statFields(pid)[19] ?? "";
}

/** The mark of a running process. */
export function markOf(pid: number): ProcessMark {
  return { pid, started: startOf(pid) };
}

/** True if the process that was marked still runs; one that ended and was not waited for does not. */
export function isRunning(mark: ProcessMark): boolean {
  try {
    process.kill(mark.pid, 0);
  } catch (fault) {
    if (systemCode(fault) === "ESRCH") return false;
    if (systemCode(fault) !== "EPERM") throw fault;
  }
  if (statFields(mark.pid)[0] === "Z") return false;
  return mark.started === "" || mark.started === startOf(mark.pid);
}

/** The variable in the environment of a program that tells which one of its runner's it is. */
export const TETHER_MARK = "RUNBOOK_TETHER";

/** Groups of the processes that carry one of these marks, and whose environment this account may see; none where the system does not show it. */
export function markedGroups(marks: ReadonlySet<string>): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    const mark = /^\d+$/.test(name) ? kernelText(`/proc/${name}/environ`)?.split("\0").find((line) => line.startsWith(`${TETHER_MARK}=`)) : undefined;
    const group = mark !== undefined && marks.has(mark.slice(TETHER_MARK.length + 1)) ? Number(statFields(Number(name))[2]) : 0;
    return Number.isSafeInteger(group) && group > 1 ? [group] : [];
  });
}

import { execFile } from "node:child_process";

/** Sends a signal to a process and all that it started; a group that is gone is left alone. Windows knows no groups: there the tree is ended by force. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    execFile("taskkill.exe", ["/pid", String(pid), "/T", "/F"], () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "ESRCH") throw fault;
  }
}

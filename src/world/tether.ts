import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { programOfOurs } from "./program-of-ours.ts";

/**
 * Ends the programs of a runner that died. A small process of its own holds the other end of a pipe (`tether-process.ts`):
 * when the pipe closes it ends the process groups that are still held.
 */
export class Tether {
  #watcher: ChildProcess | undefined;
  readonly #held = new Set<number>();

  /** To be called before a program is started: a runner that dies between that and {@link hold} would leave it behind, so that time has to be short. */
  prepare(): void {
    if (this.#watcher !== undefined) return;
    this.#watcher = this.#start();
    for (const held of this.#held) this.#watcher.stdin?.write(`+${held}\n`);
  }

  /** From now on the group of this process ends with the runner. */
  hold(pid: number): void {
    this.prepare();
    this.#held.add(pid);
    this.#watcher?.stdin?.write(`+${pid}\n`);
  }

  /** The process is gone, or was given up. */
  release(pid: number): void {
    this.#held.delete(pid);
    this.#watcher?.stdin?.write(`-${pid}\n`);
  }

  #start(): ChildProcess {
    const watcher = spawn(process.execPath, [programOfOurs("tether-process")], { detached: true, stdio: ["pipe", "ignore", "ignore"], windowsHide: true });
    const forget = (): void => {
      if (this.#watcher === watcher) this.#watcher = undefined;
    };
    watcher.on("error", forget);
    watcher.on("exit", forget);
    watcher.stdin.on("error", forget);
    // Neither the process nor the pipe keeps the runner alive.
    watcher.unref();
    (watcher.stdin as Socket).unref();
    return watcher;
  }
}

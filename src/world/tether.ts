import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { systemCode } from "./file-fault.ts";
import type { ProcessMark } from "./job-files.ts";
import { GONE_MS } from "./process-group.ts";
import { isRunning, markOf, systemStart } from "./process-mark.ts";
import { programOfOurs } from "./program-of-ours.ts";

/** A watcher as it is kept: `boot` is the system's start under which it was begun. */
interface Watcher extends ProcessMark {
  readonly boot: string;
}

/** What starts programs that end with the runner. */
export type Tethering = Pick<Tether, "announce" | "withdraw" | "hold" | "release">;

/** For programs that nobody has to end: they take a moment, and change nothing. */
export const UNTETHERED: Tethering = { announce: () => "", withdraw: () => undefined, hold: () => undefined, release: () => undefined };

/**
 * Ends the programs of a runner that died. A small process of its own, the watcher, holds the other end of a pipe (`tether-process.ts`):
 * when the pipe closes it ends the process groups that are still held, and goes when they are gone.
 */
export class Tether {
  #watcher: ChildProcess | undefined;
  /** Groups that are held, with the marks of their programs. */
  readonly #held = new Map<number, string>();
  readonly #kept: string | undefined;
  /** Watchers of runners of this run that died; undefined where nothing tells of any. */
  readonly #before: readonly Watcher[] | undefined;
  readonly #own: Watcher[] = [];
  #announced = 0;

  /** `kept`: the file in which a run keeps its watchers, so that the next runner can tell whether one is still at work; absent for what is never taken up again. */
  constructor(kept?: string) {
    this.#kept = kept;
    this.#before = kept === undefined ? undefined : readWatchers(kept);
  }

  /**
   * A program is about to be started, with the mark that this gives in its environment ({@link TETHER_MARK}): by it the watcher finds the program should the
   * runner die before it can say {@link hold}, and what left the program's group, where the system shows the environment of a process.
   */
  announce(): string {
    this.#prepare();
    this.#announced += 1;
    const mark = `${process.pid}-${this.#announced}`;
    this.#watcher?.stdin?.write(`?${mark}\n`);
    return mark;
  }

  /** What was announced was not started. */
  withdraw(mark: string): void {
    this.#watcher?.stdin?.write(`!${mark}\n`);
  }

  /** From now on the group of this process, which was announced, ends with the runner, and what else carries its mark. */
  hold(pid: number, mark: string): void {
    this.#prepare();
    this.#held.set(pid, mark);
    this.#watcher?.stdin?.write(`+${pid}\n`);
  }

  /** The process is gone, or was given up. */
  release(pid: number): void {
    const mark = this.#held.get(pid);
    this.#held.delete(pid);
    this.#watcher?.stdin?.write(`-${pid}\n`);
    if (mark !== undefined) this.withdraw(mark);
  }

  /** True while programs of a runner of this run that died `sinceMs` ago, or before, may still run. Where no watcher was kept they have the time that one takes. */
  isEnding(sinceMs: number): boolean {
    if (sinceMs >= GONE_MS) return false;
    return this.#before?.some(lives) ?? true;
  }

  #prepare(): void {
    if (this.#watcher !== undefined) return;
    this.#watcher = this.#start();
    for (const [pid, mark] of this.#held) this.#watcher.stdin?.write(`+${pid}\n?${mark}\n`);
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
    if (watcher.pid !== undefined) this.#own.push({ ...markOf(watcher.pid), boot: systemStart() });
    if (this.#kept !== undefined) keepWatchers(this.#kept, [...(this.#before ?? []), ...this.#own].filter(lives));
    return watcher;
  }
}

function lives(watcher: Watcher): boolean {
  return watcher.boot === systemStart() && isRunning(watcher);
}

function readWatchers(file: string): readonly Watcher[] | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Watcher[];
  } catch (fault) {
    // Cut short by the runner's death: it tells of none.
    if (fault instanceof SyntaxError || systemCode(fault) === "ENOENT") return undefined;
    throw fault;
  }
}

function keepWatchers(file: string, watchers: readonly Watcher[]): void {
  try {
    writeFileSync(file, JSON.stringify(watchers), { mode: 0o600 });
  } catch (fault) {
    if (systemCode(fault) === undefined) throw fault;
    // On a full disk, say: what it told before is not true any more, and without it the next runner waits as long as any watcher takes.
    rmSync(file, { force: true });
  }
}

import type { Socket } from "node:net";
import type { Failure } from "../core/failure.ts";
import type { Call, CallOptions } from "../core/port.ts";
import { KeptOutput } from "./kept-output.ts";
import { exitCodeOf } from "./local-process.ts";
import { start, startFailure, type Running } from "./local-start.ts";
import type { Tethering } from "./tether.ts";

/** The longest answer, in bytes: what is longer ends the process, because nothing bounds what would still come. */
export const LONGEST_ANSWER = 64_000_000;

/** What became of one line that was fed to a kept process. `noise`: what it printed beside the answer, its end only. */
export type Reply =
  | { readonly kind: "answered"; /** What stood behind the mark. */ readonly text: string; readonly noise: string }
  | { readonly kind: "ended"; readonly exitCode: number; readonly noise: string }
  | { readonly kind: "too-long" | "limit" | "cancelled"; readonly noise: string };

/** The wait for an answer. */
interface Waiting {
  readonly mark: string;
  readonly settle: (reply: Reply | { readonly kind: "answered"; readonly text: string }) => void;
}

/**
 * A program of this machine that is kept and fed one line a command; it answers with one line that begins with the command's
 * mark. One command at a time. Where an answer does not come in time, the process is ended with its tree: what it would say
 * later could not be told from the next answer. It does not keep the runner alive, and ends with it.
 */
export class KeptProcess {
  readonly #running: Running;
  readonly #release: () => void;
  #waiting: Waiting | undefined;
  #exitCode: number | undefined;
  #line: Buffer[] = [];
  #lineBytes = 0;
  #noise = new KeptOutput(() => undefined);

  private constructor(running: Running, release: () => void) {
    this.#running = running;
    this.#release = release;
    running.stdin?.on("error", () => this.end());
    running.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    running.stderr.on("data", (chunk: Buffer) => this.#noise.add(chunk));
    // `close` would wait for pipes that a child of it may hold for ever.
    running.child.on("exit", (exitCode, signal) => this.#gone(exitCodeOf(exitCode, signal)));
    this.#keepRunner(false);
  }

  /** Starts a program that is to be kept; why not, where it cannot be started. */
  static async start(call: Call<"program">, tether: Tethering): Promise<KeptProcess | Failure> {
    const running = await start(call, { kind: "pipe" }, tether);
    const { pid } = running;
    if (pid === undefined) return startFailure(call, await running.fault());
    return new KeptProcess(running, () => tether.release(pid));
  }

  /** False once the process is gone or was ended: it takes no further line. */
  get isAlive(): boolean {
    return this.#exitCode === undefined;
  }

  /** Feeds it a line that is not answered. */
  tell(line: string): void {
    this.#running.stdin?.write(`${line}\n`);
  }

  /** Feeds it one line and waits for the answer behind the mark, the end of the process, the limit or the cancellation; the last two end the process. */
  ask(line: string, mark: string, { limitMs, signal }: Pick<CallOptions, "limitMs" | "signal">): Promise<Reply> {
    if (this.#waiting !== undefined) throw new Error("a kept process answers one command at a time");
    return new Promise((resolve) => {
      const give = (kind: "limit" | "cancelled"): void => {
        settle({ kind, noise: this.#takeNoise() });
        this.end();
      };
      const onAbort = (): void => give("cancelled");
      const timer = setTimeout(() => give("limit"), Math.min(limitMs, 2 ** 31 - 1));
      const settle: Waiting["settle"] = (reply) => {
        if (this.#waiting === undefined) return;
        this.#waiting = undefined;
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        this.#keepRunner(false);
        resolve("noise" in reply ? reply : { ...reply, noise: this.#takeNoise() });
      };
      this.#waiting = { mark, settle };
      this.#keepRunner(true);
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) return onAbort();
      if (this.#exitCode !== undefined) return settle({ kind: "ended", exitCode: this.#exitCode, noise: this.#takeNoise() });
      this.tell(line);
    });
  }

  /** Ends the process with its tree. */
  end(): void {
    if (this.#exitCode !== undefined) return;
    this.#gone(143);
    void this.#running.endTree();
  }

  #gone(exitCode: number): void {
    this.#exitCode ??= exitCode;
    this.#release();
    this.#waiting?.settle({ kind: "ended", exitCode: this.#exitCode, noise: this.#takeNoise() });
  }

  #read(chunk: Buffer): void {
    let begin = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, begin)) {
      this.#line.push(chunk.subarray(begin, at));
      begin = at + 1;
      this.#take(Buffer.concat(this.#line));
      this.#line = [];
      this.#lineBytes = 0;
    }
    this.#line.push(chunk.subarray(begin));
    this.#lineBytes += chunk.length - begin;
    if (this.#lineBytes <= LONGEST_ANSWER) return;
    this.#line = [];
    this.#waiting?.settle({ kind: "too-long", noise: this.#takeNoise() });
    this.end();
  }

  #take(line: Buffer): void {
    const mark = this.#waiting?.mark;
    if (mark !== undefined && line.subarray(0, mark.length).toString("latin1") === mark) {
      this.#waiting?.settle({ kind: "answered", text: line.subarray(mark.length).toString("utf8").trimEnd() });
    } else if (line.length > 0) {
      this.#noise.add(Buffer.concat([line, Buffer.from("\n")]));
    }
  }

  #takeNoise(): string {
    const { text } = this.#noise.end();
    this.#noise = new KeptOutput(() => undefined);
    return text.replace(/^(\r?\n)+/, "").replaceAll("\r", "");
  }

  /** While an answer is awaited the process keeps the runner alive; else it does not. */
  #keepRunner(isAsked: boolean): void {
    const { child, stdin, stdout, stderr } = this.#running;
    for (const held of [child, stdin as Socket | undefined, stdout as Socket, stderr as Socket]) {
      if (isAsked) held?.ref();
      else held?.unref();
    }
  }
}

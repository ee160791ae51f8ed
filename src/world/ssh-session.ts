import { spawn, type ChildProcessByStdio } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { CallOptions } from "../core/port.ts";
import { MarkedStream } from "./marked-stream.ts";
import { signalGroup } from "./process-group.ts";
import { agentLine } from "./ssh-agent.ts";

/** A tree that was asked to end has this long before it is killed, on the target too. */
const ENDING_MS = 5_000;
/** After the program is gone its pipes have this long to fall silent: a process that it left behind may hold them for ever. */
const SILENCE_MS = 1_000;
/** So many signs of life without any answer, and the channel is lost. Counted, not timed: a suspended runner loses nothing. */
const BEATS_LOST = 4;
/** The agent misses so many before it looks whether any came. */
const BEATS_MISSED = 2.5;
/** How long after its runner or its channel a program may run on a target that hears of neither: the agent's wait for a sign of life may begin twice, and ending takes its time. */
export function goneAfterMs(beatMs: number): number {
  return 2 * silenceS(beatMs) * 1_000 + ENDING_MS + SILENCE_MS;
}

/** How long an agent waits for a sign of life before it looks whether one came, in seconds. */
function silenceS(beatMs: number): number {
  return Math.ceil((BEATS_MISSED * beatMs) / 1_000);
}

/** The longest time that a timer takes, about 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How much of what a session says before its agent speaks is kept: it tells why there is none. */
const KEPT_NOISE = 4_000;

/** Where the output of a program goes. */
export interface OutputSinks {
  readonly stdout: (bytes: Buffer) => void;
  readonly stderr: (bytes: Buffer) => void;
}

/** How a request ended. `refused`: nothing was begun, with the agent's word for it. `limit`, `cancelled`: its tree was told to end; `isGone` if the target said that it is. */
export type RequestEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "refused"; readonly word: string }
  | { readonly kind: "limit" | "cancelled"; readonly isGone: boolean }
  | { readonly kind: "lost" };

/** How the opening of a session ended: the agent speaks; it said why it cannot; or the process ended, with what it had printed. */
export type SessionOpened =
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly word: string }
  | { readonly kind: "ended"; readonly exitCode: number; readonly noise: string };

type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>;

interface Request {
  readonly sinks: OutputSinks;
  readonly settle: (end: RequestEnd) => void;
  /** Called with every sign of the program, to begin the wait for silence anew. */
  readonly stir: () => void;
  exitCode: number | undefined;
  refused: string | undefined;
  told: "limit" | "cancelled" | undefined;
  /** The target said that the tree which was told to end is gone. */
  isGone: boolean;
  ends: number;
}

/** One remote shell: a process of the OpenSSH client with an agent behind it, that runs one program at a time. */
export class SshSession {
  /** Resolves once: when the agent speaks, or cannot. */
  readonly opened: Promise<SessionOpened>;
  /** Resolves when the process of the client is gone. */
  readonly closed: Promise<void>;
  readonly #process: SshProcess;
  readonly #beat: NodeJS.Timeout;
  #request: Request | undefined;
  #hellos = 0;
  #noise = "";
  #printed = "";
  #unanswered = 0;
  #isGone = false;
  #isSpoilt = false;
  #isToldToGo = false;
  #tellOpened: (opened: SessionOpened) => void = () => undefined;

  /** Starts the client: `program` is its path. It gets no terminal and no signal of ours, and does not keep the runner alive. A sign of life is given, and asked for, every `beatMs`. */
  constructor(program: string, args: readonly string[], beatMs: number) {
    const mark = randomBytes(16).toString("hex");
    // A jump host's client is not told that nobody answers: without a terminal it would ask by a window.
    this.#process = spawn(program, args, { detached: true, stdio: ["pipe", "pipe", "pipe"], windowsHide: true, env: { ...process.env, SSH_ASKPASS_REQUIRE: "never" } });
    this.opened = new Promise((resolve) => {
      this.#tellOpened = resolve;
    });
    const stdout = new MarkedStream(mark, (bytes) => this.#onBytes("stdout", bytes), (word) => this.#onWord(word));
    const stderr = new MarkedStream(mark, (bytes) => this.#onBytes("stderr", bytes), (word) => this.#onWord(word));
    this.#process.stdout.on("data", (chunk: Buffer) => this.#onData(stdout, chunk));
    this.#process.stderr.on("data", (chunk: Buffer) => this.#onData(stderr, chunk));
    // A channel that is gone shows in the end of the process.
    this.#process.stdin.on("error", () => undefined);
    this.#beat = setInterval(() => this.#onBeat(), beatMs).unref();
    this.closed = new Promise((resolve) => {
      const onGone = (exitCode: number | null): void => {
        this.#onGone(exitCode ?? 255);
        resolve();
      };
      this.#process.once("error", () => onGone(127));
      this.#process.once("close", onGone);
      // A process that the client started, a proxy, may hold its pipes.
      this.#process.once("exit", (exitCode) => setTimeout(() => onGone(exitCode), SILENCE_MS).unref());
    });
    for (const stream of [this.#process.stdin, this.#process.stdout, this.#process.stderr]) (stream as unknown as Socket).unref();
    this.#process.unref();
    this.#process.stdin.write(agentLine(mark, randomBytes(8).toString("hex"), silenceS(beatMs)));
  }

  /** True if it can take a request now or later: it is open, and nothing outlasted a program in its pipes. */
  get isUsable(): boolean {
    return !this.isGone && !this.#isSpoilt;
  }

  /** What the login shell printed on standard output before its agent spoke, the begin of it: it would spoil what copies files. */
  get printed(): string {
    return this.#printed;
  }

  /** True if the process of the client is gone, or was told to go. */
  get isGone(): boolean {
    return this.#isGone || this.#isToldToGo;
  }

  /**
   * Runs a request of one line and waits for its end, its limit or its cancellation; never longer than a few seconds after these.
   * With `feed` the request takes the rest of the input, which `feed` writes; then the session takes no other request.
   */
  run(line: string, sinks: OutputSinks, { limitMs, signal }: Pick<CallOptions, "limitMs" | "signal">, feed?: (input: Writable) => void): Promise<RequestEnd> {
    if (this.#isGone) return Promise.resolve({ kind: "lost" });
    if (feed !== undefined) {
      this.#isSpoilt = true;
      clearInterval(this.#beat);
    }
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let latest: NodeJS.Timeout | undefined;
      const after = (ms: number, then: () => void): void => {
        clearTimeout(timer);
        timer = setTimeout(then, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
      };
      const settle = (end: RequestEnd): void => {
        clearTimeout(timer);
        clearTimeout(latest);
        signal.removeEventListener("abort", onAbort);
        this.#request = undefined;
        resolve(request.told === undefined || end.kind === "lost" ? end : { kind: request.told, isGone: request.isGone });
      };
      /** Somebody else holds the pipes, or nobody answers: this session is not used again. */
      const giveUp = (): void => {
        this.#isSpoilt = true;
        const end = this.#endOf(request);
        settle(end.kind === "lost" && request.told !== undefined ? { kind: request.told, isGone: request.isGone } : end);
      };
      const end = (why: "limit" | "cancelled"): void => {
        if (request.told !== undefined) return;
        request.told = why;
        if (feed === undefined) this.#process.stdin.write("stop\n");
        else this.close();
        after(ENDING_MS + 2 * SILENCE_MS, giveUp);
      };
      const onAbort = (): void => end("cancelled");
      const stir = (): void => {
        if (request.told === undefined ? request.exitCode === undefined : !request.isGone) return;
        after(SILENCE_MS, giveUp);
        // What outlasts the program may never fall silent.
        latest ??= setTimeout(giveUp, ENDING_MS);
      };
      const request: Request = { sinks, settle, stir, exitCode: undefined, refused: undefined, told: undefined, isGone: false, ends: 0 };
      this.#request = request;
      this.#process.stdin.write(`${line}\n`);
      feed?.(this.#process.stdin);
      signal.addEventListener("abort", onAbort);
      after(limitMs, () => end("limit"));
      if (signal.aborted) onAbort();
    });
  }

  /** Ends the session: what runs in it ends on the target too. */
  close(): void {
    this.#end("SIGTERM");
  }

  /** Ends the client, and what it started to get there: a jump host's client does not end by itself while it waits for an answer. */
  #end(signal: "SIGTERM" | "SIGKILL"): void {
    this.#isToldToGo = true;
    if (!this.#isGone && this.#process.pid !== undefined) signalGroup(this.#process.pid, signal);
  }

  #onData(stream: MarkedStream, chunk: Buffer): void {
    this.#unanswered = 0;
    stream.add(chunk);
  }

  #onBytes(name: "stdout" | "stderr", bytes: Buffer): void {
    if (this.#request !== undefined) {
      this.#request.sinks[name](bytes);
      this.#request.stir();
    } else if (this.#hellos < 2) {
      this.#noise = (this.#noise + bytes.toString("utf8")).slice(-KEPT_NOISE);
      if (name === "stdout") this.#printed = (this.#printed + bytes.toString("utf8")).slice(0, KEPT_NOISE);
    }
  }

  #onWord(text: string): void {
    const [word = "", value = ""] = text.split(" ");
    if (word === "hello") {
      this.#hellos += 1;
      if (this.#hellos === 2) this.#tellOpened({ kind: "opened" });
      return;
    }
    const request = this.#request;
    if (word === "no" && request === undefined) this.#tellOpened({ kind: "refused", word: value });
    if (request === undefined) return;
    if (word === "no") request.refused = value;
    if (word === "exit") request.exitCode = Number(value);
    if (word === "stopped") request.isGone = true;
    if (word === "end") request.ends += 1;
    // Pipes can be closed before the tree is gone.
    const isEnding = request.told !== undefined && request.refused === undefined && !request.isGone;
    if (request.ends < 2 || isEnding) return request.stir();
    if (!this.#isSpoilt) this.#process.stdin.write("done\n");
    request.settle(this.#endOf(request));
  }

  #endOf({ exitCode, refused }: Request): RequestEnd {
    if (refused !== undefined) return { kind: "refused", word: refused };
    return exitCode === undefined ? { kind: "lost" } : { kind: "exited", exitCode };
  }

  #onBeat(): void {
    if (this.#hellos < 2) return;
    if (this.#unanswered >= BEATS_LOST) this.#end("SIGKILL");
    this.#unanswered += 1;
    this.#process.stdin.write("rb_beat\n");
  }

  #onGone(exitCode: number): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearInterval(this.#beat);
    this.#tellOpened({ kind: "ended", exitCode, noise: this.#noise });
    this.#request?.settle({ kind: "lost" });
  }
}

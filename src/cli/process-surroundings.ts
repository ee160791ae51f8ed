import process from "node:process";
import type { WriteStream } from "node:tty";
import { EXIT } from "./exit-code.ts";
import type { Output, StopSignal, Surroundings } from "./surroundings.ts";

/** The streams of this process that were asked for. */
const opened = new Set<WriteStream>();

/** What a stream says of which the reader went away (`| head`), or the terminal. */
const WITHOUT_READER: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/** The last one is Ctrl-Break, which other systems than Windows do not know: there it never comes. */
const STOP_SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"];

/** Whether standard output was lost, when that is told, and whether a journal keeps what should have stood there. */
const told = { isLost: false, loss: Promise.resolve(), isJournalled: false };

/** The exit code of a command that would end with this one: a command whose output could not be written has not succeeded, unless a journal keeps it. */
export function exitCodeAfterOutput(exitCode: number): number {
  return exitCode === EXIT.ok && told.isLost && !told.isJournalled ? EXIT.stopped : exitCode;
}

/** The surroundings of this process, started in a folder. Node makes a stream when it is first asked for, which takes longer than all that `--version` does; so each is asked for when it is needed. */
export function processSurroundings(workingFolder: string): Surroundings {
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  return {
    env: process.env,
    workingFolder,
    get stdout() {
      stdout ??= outputTo(process.stdout);
      return stdout;
    },
    get stderr() {
      stderr ??= outputTo(process.stderr);
      return stderr;
    },
    get canAsk() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    onStopSignal: (asked) => {
      for (const signal of STOP_SIGNALS) process.on(signal, asked);
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, asked);
      };
    },
    journalled: () => {
      told.isJournalled = true;
    },
    every: (intervalMs, tick) => {
      const timer = setInterval(tick, intervalMs);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

/** Resolves when all that was written has left the process, or its reader has gone. */
export async function outputsDrained(): Promise<void> {
  await Promise.all([...opened].map((stream) => new Promise<void>((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write("", () => resolve());
  })));
  // A stream says what was wrong with a write in a later turn than it was made.
  await new Promise((resolve) => setImmediate(resolve));
  await told.loss;
}

/** What it needs is loaded when it is needed: every command would wait for it. */
async function tellLoss(fault: Error): Promise<void> {
  const { fileFailure } = await import("../world/file-fault.ts");
  process.stderr.write(`Standard output cannot be written: ${fileFailure("it", fault).because}. What should stand there is lost from here on; what is being done goes on.\n`);
}

/**
 * A reader that closed its end (`| head`) is no fault of the run: what is left is written nowhere, and the run goes on to its own end. So it does where a
 * file cannot be written, on a full disk say: that is told on standard error, once.
 */
function outputTo(stream: WriteStream): Output {
  opened.add(stream);
  let isWritten = true;
  stream.on("error", (fault: NodeJS.ErrnoException) => {
    const isFirst = isWritten;
    isWritten = false;
    if (WITHOUT_READER.has(fault.code) || !isFirst || stream === process.stderr) return;
    told.isLost = true;
    told.loss = tellLoss(fault);
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: () => Math.max(20, stream.columns ?? 80),
    rows: () => Math.max(4, stream.rows ?? 24),
    onResize: (changed) => {
      stream.on("resize", changed);
      return () => stream.off("resize", changed);
    },
    write: (text) => {
      if (isWritten && text !== "") stream.write(text);
    },
  };
}

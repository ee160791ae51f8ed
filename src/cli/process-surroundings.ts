import process from "node:process";
import type { WriteStream } from "node:tty";
import type { Output, StopSignal, Surroundings } from "./surroundings.ts";

/** The streams of this process that were asked for. */
const opened = new Set<WriteStream>();

/** The last one is Ctrl-Break, which other systems than Windows do not know: there it never comes. */
const STOP_SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"];

/** The surroundings of this process. Node makes a stream when it is first asked for, which takes longer than all that `--version` does; so each is asked for when it is needed. */
export function processSurroundings(): Surroundings {
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  return {
    env: process.env,
    workingFolder: process.cwd(),
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
}

/** A reader that closed its end (`| head`) is no fault of the run: what is left is written nowhere, and the run goes on to its own end. */
function outputTo(stream: WriteStream): Output {
  opened.add(stream);
  let hasReader = true;
  stream.on("error", (fault: NodeJS.ErrnoException) => {
    if (fault.code !== "EPIPE" && fault.code !== "EIO" && fault.code !== "ERR_STREAM_DESTROYED") throw fault;
    hasReader = false;
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
      if (hasReader && text !== "") stream.write(text);
    },
  };
}

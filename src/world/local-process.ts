import { constants } from "node:os";
import type { ProgramResult } from "../core/action.ts";
import { textFailure } from "../core/text-failure.ts";
import type { Call, CallOptions, Outcome } from "../core/port.ts";
import { consoleDecoder } from "./console-decoder.ts";
import { KeptOutput } from "./kept-output.ts";
import { givenUp, timedOut } from "./limit.ts";
import { ENDING_MS, start, startFailure, type Running } from "./local-start.ts";
import type { Tethering } from "./tether.ts";

/** After the program is gone its pipes have this long to fall silent: a process that it left behind may hold them for ever. */
const SILENCE_MS = 1_000;

/** The longest time that a timer takes, about 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The exit code as a shell tells it: 128 and the number of the signal that ended the program. */
export function exitCodeOf(exitCode: number | null, signal: NodeJS.Signals | null): number {
  return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** How a wait for a program ended. */
type End = { readonly kind: "exited"; readonly exitCode: number } | { readonly kind: "limit" | "cancelled"; readonly isGone: boolean };

/** Waits for the program, the limit or the cancellation; ends the tree in the last two cases, and never waits for a pipe that somebody else holds. */
function waitFor(running: Running, options: CallOptions): Promise<End> {
  return new Promise((resolve) => {
    let end: End | undefined;
    let timer: NodeJS.Timeout | undefined;
    const after = (ms: number, then: () => void): void => {
      clearTimeout(timer);
      timer = setTimeout(then, Math.min(ms, LONGEST_TIMER_MS));
    };
    let latest: NodeJS.Timeout | undefined;
    let isClosed = false;
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(latest);
      options.signal.removeEventListener("abort", onAbort);
      running.stdout.destroy();
      running.stderr.destroy();
      resolve(end ?? { kind: "limit", isGone: false });
    };
    const endTree = (kind: "limit" | "cancelled"): void => {
      if (end !== undefined) return;
      end = { kind, isGone: false };
      after(ENDING_MS + SILENCE_MS, settle);
      void running.endTree().then((isGone) => {
        end = { kind, isGone };
        if (!isGone) return;
        if (isClosed) settle();
        else after(SILENCE_MS, settle);
      });
    };
    const onAbort = (): void => endTree("cancelled");
    const onData = (): void => {
      if (end?.kind === "exited") after(SILENCE_MS, settle);
    };
    running.child.on("exit", (exitCode, signal) => {
      end ??= { kind: "exited", exitCode: exitCodeOf(exitCode, signal) };
      if (end.kind !== "exited") return;
      after(SILENCE_MS, settle);
      // What outlasts the program may never fall silent.
      latest = setTimeout(settle, ENDING_MS);
    });
    running.child.on("close", () => {
      isClosed = true;
      // What closed its pipes may still be at work.
      if (end?.kind === "exited" || end?.isGone === true || process.platform === "win32") settle();
    });
    running.stdout.on("data", onData);
    running.stderr.on("data", onData);
    options.signal.addEventListener("abort", onAbort);
    after(options.limitMs, () => endTree("limit"));
    if (options.signal.aborted) onAbort();
  });
}

/**
 * Runs a program of this machine and waits for it: an argument vector, never a shell; in a session of its own, so that Ctrl-C
 * on the terminal does not reach it; ended with its tree when the limit passes, the run is cancelled or the runner dies.
 */
export async function runProcess(call: Call<"program">, options: CallOptions, tether: Tethering): Promise<Outcome<ProgramResult>> {
  const nul = textFailure(call);
  if (nul !== undefined) return { kind: "failed", failure: nul };
  const decoder = await consoleDecoder();
  const running = await start(call, call.stdin === undefined ? { kind: "nothing" } : { kind: "text", text: call.stdin }, tether);
  const { pid } = running;
  if (pid === undefined) {
    return { kind: "failed", failure: await startFailure(call, await running.fault()) };
  }
  const stdout = new KeptOutput((text) => options.onOutput("stdout", text), decoder);
  const stderr = new KeptOutput((text) => options.onOutput("stderr", text), decoder);
  running.stdout.on("data", (chunk: Buffer) => stdout.add(chunk));
  running.stderr.on("data", (chunk: Buffer) => stderr.add(chunk));
  const end = await waitFor(running, options);
  tether.release(pid);
  const [out, err] = [stdout.end(), stderr.end()];
  switch (end.kind) {
    case "limit":
      return { ...timedOut(call.program, options.limitMs), ...(end.isGone ? { isGone: true } : {}) };
    case "cancelled":
      return givenUp(call.program);
    case "exited":
      return { kind: "ok", value: { exitCode: end.exitCode, stdout: out.text, stderr: err.text, droppedBytes: out.droppedBytes + err.droppedBytes } };
  }
}

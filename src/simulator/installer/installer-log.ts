import type { JobState } from "../job-state.ts";
import { timeText } from "../../core/time.ts";
import type { WorldState } from "../world-state.ts";

/** How often a running installation adds a line to its log. */
const LINE_EVERY_MS = 5_000;

interface Line {
  readonly atMs: number;
  readonly text: string;
}

/** What happened, and a line every few seconds while it runs. It never says more than was asked for in the past: the same moment gives the same lines. */
function linesOf(state: WorldState, job: JobState): readonly Line[] {
  const endMs = job.endedMs ?? state.nowMs;
  const lines = job.history.flatMap((entry, index): readonly Line[] => {
    const untilMs = job.history[index + 1]?.atMs ?? endMs;
    const ticks = entry.silent === true ? 0 : Math.floor((untilMs - entry.atMs) / LINE_EVERY_MS);
    return [entry, ...Array.from({ length: ticks }, (_, tick) => ({ atMs: entry.atMs + (tick + 1) * LINE_EVERY_MS, text: "Executing op: ActionData" }))];
  });
  return job.exitCode === undefined ? lines : [...lines, { atMs: endMs, text: `MainEngineThread is returning ${job.exitCode}` }];
}

/** The text of the log that `msiexec /l*vx` has written so far. */
export function installerLog(state: WorldState, job: JobState): string {
  return linesOf(state, job).map(({ atMs, text }) => `MSI (s) (A4:5C) [${timeText(atMs).slice(11, 23).replace(".", ":")}]: ${text}\r\n`).join("");
}

/** When the last line of the log was written. */
export function lastLineMs(state: WorldState, job: JobState): number {
  return linesOf(state, job).at(-1)?.atMs ?? job.startedMs;
}

/** Its last lines, at most 4 kB. */
export function installerLogTail(state: WorldState, job: JobState): string {
  const text = installerLog(state, job).slice(-4096);
  return text.length < 4096 ? text : text.slice(text.indexOf("\n") + 1);
}

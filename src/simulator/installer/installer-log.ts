import type { JobState } from "../job-state.ts";
import { timeText } from "../../core/time.ts";
import type { WorldState } from "../world-state.ts";

/** How often a running installation adds a line to its log. */
const LINE_EVERY_MS = 5_000;

/** The text of the log that `msiexec /l*vx` has written so far: what happened, and a line every few seconds while it runs. It never says more than was asked for in the past: the same moment gives the same text. */
export function installerLog(state: WorldState, job: JobState): string {
  const endMs = job.endedMs ?? state.nowMs;
  const lines = job.history.flatMap((entry, index) => {
    const untilMs = job.history[index + 1]?.atMs ?? endMs;
    const ticks = entry.silent === true ? 0 : Math.floor((untilMs - entry.atMs) / LINE_EVERY_MS);
    return [line(entry.atMs, entry.text), ...Array.from({ length: ticks }, (_, tick) => line(entry.atMs + (tick + 1) * LINE_EVERY_MS, "Executing op: ActionData"))];
  });
  if (job.exitCode !== undefined) lines.push(line(endMs, `MainEngineThread is returning ${job.exitCode}`));
  return lines.map((text) => `${text}\r\n`).join("");
}

/** Its last lines, at most 4 kB. */
export function installerLogTail(state: WorldState, job: JobState): string {
  const text = installerLog(state, job).slice(-4096);
  return text.length < 4096 ? text : text.slice(text.indexOf("\n") + 1);
}

function line(atMs: number, text: string): string {
  return `MSI (s) (A4:5C) [${timeText(atMs).slice(11, 23).replace(".", ":")}]: ${text}`;
}

import { createInterface } from "node:readline";
import { endGroups } from "./process-group.ts";
import { markedGroups } from "./process-mark.ts";
import { isMainProgram } from "./program-of-ours.ts";

/** A program that was announced shows itself within this: its process is there, or the runner never came to start it. */
const SHOWN_MS = 300;
const EVERY_MS = 50;

/**
 * Keeps the list of process groups that the runner tells it, one a line: `+PID` to hold one, `-PID` to let go of it; `?MARK` before a program is
 * started that carries this mark in its environment, `!MARK` once it ended or was not started. Ends them when the runner is gone, and resolves when they are.
 */
export async function watchRunner(input: NodeJS.ReadableStream): Promise<void> {
  const held = new Set<number>();
  const announced = new Set<string>();
  for await (const line of createInterface({ input })) {
    const rest = line.slice(1);
    if (line.startsWith("?")) announced.add(rest);
    if (line.startsWith("!")) announced.delete(rest);
    const pid = Number(rest);
    // Groups 0 and 1 would be everything.
    if (!Number.isSafeInteger(pid) || pid <= 1) continue;
    if (line.startsWith("+")) held.add(pid);
    else held.delete(pid);
  }
  const heldEnd = endGroups(held);
  const marked = new Set<number>();
  for (let waitedMs = 0; waitedMs <= SHOWN_MS && announced.size > 0; waitedMs += EVERY_MS) {
    // A group is asked once.
    for (const group of markedGroups(announced)) if (!held.has(group)) marked.add(group);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await endGroups(marked);
  await heldEnd;
}

if (isMainProgram(import.meta.url)) {
  // The runner's terminal may go first.
  process.on("SIGHUP", () => undefined);
  await watchRunner(process.stdin);
}

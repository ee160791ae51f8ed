import { createInterface } from "node:readline";
import { signalGroup } from "./process-group.ts";
import { isMainProgram } from "./program-of-ours.ts";

/** A tree that was asked to end has this long before it is killed. */
const ENDING_MS = 5_000;

/** Keeps the list of process groups that the runner tells it (`+PID`, `-PID`, one a line) and ends them when the runner is gone. */
export async function watchRunner(input: NodeJS.ReadableStream): Promise<void> {
  const held = new Set<number>();
  for await (const line of createInterface({ input })) {
    const pid = Number(line.slice(1));
    // Groups 0 and 1 would be everything.
    if (!Number.isSafeInteger(pid) || pid <= 1) continue;
    if (line.startsWith("+")) held.add(pid);
    else held.delete(pid);
  }
  if (held.size === 0) return;
  for (const pid of held) signalGroup(pid, "SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, ENDING_MS));
  for (const pid of held) signalGroup(pid, "SIGKILL");
}

if (isMainProgram(import.meta.url)) {
  // The runner's terminal may go first.
  process.on("SIGHUP", () => undefined);
  await watchRunner(process.stdin);
}

import { createInterface } from "node:readline";
import { endGroups } from "./process-group.ts";
import { isMainProgram } from "./program-of-ours.ts";

/** Keeps the list of process groups that the runner tells it (`+PID`, `-PID`, one a line), ends them when the runner is gone, and resolves when they are. */
export async function watchRunner(input: NodeJS.ReadableStream): Promise<void> {
  const held = new Set<number>();
  for await (const line of createInterface({ input })) {
    const pid = Number(line.slice(1));
    // Groups 0 and 1 would be everything.
    if (!Number.isSafeInteger(pid) || pid <= 1) continue;
    if (line.startsWith("+")) held.add(pid);
    else held.delete(pid);
  }
  await endGroups(held);
}

if (isMainProgram(import.meta.url)) {
  // The runner's terminal may go first.
  process.on("SIGHUP", () => undefined);
  await watchRunner(process.stdin);
}

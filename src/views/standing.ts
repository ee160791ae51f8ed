import type { Event, RunResult } from "../core/event.ts";

/** How a run stands: its result, or what it is instead. `running`: a process carries it out; `interrupted`: none does, and it had not ended; `never began`: it died before its first record; `rolling back`, `rolled back`: another run has begun to undo it, or has undone it; `damaged`: its journal cannot be read. */
export type Standing = RunResult | "running" | "abandoned" | "never began" | "rolling back" | "rolled back" | "damaged";

/** Every standing that there is. */
export const STANDINGS: readonly Standing[] = ["succeeded", "nothing to do", "stopped", "waiting", "cancelled", "interrupted", "failed", "running", "abandoned", "never began", "rolling back", "rolled back", "damaged"];

/** Types of the events that tell how a run stands: the others of its journal need not be read for that. */
export const STANDING_EVENTS: ReadonlySet<Event["type"]> = new Set(["run-started", "run-resumed", "run-finished", "rollback-started", "rolled-back"]);

/** How a run stands, by its events (those of `STANDING_EVENTS` will do), by whether a process holds it, or it was given up beside its journal. */
export function standingOf(events: readonly Event[], holder: "held" | "free" | "given up"): Standing {
  if (holder === "held") return "running";
  const undone = events.findLast((event) => event.type === "rollback-started" || event.type === "rolled-back");
  if (undone !== undefined) return undone.type === "rolled-back" ? "rolled back" : "rolling back";
  const last = events.at(-1);
  if (last?.type !== "run-finished") return holder === "given up" ? "abandoned" : "interrupted";
  if (last.result === "succeeded" || last.result === "nothing to do") return last.result;
  const isAbandoned = holder === "given up" || (events.findLast((event) => event.type === "run-resumed")?.to === "abandon" && last.owed.length === 0);
  return isAbandoned ? "abandoned" : last.result;
}

/** The run that has undone this one, or has begun to; undefined where none has. */
export function undoneBy(events: readonly Event[]): string | undefined {
  return events.findLast((event) => event.type === "rollback-started" || event.type === "rolled-back")?.by;
}

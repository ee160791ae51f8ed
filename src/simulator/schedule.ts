import type { Occurrence } from "./occurrence.ts";
import type { WorldState } from "./world-state.ts";

/** A number that was not given before: for a ticket, so that what was scheduled for an earlier change is void. */
export function nextNumber(state: WorldState): number {
  state.lastNumber += 1;
  return state.lastNumber;
}

/** Lets something come about after `inMs`. Those of one moment keep the order in which they were scheduled. */
export function schedule(state: WorldState, inMs: number, what: Occurrence): void {
  const due = { atMs: state.nowMs + inMs, number: nextNumber(state), what, cause: state.cause };
  const later = state.due.findIndex((other) => other.atMs > due.atMs);
  if (later === -1) state.due.push(due);
  else state.due.splice(later, 0, due);
}

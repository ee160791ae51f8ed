import type { NodeState } from "./node-state.ts";
import type { WorldState } from "./world-state.ts";

/** An entry of an event log of a node. */
export interface LoggedEvent {
  readonly atMs: number;
  readonly log: "Application" | "System";
  readonly source: string;
  readonly id: number;
  /** As `EventLogEntry.EntryType` names it. */
  readonly type: "Error" | "Warning" | "Information";
  readonly message: string;
}

/** How many entries a node keeps; the oldest are overwritten, as Windows does it. */
export const LOG_ENTRIES = 200;

/** Writes into an event log of a node, now. A node without power writes nothing. */
export function logEvent(state: WorldState, node: NodeState, entry: Omit<LoggedEvent, "atMs">): void {
  if (node.power !== "on") return;
  node.eventLog.push({ atMs: state.nowMs, ...entry });
  if (node.eventLog.length > LOG_ENTRIES) node.eventLog.shift();
}

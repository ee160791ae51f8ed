import { printed } from "../turns.ts";
import type { Fact } from "../../../src/core/builtin.ts";

/** What the question to a server answers, in the shape that PostgreSQL 15 gave it. */
export function standby(changes: Readonly<Record<string, unknown>> = {}): Fact {
  return printed(`${JSON.stringify({ standby: true, timeline: 1, paused: false, receiver: "streaming", behind: 0, standbys: null, ...changes })}\n`);
}
export function primary(changes: Readonly<Record<string, unknown>> = {}): Fact {
  return printed(`${JSON.stringify({ standby: false, timeline: 1, paused: null, receiver: null, behind: null, standbys: [{ name: "node2", address: "10.77.1.12", state: "streaming", sync: "async", behind: 0 }], ...changes })}\n`);
}
/** A server that takes no connection. */
export const DOWN = printed("", 2, "psql: error: connection to server on socket failed: No such file or directory");

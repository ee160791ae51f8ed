import type { MoveOutcome } from "../mailbox-state.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber, schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { nodeOf, type WorldState } from "../world-state.ts";
import { breach } from "./breaches.ts";
import { turnCopies } from "./copies.ts";
import { CATCH_UP_RATE, logsNow, queues } from "./logs.ts";
import { bringUp, endMove, ownerOfMailboxServer, stopStore } from "./mailbox-server.ts";

/** The part of a handoff in which the source dismounts and the last logs are copied. */
const DISMOUNT_PART = 0.3;

/** Begins a handoff that the checks allowed: Offline Pending on the source first (domain page, 7.3). Gives its number. */
export function startHandoff(state: WorldState, to: NodeState, comment: string, outcome: MoveOutcome): number {
  const server = state.mailboxServer;
  const number = nextNumber(state);
  server.move = { number, from: ownerOfMailboxServer(state).name, to: to.name, comment, startedMs: state.nowMs, outcome, result: "running", because: "" };
  const queued = Math.max(0, ...server.storageGroups.map((group) => queues(logsNow(state, group)).copy));
  for (const group of server.storageGroups) {
    if (group.backupUntilMs !== undefined && state.nowMs < group.backupUntilMs) {
      group.backupUntilMs = undefined;
      breach(state, "I10", `the move to ${to.name} stopped the backup of ${group.name}`);
    }
  }
  server.phase = "offline-pending";
  server.ticket = nextNumber(state);
  const wholeMs = takes(state, "mailbox_move", server.name, to.name);
  const copyMs = (queued / CATCH_UP_RATE) * 60_000;
  schedule(state, Math.round(wholeMs * DISMOUNT_PART + copyMs), { kind: "mailbox-handed-over", to: to.name, ticket: server.ticket });
  return number;
}

/** The last logs are copied: the target owns the group and brings the mailbox server up. A target that went away leaves it on the source. */
export function mailboxHandedOver(state: WorldState, to: string, ticket: number): void {
  const server = state.mailboxServer;
  if (server.ticket !== ticket || server.phase !== "offline-pending") return;
  const source = ownerOfMailboxServer(state);
  const target = nodeOf(state, to);
  const restMs = takes(state, "mailbox_move", server.name, to) * (1 - DISMOUNT_PART);
  if (target.membership !== "Up" || target.paused) {
    endMove(state, "failed", `${to} can no longer take the mailbox server`);
    bringUp(state, source, Math.round(restMs));
    return;
  }
  stopStore(source);
  turnCopies(state, "clean");
  const copies = server.move?.outcome.copies;
  if (copies !== undefined) for (const { copy } of server.storageGroups) copy.trouble = { status: copies, message: "the copy could not be brought up in its new direction" };
  bringUp(state, target, server.move?.outcome.onlinePendingMs ?? Math.round(restMs));
}

/** Begins to stop the mailbox server without bringing it up elsewhere (domain page, 2.5). */
export function startStop(state: WorldState, reason: string): number {
  const server = state.mailboxServer;
  server.stopped = { reason };
  server.phase = "offline-pending";
  server.ticket = nextNumber(state);
  schedule(state, takes(state, "mailbox_start", server.name, "stop"), { kind: "mailbox-stopped", ticket: server.ticket });
  return server.ticket;
}

/** The mailbox server that was being stopped is Offline. */
export function mailboxStopped(state: WorldState, ticket: number): void {
  const server = state.mailboxServer;
  if (server.ticket !== ticket) return;
  stopStore(ownerOfMailboxServer(state));
  server.phase = "offline";
}

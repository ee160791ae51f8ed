import { logEvent } from "../event-log.ts";
import { serverStopped } from "../logged-events.ts";
import type { MoveOutcome } from "../mailbox-state.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber, schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { nodeOf, type WorldState } from "../world-state.ts";
import { breach } from "./breaches.ts";
import { copySummary, GATE, turnCopies } from "./copies.ts";
import { stopBackups } from "./backups.ts";
import { logsNow, queues } from "./logs.ts";
import { blameOutage, bringUp, endMove, ownerOfMailboxServer, stopStore } from "./mailbox-server.ts";

/** The part of a handoff in which the source dismounts and the last logs are copied. */
const DISMOUNT_PART = 0.3;

/** Begins a handoff that the checks allowed: Offline Pending on the source first (domain page, 7.3). Gives its number. */
export function startHandoff(state: WorldState, to: NodeState, comment: string, outcome: MoveOutcome): number {
  const server = state.mailboxServer;
  const number = nextNumber(state);
  server.move = { number, from: ownerOfMailboxServer(state).name, to: to.name, comment, startedMs: state.nowMs, outcome, result: "running", because: "" };
  noteUnfitCopies(state, to);
  stopBackups(state, `the move to ${to.name}`);
  server.phase = "offline-pending";
  server.ticket = nextNumber(state);
  const wholeMs = takes(state, "mailbox_move", server.name, to.name);
  schedule(state, Math.round(wholeMs * DISMOUNT_PART + catchUpMs(state)), { kind: "mailbox-handed-over", to: to.name, ticket: server.ticket });
  return number;
}

/** How long the copies need for what is not copied or not replayed yet: the slowest of them counts (domain page, 2.2). */
function catchUpMs(state: WorldState): number {
  return Math.max(0, ...state.mailboxServer.storageGroups.map((group) => {
    const { copy, replay } = queues(logsNow(state, group));
    return ((copy + replay) / group.catchUpRate) * 60_000;
  }));
}

/** Notes a move while a copy is not Healthy, or lags beyond the gate: the cmdlet looks at the first, not at the second (domain page, I3). */
function noteUnfitCopies(state: WorldState, to: NodeState): void {
  const { name, storage, storageGroups } = state.mailboxServer;
  if (storage !== "NonShared") return;
  for (const group of storageGroups) {
    const summary = copySummary(state, group);
    const { copy, replay } = queues(logsNow(state, group));
    if (summary !== "Healthy") breach(state, "I3", `${name} was moved to ${to.name} while the copy of ${group.name} was ${summary}`);
    else if (copy > GATE.copy || replay > GATE.replay) breach(state, "I3", `${name} was moved to ${to.name} while the copy of ${group.name} had ${copy} logs to copy and ${replay} to replay`);
  }
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
  const pendingMs = server.move?.outcome.onlinePendingMs;
  bringUp(state, target, pendingMs ?? Math.round(restMs));
  if (pendingMs !== undefined) blameOutage(state, { by: "event", what: `stays Online Pending on ${target.name}` });
}

/** Begins to stop the mailbox server without bringing it up elsewhere (domain page, 2.5). */
export function startStop(state: WorldState, reason: string): number {
  const server = state.mailboxServer;
  server.stopped = { reason };
  logEvent(state, ownerOfMailboxServer(state), serverStopped(server.name, reason));
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

import type { ProgramResult } from "../../core/action.ts";
import type { GroupState } from "../cluster-state.ts";
import type { NodeState } from "../node-state.ts";
import { breach } from "../rules/breaches.ts";
import { settleInPlace, startGroupMove } from "../rules/groups.ts";
import { bringUp, failOver, ownerOfMailboxServer, stopStore, takeOver } from "../rules/mailbox-server.ts";
import { nextNumber } from "../schedule.ts";
import { takes } from "../timings.ts";
import type { CallOutcome } from "../trigger.ts";
import { findGroup, findNode, sameName, type WorldState } from "../world-state.ts";
import type { ClusterRequest } from "./cluster-arguments.ts";
import { groupTable } from "./cluster-text.ts";
import { printed, type Begun, type Moment } from "./command.ts";
import { systemError } from "./system-error.ts";

/** Without `/wait` it gives up waiting after 20 s (domain page, 3.1). */
const PATIENCE_MS = 20_000;

/** Moves a group. It waits for the group; giving up waiting (error 258, without `/wait` 997) does not stop the move. */
export function beginGroupMove({ state, node, outcome }: Moment, request: ClusterRequest): Begun<ProgramResult> {
  const place = node?.name ?? "local";
  const takesMs = takes(state, "program", "cluster.exe group /move", place);
  const group = findGroup(state, request.name ?? "");
  if (group === undefined) return { takesMs, end: () => systemError(5013) };
  const target = request.to === undefined ? state.nodes.find((other) => !sameName(other.name, group.owner)) : findNode(state, request.to);
  const error = refusal(state, group, target, request.to);
  if (error !== 0 || target === undefined) return { takesMs, end: () => systemError(error) };
  if (!sameName(group.owner, target.name)) move(state, group, target, outcome.group);
  const untilMs = state.nowMs + (request.waitMs ?? PATIENCE_MS);
  return { takesMs, end: (later) => ended(later, group.name, untilMs, request.waitMs === undefined ? 997 : 258) };
}

function ended(state: WorldState, name: string, untilMs: number, error: number): ReturnType<Begun<ProgramResult>["end"]> {
  const group = findGroup(state, name);
  if (group === undefined) return systemError(5013);
  if (!isMoving(state, group)) return printed(0, `Moving resource group '${group.name}'...\n\n${groupTable(state, [group])}\n`);
  return state.nowMs >= untilMs ? systemError(error) : { kind: "later", atMs: untilMs };
}

/** The error with which a move is refused; 0 where it is not (domain page, 7.3). Without a named node there may be none that could take it. */
function refusal(state: WorldState, group: GroupState, target: NodeState | undefined, named: string | undefined): number {
  if (target === undefined) return 5042;
  if (target.membership !== "Up") return named === undefined ? 5005 : 5050;
  if (target.paused && !sameName(group.owner, target.name)) return 5070;
  if (!isMoving(state, group)) return 0;
  return group.kind === "mailbox" ? 5012 : 997;
}

/** The error with which a group is not switched where it is; 0 where it is. A named node must own it. */
function switchRefusal(state: WorldState, group: GroupState, named: string | undefined): number {
  if (named !== undefined && findNode(state, named) === undefined) return 5042;
  if (named !== undefined && !sameName(named, group.owner)) return 5016;
  return findNode(state, group.owner)?.membership === "Up" ? 0 : 5005;
}

function isMoving(state: WorldState, group: GroupState): boolean {
  if (group.kind !== "mailbox") return group.ticket !== 0;
  return state.mailboxServer.phase === "online-pending" || state.mailboxServer.phase === "offline-pending";
}

/** The cluster moves a mailbox server's group without a look at its copies (domain page, 2.2 and 7.3). */
function move(state: WorldState, group: GroupState, target: NodeState, outcome: CallOutcome["group"]): void {
  if (group.kind !== "mailbox") return startGroupMove(state, group, target, outcome);
  breach(state, "I3", `the group ${group.name} was moved to ${target.name} by the cluster, not by Exchange`);
  if (state.mailboxServer.phase === "offline" || state.mailboxServer.phase === "failed") takeOver(state, target, "clean");
  else failOver(state, "crash");
}

/** Brings a group online or takes it offline where it is. */
export function beginGroupSwitch({ state, node }: Moment, request: ClusterRequest): Begun<ProgramResult> {
  const takesMs = takes(state, "program", "cluster.exe group /online", node?.name ?? "local");
  const group = findGroup(state, request.name ?? "");
  if (group === undefined) return { takesMs, end: () => systemError(5013) };
  const error = switchRefusal(state, group, request.to);
  if (error !== 0) return { takesMs, end: () => systemError(error) };
  const wanted = request.verb === "online" ? "Online" : "Offline";
  if (group.kind === "mailbox") switchMailboxServer(state, wanted);
  else {
    group.wanted = wanted;
    if (group.status !== wanted) settleInPlace(state, group);
  }
  const untilMs = state.nowMs + (request.waitMs ?? PATIENCE_MS);
  return { takesMs, end: (later) => ended(later, group.name, untilMs, request.waitMs === undefined ? 997 : 258) };
}

function switchMailboxServer(state: WorldState, wanted: "Online" | "Offline"): void {
  const server = state.mailboxServer;
  const owner = ownerOfMailboxServer(state);
  if (wanted === "Offline") {
    stopStore(owner);
    server.stopped = { reason: "taken offline by the cluster" };
    server.phase = "offline";
    server.ticket = nextNumber(state);
  } else if (server.phase === "offline" || server.phase === "failed") {
    server.stopped = undefined;
    server.bounced = false;
    bringUp(state, owner, takes(state, "mailbox_start", server.name, owner.name));
  }
}

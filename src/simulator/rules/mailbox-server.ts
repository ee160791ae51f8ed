import type { GroupStatus } from "../cluster-state.ts";
import type { MailboxServerStatus } from "../mailbox-state.ts";
import type { Cause } from "../cause.ts";
import { logEvent } from "../event-log.ts";
import { moveOver, resourceFailed } from "../logged-events.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber, schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { groupOf, nodeOf, sameName, type WorldState } from "../world-state.ts";
import { assertNever } from "../../core/assert-never.ts";
import { turnCopies } from "./copies.ts";
import { dependenciesRun, findService, isRunning, STORE_SERVICES } from "./services.ts";

/** The node that owns the mailbox server's group, whether or not it is Up. */
export function ownerOfMailboxServer(state: WorldState): NodeState {
  return nodeOf(state, groupOf(state, state.mailboxServer.group).owner);
}

/** A redundant machine that could take the mailbox server over now; undefined if there is none. */
export function otherNode(state: WorldState): NodeState | undefined {
  const owner = ownerOfMailboxServer(state);
  return state.mailboxServer.redundantMachines
    .map((name) => nodeOf(state, name))
    .find((node) => node !== owner && node.membership === "Up" && !node.paused);
}

/** The state that Exchange shows (domain page, 3.2). */
export function mailboxServerStatus(state: WorldState): MailboxServerStatus {
  const { phase, storageGroups } = state.mailboxServer;
  switch (phase) {
    case "online": return storageGroups.some((group) => group.dismounted) ? "Partially Online" : "Online";
    case "online-pending": return "Online Pending";
    case "offline": return "Offline";
    case "offline-pending": return "Offline Pending";
    case "failed": return "Failed";
    default: return assertNever(phase);
  }
}

/** The state of the mailbox server's group, as the cluster shows it. */
export function mailboxGroupStatus(state: WorldState): GroupStatus {
  const status = mailboxServerStatus(state);
  return status === "Online Pending" || status === "Offline Pending" ? "Pending" : status;
}

/** Stops the store's services on a node. */
export function stopStore(node: NodeState): void {
  for (const name of STORE_SERVICES) {
    const service = findService(node, name);
    if (service !== undefined) service.state = "Stopped";
  }
}

/** Begins to bring the mailbox server online on a node, which then owns its group. */
export function bringUp(state: WorldState, node: NodeState, inMs: number): void {
  const server = state.mailboxServer;
  groupOf(state, server.group).owner = node.name;
  server.phase = "online-pending";
  server.ticket = nextNumber(state);
  for (const name of STORE_SERVICES) {
    const service = findService(node, name);
    if (service !== undefined && service.startMode !== "Disabled" && service.state !== "Running") service.state = "Start Pending";
  }
  schedule(state, inMs, { kind: "mailbox-brought-up", node: node.name, ticket: server.ticket });
}

/** The mailbox server is online, or fails on this node: then it bounces once (domain page, 7.2 rule 4). */
export function mailboxBroughtUp(state: WorldState, name: string, ticket: number): void {
  const server = state.mailboxServer;
  const node = nodeOf(state, name);
  if (server.ticket !== ticket || server.phase !== "online-pending") return;
  for (const store of STORE_SERVICES) {
    const service = findService(node, store);
    const starts = service !== undefined && service.startMode !== "Disabled" && service.state !== "Stopped" && dependenciesRun(node, service);
    if (!starts) return bounce(state, `the store's services do not start on ${node.name}`);
    service.state = "Running";
  }
  server.phase = "online";
  server.bounced = false;
  const { move } = server;
  if (move?.result !== "running" || !sameName(move.to, name)) return;
  const left = new Set(move.outcome.dismounted);
  for (const group of server.storageGroups) if (left.has(group.database)) group.dismounted = true;
  if (left.size > 0) blameOutage(state, { by: "event", what: `databases do not mount on ${node.name}` });
  endMove(state, left.size === 0 ? "done" : "failed", left.size === 0 ? "" : `the databases ${[...left].join(", ")} could not be mounted on ${name}`);
}

/** The outage that is open is somebody else's from here on. */
export function blameOutage(state: WorldState, cause: Cause): void {
  const open = state.outages.at(-1);
  if (open !== undefined && open.toMs === undefined) Object.assign(open, cause);
}

/** Ends the handoff that is under way, if one is. */
export function endMove(state: WorldState, result: "done" | "failed", because: string): void {
  const { move } = state.mailboxServer;
  if (move?.result !== "running") return;
  move.result = result;
  move.because = because;
  const seconds = Math.round((state.nowMs - move.startedMs) / 1000);
  if (result === "done") logEvent(state, nodeOf(state, move.to), moveOver(state.mailboxServer.name, move.from, move.to, seconds, move.comment));
}

/** Another node owns the group of a mailbox server that does not run, which stays so: the direction of the copies turns with it. */
export function takeOver(state: WorldState, node: NodeState, how: "clean" | "crash"): void {
  turnCopies(state, how);
  groupOf(state, state.mailboxServer.group).owner = node.name;
}

/** Takes the mailbox server from its node to the other, not in a handoff. Where none can take it, it is Offline. */
export function failOver(state: WorldState, how: "clean" | "crash"): void {
  const server = state.mailboxServer;
  const source = ownerOfMailboxServer(state);
  const target = otherNode(state);
  stopStore(source);
  if (target === undefined || server.stopped !== undefined) {
    server.phase = "offline";
    server.ticket = nextNumber(state);
    endMove(state, "failed", `the mailbox server went offline on ${source.name}`);
    return;
  }
  if (!sameName(server.move?.to ?? "", target.name)) endMove(state, "failed", `the mailbox server went to ${target.name}`);
  turnCopies(state, how);
  bringUp(state, target, takes(state, "mailbox_failover", server.name, target.name));
}

/** What follows where the mailbox server cannot run on its node: the other node is tried once, then it is Failed. */
function bounce(state: WorldState, because: string): void {
  const server = state.mailboxServer;
  endMove(state, "failed", because);
  logEvent(state, ownerOfMailboxServer(state), resourceFailed(`Exchange Information Store Instance (${server.name})`, server.group));
  if (!server.bounced && otherNode(state) !== undefined) {
    server.bounced = true;
    failOver(state, "clean");
    return;
  }
  stopStore(ownerOfMailboxServer(state));
  server.phase = "failed";
  server.ticket = nextNumber(state);
}

/** Lets the mailbox server follow its node, its services and the quorum (domain page, 7.2 rules 3 and 4). */
export function settleMailboxServer(state: WorldState): void {
  const server = state.mailboxServer;
  const owner = ownerOfMailboxServer(state);
  const ownerUp = owner.membership === "Up";
  if (!state.cluster.quorum) {
    if (server.phase === "offline" || server.phase === "failed") return;
    stopStore(owner);
    server.phase = "offline";
    server.ticket = nextNumber(state);
    endMove(state, "failed", "the cluster lost its quorum");
    return;
  }
  switch (server.phase) {
    case "online":
    case "offline-pending":
      if (!ownerUp) failOver(state, owner.power === "on" ? "clean" : "crash");
      else if (!STORE_SERVICES.every((name) => isRunning(owner, name))) storeStopped(state, owner);
      return;
    case "online-pending":
      if (!ownerUp) failOver(state, "clean");
      return;
    case "offline":
      if (server.stopped !== undefined) followOwner(state, owner);
      else if (ownerUp) bringUp(state, owner, takes(state, "mailbox_start", server.name, owner.name));
      else if (otherNode(state) !== undefined) failOver(state, "crash");
      return;
    case "failed":
      followOwner(state, owner);
      return;
    default:
      return assertNever(server.phase);
  }
}

/** A group that does not run leaves a node that is not Up like any other (domain page, 7.2 rule 3). */
function followOwner(state: WorldState, owner: NodeState): void {
  const other = otherNode(state);
  if (owner.membership !== "Up" && other !== undefined) takeOver(state, other, owner.power === "on" ? "clean" : "crash");
}

/** The store stopped under an online mailbox server: the cluster starts it again in place, unless it is disabled there. */
function storeStopped(state: WorldState, owner: NodeState): void {
  const disabled = STORE_SERVICES.some((name) => findService(owner, name)?.startMode === "Disabled");
  if (disabled) bounce(state, `the store's services are disabled on ${owner.name}`);
  else bringUp(state, owner, takes(state, "mailbox_start", state.mailboxServer.name, owner.name));
}

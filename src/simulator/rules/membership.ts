import { withCause } from "../cause.ts";
import type { GroupState } from "../cluster-state.ts";
import { logEvent } from "../event-log.ts";
import { nodeLeft, QUORUM_LOST } from "../logged-events.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber, schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { nodeOf, sameName, type WorldState } from "../world-state.ts";
import { failOver } from "./mailbox-server.ts";
import { recordOutage } from "./record.ts";
import { startGroupMove } from "./groups.ts";
import { CLUSTER_SERVICE, isRunning } from "./services.ts";

/** Two of three votes: the nodes and the witness (domain page, 2.8 "Quorum"). */
export const QUORUM = 2;

/** How many nodes are Up, and one for the witness where it is reachable. */
export function votes(state: WorldState): number {
  return state.nodes.filter((node) => node.membership === "Up").length + (state.cluster.witness.reachable ? 1 : 0);
}

/** True if the node is Up and takes groups: a paused one takes none. */
export function canOwn(node: NodeState): boolean {
  return node.membership === "Up" && !node.paused;
}

/** The node is no longer in the cluster; the others write that down. */
export function leaveCluster(state: WorldState, node: NodeState): void {
  if (node.membership === "Down") return;
  node.membership = "Down";
  node.ticket = nextNumber(state);
  for (const other of state.nodes) if (other.membership === "Up") logEvent(state, other, nodeLeft(node.name));
}

/** Lets the membership follow the Cluster service: a node without it is Down, one that has it again joins. Then counts the votes. */
export function settleMembership(state: WorldState): void {
  for (const node of state.nodes) {
    const runs = node.power === "on" && isRunning(node, CLUSTER_SERVICE);
    if (!runs) leaveCluster(state, node);
    if (runs && node.membership === "Down") {
      node.membership = "Joining";
      node.ticket = nextNumber(state);
      schedule(state, takes(state, "node_join", "join", node.name), { kind: "node-joined", node: node.name, ticket: node.ticket });
    }
  }
  const had = state.cluster.quorum;
  state.cluster.quorum = votes(state) >= QUORUM;
  if (had && !state.cluster.quorum) for (const node of state.nodes) if (node.membership === "Up") logEvent(state, node, QUORUM_LOST);
}

/** The cluster takes a group back, whatever the copies of a mailbox server are like: it does not know them (F12, F31). */
function fallBack(state: WorldState, group: GroupState, node: NodeState): void {
  if (group.kind !== "mailbox") startGroupMove(state, group, node);
  else if (state.mailboxServer.phase === "online") failOver(state, "clean");
  recordOutage(state);
}

/** A node that was joining is Up; groups with failback go back to it (F12). */
export function nodeJoined(state: WorldState, name: string, ticket: number): void {
  const node = nodeOf(state, name);
  if (node.ticket !== ticket || node.membership !== "Joining") return;
  node.membership = "Up";
  for (const group of state.cluster.groups) {
    const [preferred] = group.preferredOwners;
    const returns = group.failback && preferred !== undefined && sameName(preferred, name) && !sameName(group.owner, name);
    if (returns && canOwn(node)) withCause(state, { by: "event", what: `failback of ${group.name}` }, () => fallBack(state, group, node));
  }
}

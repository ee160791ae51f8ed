import type { GroupState } from "../cluster-state.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber, schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import type { CallOutcome } from "../trigger.ts";
import { groupOf, nodeOf, type WorldState } from "../world-state.ts";

/** The part of a move after which the other node owns the group; its resources come online in the rest (domain page, 3.1). */
const OWNED_AFTER = 0.3;

/** Begins to move a group that holds no mailbox server: Pending, then owned by the other node, then in its former state (domain page, 7.3). */
export function startGroupMove(state: WorldState, group: GroupState, to: NodeState, outcome: CallOutcome["group"] = {}): void {
  const wholeMs = outcome.takesMs ?? takes(state, "group_move", group.name, to.name);
  group.status = "Pending";
  group.ticket = nextNumber(state);
  schedule(state, Math.round(wholeMs * OWNED_AFTER), { kind: "group-owned", group: group.name, to: to.name, ticket: group.ticket });
  schedule(state, wholeMs, { kind: "group-settled", group: group.name, ticket: group.ticket, status: outcome.status });
}

/** The group's new owner has it; where that node is gone it stays where it was. */
export function groupOwned(state: WorldState, name: string, to: string, ticket: number): void {
  const group = groupOf(state, name);
  if (group.ticket === ticket && nodeOf(state, to).membership === "Up") group.owner = nodeOf(state, to).name;
}

/** The group is in the state again that it had before, or in the one that a fault names. */
export function groupSettled(state: WorldState, name: string, ticket: number, status: "Partially Online" | "Failed" | undefined): void {
  const group = groupOf(state, name);
  if (group.ticket !== ticket) return;
  group.ticket = 0;
  group.status = status ?? group.wanted;
}

/** Brings a group where it is from Pending to the state that is wanted. */
export function settleInPlace(state: WorldState, group: GroupState): void {
  group.status = "Pending";
  group.ticket = nextNumber(state);
  schedule(state, takes(state, "group_move", group.name, group.owner), { kind: "group-settled", group: group.name, ticket: group.ticket });
}

/** Lets groups leave a node that is not Up, for one that can own them, else Offline; without quorum all are Offline (domain page, 7.2 rule 3). */
export function settleGroups(state: WorldState): void {
  for (const group of state.cluster.groups) {
    if (group.kind === "mailbox") continue;
    const taker = state.nodes.find((node) => node.membership === "Up" && !node.paused);
    const ownerUp = nodeOf(state, group.owner).membership === "Up";
    if (!state.cluster.quorum || (!ownerUp && taker === undefined)) {
      group.status = "Offline";
      group.ticket = 0;
    } else if (!ownerUp && taker !== undefined) {
      group.owner = taker.name;
      settleInPlace(state, group);
    } else if (group.status === "Offline" && group.wanted !== "Offline" && group.ticket === 0) {
      settleInPlace(state, group);
    }
  }
}

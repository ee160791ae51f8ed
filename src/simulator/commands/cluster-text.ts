import type { GroupState } from "../cluster-state.ts";
import type { NodeState } from "../node-state.ts";
import { resourcesOf } from "../resources.ts";
import { mailboxGroupStatus } from "../rules/mailbox-server.ts";
import type { WorldState } from "../world-state.ts";

/** The status of a group as the cluster shows it; that of a mailbox server's group follows from the mailbox server. */
export function groupStatus(state: WorldState, group: GroupState): string {
  return group.kind === "mailbox" ? mailboxGroupStatus(state) : group.status;
}

/** The table of groups (domain page, 3.1): longer names push the line, they are not cut. */
export function groupTable(state: WorldState, groups: readonly GroupState[]): string {
  const rows = groups.map((group) => `${group.name.padEnd(20)} ${group.owner.padEnd(15)} ${groupStatus(state, group)}\n`);
  return `Group                Node            Status\n-------------------- --------------- ------\n${rows.join("")}`;
}

/** The table of nodes (domain page, 3.1). */
export function nodeTable(nodes: readonly NodeState[]): string {
  const rows = nodes.map((node) => `${node.name.padEnd(14)} ${String(node.id).padStart(7)} ${nodeStatus(node)}\n`);
  return `Node           Node ID Status\n-------------- ------- ---------------------\n${rows.join("")}`;
}

/** The table of resources (domain page, 3.1). */
export function resourceTable(state: WorldState, groups: readonly GroupState[], named: string | undefined): string {
  const rows = groups.flatMap((group) =>
    resourcesOf(state, group)
      .filter((resource) => named === undefined || resource.name.toLowerCase() === named.toLowerCase())
      .map((resource) => `${resource.name.padEnd(20)} ${group.name.padEnd(20)} ${group.owner.padEnd(15)} ${resource.status}\n`));
  return `Resource             Group                Node            Status\n-------------------- -------------------- --------------- ------\n${rows.join("")}`;
}

/** The status word of a node: Paused where it is Up and paused. */
export function nodeStatus(node: NodeState): string {
  return node.membership === "Up" && node.paused ? "Paused" : node.membership;
}

import { assertNever } from "../core/assert-never.ts";
import type { GroupState } from "./cluster-state.ts";
import { isMounted } from "./rules/logs.ts";
import { mailboxGroupStatus } from "./rules/mailbox-server.ts";
import type { WorldState } from "./world-state.ts";

/** A cluster resource with its status word. */
export interface Resource {
  readonly name: string;
  readonly status: string;
}

/** The resources of a group (domain page, 3.1 "Groups and resources"; the names are from memory). An empty `Available Storage` has none. */
export function resourcesOf(state: WorldState, group: GroupState): readonly Resource[] {
  switch (group.kind) {
    case "core": {
      // A resource is never Partially Online: of such a group one is Failed.
      const status = group.status === "Partially Online" ? "Online" : group.status;
      return [
        { name: "Cluster IP Address", status: group.status === "Partially Online" ? "Failed" : status },
        { name: "Cluster Name", status },
        { name: witnessName(state), status: status === "Online" && !state.cluster.witness.reachable ? "Failed" : status },
      ];
    }
    case "storage":
    case "other": return group.resources.map((name, index) => ({ name, status: group.status === "Partially Online" ? (index === 0 ? "Failed" : "Online") : group.status }));
    case "mailbox": return mailboxResources(state);
    default: return assertNever(group.kind);
  }
}

/** Server 2008 has the file share witness as a resource, Server 2003 has the majority node set that reads it (domain page, 2.8 and 3.1). */
function witnessName(state: WorldState): string {
  const isOld = state.nodes.some((node) => node.os.version.startsWith("5."));
  return isOld ? "Majority Node Set" : `File Share Witness (${state.cluster.witness.path})`;
}

function mailboxResources(state: WorldState): readonly Resource[] {
  const server = state.mailboxServer;
  const status = mailboxGroupStatus(state);
  const whole = status === "Partially Online" ? "Online" : status;
  const fixed = [`IPv4 Static Address 1 (${server.name})`, `Network Name (${server.name})`, `Exchange System Attendant Instance (${server.name})`, `Exchange Information Store Instance (${server.name})`];
  const databases = server.storageGroups.map((group) => ({
    name: `${group.name}/${group.database} (${server.name})`,
    status: whole === "Online" ? (isMounted(state, group) ? "Online" : "Offline") : whole,
  }));
  return [...fixed.map((name) => ({ name, status: whole })), ...databases];
}

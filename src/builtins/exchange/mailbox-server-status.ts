import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { readStatus, STATES, statusIn } from "./shared/mailbox-server-status.ts";

/** How an administrator sees it for himself, and how he starts one that does not serve (domain page, 2.5 and F36); nothing where it is online. */
function curesOf(identity: string, state: (typeof STATES)[number]): string {
  if (state === "Online") return "";
  const shown = `; \`Get-ClusteredMailboxServerStatus ${identity}\` shows it`;
  if (state === "Partially Online" || state === "Offline Pending") return shown;
  const when = state === "Offline" || state === "Failed" ? "When" : "Where it does not come online, and";
  return `${shown}. ${when} a node without a setup under way owns it, start it there with \`Start-ClusteredMailboxServer ${identity}\``;
}

/** `exchange.mailbox_server_status`: where a clustered mailbox server runs, and how it is. */
export const exchangeMailboxServerStatus = defineBuiltin({
  name: "exchange.mailbox_server_status",
  title: "Read where a clustered mailbox server runs and its state",
  docs: `Reads the state of a clustered mailbox server, the node that owns it, and which resources are not online.

\`active_node\` is the node marked \`Active\`. The owner of the core cluster group, \`quorum_owner\`, may be another one and says
nothing about the mailbox server. Both are absent where no node is marked. A node that is down is missing in
\`operational_machines\`.

Source: domain page, 3.2.`,
  examples: [{
    title: "Served by NodeB",
    yaml: `- id: served
  uses: exchange.mailbox_server_status
  target: node_b
  with: { identity: "{{inputs.cms}}" }
  wait-until: outputs.online
  expect:
    - that: outputs.active_node == inputs.node_b
      because: The mailbox server must run on NodeB now.`,
  }],
  inputs: { identity: { type: "string", description: "Name of the clustered mailbox server" } },
  outputs: {
    state: { type: "string", enum: STATES, description: "What the cluster says of the mailbox server" },
    active_node: { type: "string", format: "netbios_name", required: false, description: "The node that owns the mailbox server; absent where none does" },
    quorum_owner: { type: "string", format: "netbios_name", required: false, description: "The node that owns the core cluster group" },
    operational_machines: { type: "list", items: { type: "string", format: "netbios_name" }, description: "The nodes that work" },
    failed_resources: { type: "list", items: { type: "string" }, description: "Resources that are not online" },
    online: { type: "boolean", description: "The state is Online" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_status: readStatus },
  look: () => ({ status: { action: "read_status" } }),
  decide(inputs, facts, past) {
    const seen = statusIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { state, activeNode, quorumOwner, machines, failedResources } = seen.value;
    const failed = failedResources.length === 0 ? "" : `; not online: ${failedResources.join(", ")}`;
    return {
      kind: "done",
      outputs: {
        state,
        ...(activeNode === undefined ? {} : { active_node: activeNode }),
        ...(quorumOwner === undefined ? {} : { quorum_owner: quorumOwner }),
        operational_machines: machines,
        failed_resources: failedResources,
        online: state === "Online",
      },
      because: `${inputs.identity} is ${state} on ${activeNode ?? "no node"}${failed}${curesOf(inputs.identity, state)}`,
    };
  },
});

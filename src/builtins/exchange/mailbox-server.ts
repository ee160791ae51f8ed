import { defineBuiltin } from "../../core/builtin.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { readServer, readVersion, serverIn, STORAGE_TYPES, versionIn } from "./shared/mailbox-server.ts";

/** `exchange.mailbox_server`: what the directory says of a mailbox server. */
export const exchangeMailboxServer = defineBuiltin({
  name: "exchange.mailbox_server",
  title: "Read what the directory says of a mailbox server",
  docs: `Reads the storage type, the nodes and the version of a mailbox server.

\`clustered_storage_type\` is NonShared for cluster continuous replication (CCR), Shared for a single copy cluster, Disabled for a
server that is not clustered. \`version\` is the base of the installed service pack; a rollup does not change it. Ask
\`exchange.rollup_level\` for the level of a node.

Source: domain page, 3.5; R1.`,
  examples: [{
    title: "Only for CCR",
    yaml: `- id: is_ccr
  uses: exchange.mailbox_server
  target: node_b
  with: { identity: "{{inputs.cms}}" }
  expect:
    - that: outputs.clustered_storage_type == "NonShared"
      because: This procedure is only for CCR. A single copy cluster has its own.`,
  }],
  inputs: { identity: { type: "string", description: "Name of the mailbox server" } },
  outputs: {
    name: { type: "string", format: "netbios_name", description: "Name of the mailbox server" },
    clustered_storage_type: { type: "string", enum: STORAGE_TYPES, description: "NonShared is CCR" },
    redundant_machines: { type: "list", items: { type: "string", format: "netbios_name" }, description: "The nodes it may run on; empty where it is not clustered" },
    version: { type: "string", format: "version", description: "Base of the service pack, such as 8.1.240.6" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_server: readServer, read_version: readVersion },
  look: () => ({ server: { action: "read_server" }, version: { action: "read_version" } }),
  decide(_inputs, facts, past) {
    const seen = allRead({ server: serverIn(facts), version: versionIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { server, version } = seen.value;
    return {
      kind: "done",
      outputs: { name: server.name, clustered_storage_type: server.storageType, redundant_machines: server.redundantMachines, version },
      because: `${server.name} has the storage type ${server.storageType}, version ${version}, and may run on ${server.redundantMachines.join(", ") || "no cluster node"}`,
    };
  },
});

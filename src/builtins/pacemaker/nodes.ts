import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { PACEMAKER_NODE_STATES } from "../../formats/pacemaker-cluster.ts";
import { clusterIn, readCluster } from "../../formats/pacemaker-readings.ts";

/** `pacemaker.nodes`: the state of every member. */
export const pacemakerNodes = defineBuiltin({
  name: "pacemaker.nodes",
  title: "Read the nodes of a Pacemaker cluster",
  docs: [
    "Lists every member as the target's Pacemaker sees it. A node in `standby` is up and runs nothing, by somebody's order, until it is brought back with `pacemaker.node`; an `unclean` one is about to be fenced.",
    "",
    "`all_online` is false while one node is anything but online, and while the cluster as a whole is in maintenance mode.",
  ].join("\n"),
  examples: [{
    title: "Wait until both nodes are back",
    yaml: ["- id: nodes_back", "  uses: pacemaker.nodes", "  target: node_a", "  wait-until: outputs.all_online && outputs.quorate", "  every: 5s", "  timeout: 5m"].join("\n"),
  }],
  inputs: {},
  outputs: {
    nodes: { type: "list", description: "Every member of the cluster", items: { type: "object", properties: { name: { type: "string" }, state: { type: "string", enum: PACEMAKER_NODE_STATES } } } },
    all_online: { type: "boolean", description: "Every node may run resources" },
    quorate: { type: "boolean", description: "The members that see each other are enough to act" },
    maintenance: { type: "boolean", description: "Pacemaker leaves every resource alone, by somebody's order" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_cluster: readCluster },
  look: () => ({ cluster: { action: "read_cluster" } }),
  decide(_inputs, facts, past) {
    const cluster = clusterIn(facts);
    if (cluster.kind === "error") return withoutReading(past, cluster.error);
    const { quorate, maintenance } = cluster.value;
    const nodes = cluster.value.nodes.map(({ name, state }) => ({ name, state }));
    const because = [...nodes.map(({ name, state }) => `${name} is ${state}`), ...(quorate ? [] : ["there is no quorum"]), ...(maintenance ? ["the cluster is in maintenance mode"] : [])].join(", ");
    return { kind: "done", outputs: { nodes, all_online: !maintenance && nodes.every(({ state }) => state === "online"), quorate, maintenance }, because };
  },
});

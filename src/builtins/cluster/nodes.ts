import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { nodesIn, readNodes } from "../../formats/cluster-readings.ts";

/** `cluster.nodes`: the state of every node. */
export const clusterNodes = defineBuiltin({
  name: "cluster.nodes",
  title: "Read the state of the cluster's nodes",
  docs: `Lists every node as the target's Cluster service sees it: Up, Down, Paused or Joining.

A paused node takes no group until it is resumed, also across a restart. \`all_up\` is false while one node is anything but Up.

Source: domain page, 3.1 and 11.7.`,
  examples: [{
    title: "Wait until both nodes are back",
    yaml: `- id: nodes_up
  uses: cluster.nodes
  target: node_a
  wait-until: outputs.all_up
  every: 15s
  timeout: 10m`,
  }],
  inputs: {},
  outputs: {
    nodes: {
      type: "list",
      description: "Every node of the cluster",
      items: { type: "object", properties: { name: { type: "string", format: "netbios_name" }, state: { type: "string", enum: ["Up", "Down", "Paused", "Joining"] } } },
    },
    all_up: { type: "boolean", description: "Every node is Up" },
    not_up: { type: "list", description: "Those that are anything but Up: `NAME is STATE`", items: { type: "string" } },
    paused: { type: "list", description: "The nodes that are paused", items: { type: "string", format: "netbios_name" } },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_nodes: readNodes },
  look: () => ({ nodes: { action: "read_nodes" } }),
  decide: (_inputs, facts, past) => {
    const seen = nodesIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const outputs = {
      nodes: seen.value,
      all_up: seen.value.every((node) => node.state === "Up"),
      not_up: seen.value.filter((node) => node.state !== "Up").map((node) => `${node.name} is ${node.state}`),
      paused: seen.value.filter((node) => node.state === "Paused").map((node) => node.name),
    };
    return { kind: "done", outputs, because: seen.value.map((node) => `${node.name} is ${node.state}`).join(", ") };
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { clusterIn, readCluster } from "../../formats/pacemaker-readings.ts";
import { GROUPS_OUTPUT, groupsOf } from "./shared/group-schema.ts";

/** `pacemaker.groups`: what runs where. */
export const pacemakerGroups = defineBuiltin({
  name: "pacemaker.groups",
  title: "Read what runs where in a Pacemaker cluster",
  docs: [
    "Lists every group, clone and single resource with its state and its nodes, as the target's Pacemaker sees it. Of a promotable clone `promoted` names the node of the leading copy: the primary of a database.",
    "",
    "A node on which Pacemaker does not run gives no answer (`unreachable`); ask another one. Needs Pacemaker 2.0.3 or later, and an account that may use `crm_mon`: root, or a member of `haclient`.",
  ].join("\n"),
  examples: [{
    title: "Everything runs",
    yaml: ["- id: groups", "  uses: pacemaker.groups", "  target: node_a", "  expect:", "    - that: outputs.groups.all(g, g.state == 'started')", "      because: Every group runs before the procedure begins."].join("\n"),
  }],
  inputs: {},
  outputs: {
    groups: GROUPS_OUTPUT,
    quorate: { type: "boolean", description: "The members that see each other are enough to act" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_cluster: readCluster },
  look: () => ({ cluster: { action: "read_cluster" } }),
  decide(_inputs, facts, past) {
    const cluster = clusterIn(facts);
    if (cluster.kind === "error") return withoutReading(past, cluster.error);
    const groups = groupsOf(cluster.value);
    const because = groups.map(({ name, state, nodes, promoted }) => `${name} is ${state}${nodes.length === 0 ? "" : ` on ${nodes.join(" and ")}`}${promoted.length === 0 ? "" : `, promoted on ${promoted.join(", ")}`}`).join("; ");
    return { kind: "done", outputs: { groups, quorate: cluster.value.quorate }, because: because === "" ? "the cluster has no resources" : because };
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { groupsIn, nodesIn, readGroups, readNodes } from "../../formats/cluster-readings.ts";
import { GROUPS_OUTPUT } from "./shared/group-schema.ts";

function sentenceOf({ name, state, owner }: { readonly name: string; readonly state: string; readonly owner: string }): string {
  return `${name} is ${state} on ${owner}`;
}

/** `cluster.groups`: which node owns which group. */
export const clusterGroups = defineBuiltin({
  name: "cluster.groups",
  title: "Read which node owns which group of the cluster",
  docs: `Lists every group with its owner and its state, as \`cluster.exe group\` tells it on the target.

An empty \`Available Storage\` is Offline; that is normal. \`troubled\` names what is Failed or Partially Online. Node names are in upper case.

Refuses with \`unreadable\` where one row cannot be understood, since it could hide an owner; with \`unreachable\` where the
Cluster service does not run on the target.

Source: domain page, 3.1.`,
  examples: [{
    title: "Check that one node owns everything",
    yaml: `- id: drained
  uses: cluster.groups
  target: node_b
  expect:
    - that: outputs.owners == [inputs.node_a]
      because: NodeB may own no group while it is updated.`,
  }],
  inputs: {},
  outputs: {
    groups: GROUPS_OUTPUT,
    owners: { type: "list", description: "The nodes that own at least one group, in alphabetical order", items: { type: "string", format: "netbios_name" } },
    troubled: { type: "list", description: "What is Failed or Partially Online: `NAME is STATE on NODE`", items: { type: "string" } },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_nodes: readNodes, read_groups: readGroups },
  look: () => ({ nodes: { action: "read_nodes" }, groups: { action: "read_groups" } }),
  decide: (_inputs, facts, past) => {
    const seen = allRead({ nodes: nodesIn(facts), groups: groupsIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { groups: found } = seen.value;
    const owners = [...new Set(found.map((group) => group.owner))].toSorted();
    const troubled = found.filter(({ state }) => state === "Failed" || state === "Partially Online").map(sentenceOf);
    return { kind: "done", outputs: { groups: found, owners, troubled }, because: found.map(sentenceOf).join(", ") };
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { countVotes, majorityOf } from "../../formats/cluster-resources.ts";
import { nodesIn, readGroups, readNodes, readResources, resourcesIn } from "../../formats/cluster-readings.ts";

/** `cluster.quorum`: how many votes the cluster has. */
export const clusterQuorum = defineBuiltin({
  name: "cluster.quorum",
  title: "Count the votes of the cluster",
  docs: `Counts one vote for each node whose Cluster service runs (Up or Paused) and one for the witness while it is online. With two
nodes and a file share witness there are three votes, and two are needed.

Two votes of three is quorum without a margin: an installation stops the Cluster service of its node, which costs one more. So
ask for all votes before an installation, and for a majority while it runs.

The witness is recognised by the name of its resource (\`File Share Witness\`, \`Majority Node Set\`). Without quorum the target's
Cluster service does not answer, and the step refuses with \`unreachable\`.

Source: domain page, 2.8 (quorum), 3.1 and 11.17.`,
  examples: [{
    title: "Watch the quorum",
    yaml: `- id: quorum
  uses: cluster.quorum
  target: node_b
  expect:
    - that: outputs.votes == outputs.of
      because: An installation costs one vote, and no other may be missing.`,
  }],
  inputs: {},
  outputs: {
    votes: { type: "integer", minimum: 0, description: "Votes that are there now" },
    of: { type: "integer", minimum: 0, description: "Votes that there could be" },
    witness_online: { type: "boolean", description: "The witness is online; false also where the cluster has none" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_nodes: readNodes, read_groups: readGroups, read_resources: readResources },
  look: () => ({ nodes: { action: "read_nodes" }, groups: { action: "read_groups" }, resources: { action: "read_resources" } }),
  decide: (_inputs, facts, past) => {
    const seen = allRead({ nodes: nodesIn(facts), resources: resourcesIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const votes = countVotes(seen.value.nodes, seen.value.resources);
    return {
      kind: "done",
      outputs: { votes: votes.votes, of: votes.of, witness_online: votes.witnessOnline },
      because: `the cluster has ${votes.votes} of ${votes.of} votes and needs ${majorityOf(votes)}; the witness is ${votes.witnessOnline ? "online" : "not online"}`,
    };
  },
});

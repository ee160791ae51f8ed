import { defineBuiltin, type ActionCall, type Facts } from "../../core/builtin.ts";
import { allRead, parseReading, withoutReading, type Reading } from "../../core/reading.ts";
import { error, ok } from "../../core/result.ts";
import { groupOwners, groupProperties, parseFailbackType, parsePreferredOwners } from "../../formats/cluster-failback.ts";
import { mailboxServerGroups } from "../../formats/cluster-resources.ts";
import { groupsIn, nodesIn, readGroups, readNodes, readResources, resourcesIn } from "../../formats/cluster-readings.ts";

/** What the cluster does with a group when a node joins. */
interface Policy {
  readonly name: string;
  readonly failback: boolean;
  readonly preferred_owners: readonly string[];
}

/** The groups that are asked about: the one that is named, or those that hold a mailbox server. */
function namesIn(facts: Facts, group: string | undefined): Reading<readonly string[]> {
  const seen = allRead({ groups: groupsIn(facts), resources: resourcesIn(facts) });
  if (seen.kind === "error") return seen;
  const holds = mailboxServerGroups(seen.value.resources);
  const names = seen.value.groups.map(({ name }) => name).filter((name) => (group === undefined ? holds.has(name) : name.toLowerCase() === group.toLowerCase()));
  if (names.length > 0) return ok(names);
  return error(group === undefined
    ? { code: "not_found", because: "`cluster.exe res` shows no Information Store or System Attendant in any group. Name the group of the mailbox server as `group`" }
    : { code: "not_found", because: `\`cluster.exe group\` shows no group ${group}. Name one of those that it shows` });
}

function policyIn(facts: Facts, name: string): Reading<Policy> {
  const nodes = nodesIn(facts);
  if (nodes.kind === "error") return nodes;
  const seen = allRead({
    failback: parseReading(facts, `properties of ${name}`, "program", (answer) => parseFailbackType(name, answer)),
    owners: parseReading(facts, `owners of ${name}`, "program", (answer) => parsePreferredOwners(name, answer, nodes.value)),
  });
  return seen.kind === "error" ? seen : ok({ name, failback: seen.value.failback && seen.value.owners.length > 0, preferred_owners: seen.value.owners });
}

/** `cluster.failback`: whether the cluster takes a group back to a node when that joins. */
export const clusterFailback = defineBuiltin({
  name: "cluster.failback",
  title: "Read whether the cluster takes a group back when a node joins",
  docs: `Reads the failback policy of a group: its property \`AutoFailbackType\`, and the nodes that it prefers. Where failback is
allowed and a node is preferred, the cluster moves the group back to that node as soon as it joins: after a restart, and
after every setup that stops its Cluster service.

The cluster does not know the copies of a mailbox server. In a CCR environment such a move comes while the copy on that node
still lags, and what was not copied is lost. So ask before a setup and before a move.

Without \`group\` it is about the groups that hold a clustered mailbox server, which are told by their resources. A group that
prefers no node is not taken back, whatever the property says. A window of hours (\`FailbackWindowStart\`) is not regarded:
the policy holds, only later.

Refuses with \`not_found\` where there is no such group; with \`unreadable\` where an answer cannot be understood.

Source: domain page, 6 (F12, F31) and 7.1; the layout of both answers from memory.`,
  examples: [{
    title: "The mailbox server stays where it is moved to",
    yaml: `- id: stays
  uses: cluster.failback
  target: node_b
  expect:
    - that: size(outputs.returning) == 0
      because: The cluster takes it back by itself (NAME to NODE) {{join outputs.returning '; '}}.`,
  }],
  inputs: { group: { type: "string", required: false, description: "Name of a group; left out: those that hold a clustered mailbox server" } },
  outputs: {
    groups: {
      type: "list",
      description: "The groups that were asked about, in the order in which the cluster names them",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          failback: { type: "boolean", description: "The cluster takes it back: failback is allowed, and a node is preferred" },
          preferred_owners: { type: "list", items: { type: "string", format: "netbios_name" }, description: "The nodes that it prefers, the first first" },
        },
      },
    },
    returning: { type: "list", items: { type: "string" }, description: "Those that the cluster takes back: `NAME to NODE`" },
    shown_by: { type: "list", items: { type: "string" }, description: "The commands that show it, one for each group" },
    cured_by: { type: "list", items: { type: "string" }, description: "For each group that the cluster takes back, the command that ends that" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: {
    read_nodes: readNodes,
    read_groups: readGroups,
    read_resources: readResources,
    read_properties: { effect: "reads", title: "Read the properties of a group", fills: { group: "the group" }, make: (_inputs, fill) => groupProperties(fill["group"] ?? "") },
    read_owners: { effect: "reads", title: "Read the nodes that a group prefers", fills: { group: "the group" }, make: (_inputs, fill) => groupOwners(fill["group"] ?? "") },
  },
  look: ({ group }, facts) => {
    const look: Record<string, ActionCall> = { nodes: { action: "read_nodes" }, groups: { action: "read_groups" }, resources: { action: "read_resources" } };
    const names = namesIn(facts, group);
    for (const name of names.kind === "ok" ? names.value : []) {
      look[`properties of ${name}`] = { action: "read_properties", fill: { group: name } };
      look[`owners of ${name}`] = { action: "read_owners", fill: { group: name } };
    }
    return look;
  },
  decide: ({ group }, facts, past) => {
    const names = namesIn(facts, group);
    if (names.kind === "error") return withoutReading(past, names.error);
    const policies: Policy[] = [];
    for (const name of names.value) {
      const policy = policyIn(facts, name);
      if (policy.kind === "error") return withoutReading(past, policy.error);
      policies.push(policy.value);
    }
    const returning = policies.filter(({ failback }) => failback);
    return {
      kind: "done",
      outputs: {
        groups: policies,
        returning: returning.map(({ name, preferred_owners: [first] }) => `${name} to ${first}`),
        shown_by: policies.map(({ name }) => `cluster.exe group "${name}" /prop`),
        cured_by: returning.map(({ name }) => `cluster.exe group "${name}" /prop AutoFailbackType=0`),
      },
      because: policies.map(({ name, failback, preferred_owners: [first] }) => (failback ? `the cluster takes ${name} back to ${first} when that joins` : `the cluster leaves ${name} where it is`)).join(", "),
    };
  },
});

import { defineBuiltin, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { nameHint } from "../../core/names.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { mailboxServerGroups } from "../../formats/cluster-resources.ts";
import { groupsIn, nodesIn, readGroups, readNodes, readResources, resourcesIn } from "../../formats/cluster-readings.ts";
import { isSettled, moveCall, moveFailure, movesOf } from "./shared/group-move.ts";
import { GROUPS_OUTPUT } from "./shared/group-schema.ts";

/** How long `cluster.exe` itself waits for a move; giving up is no failure, the look goes on (domain page, 3.1 and F11). */
const WAIT_SECONDS = 60;

/** `cluster.move_groups`: drains a node of its groups. */
export const clusterMoveGroups = defineBuiltin({
  name: "cluster.move_groups",
  title: "Move the groups of the cluster to a node",
  docs: `Moves every group that another node owns to \`to\`, and waits until each is in the state that it had before: an empty
\`Available Storage\` stays Offline.

It never moves a group that holds an Exchange clustered mailbox server, since \`cluster.exe\` does not look at the health of the
copies and can lose mail. Such groups are recognised by their resources and named in \`left\`; \`exchange.move_mailbox_server\`
moves them. Groups in \`except\` are left alone, too.

Refuses where the target node is down or paused. A move that \`cluster.exe\` gave up waiting for is looked at until it is done.
A group that comes back ends the step with \`group_returned\`: something in the cluster wants it elsewhere.

Source: domain page, 2.1, 3.1, 11.1, 11.14 and F11, F12.`,
  examples: [{
    title: "Drain NodeB",
    yaml: `- id: drain
  uses: cluster.move_groups
  target: node_b
  with:
    to: "{{inputs.node_a}}"`,
  }],
  inputs: {
    to: { type: "string", format: "netbios_name", description: "The node that takes the groups" },
    except: { type: "list", items: { type: "string" }, default: [], description: "Names of groups that stay where they are" },
  },
  outputs: {
    moved: { type: "list", items: { type: "string" }, description: "The groups that this step moved" },
    left: { type: "list", items: { type: "string" }, description: "The groups of mailbox servers, which were not touched" },
    groups: GROUPS_OUTPUT,
  },
  codes: {
    target_node_down: "the node that should take the groups is not Up",
    target_node_paused: "the node that should take the groups is paused",
    move_refused: "the cluster refused to move a group",
    group_returned: "a group was moved and is on another node again",
  },
  place: "required",
  timeoutMs: 600_000,
  undo: { kind: "steps", how: "Move the groups back with this builtin, to the node that owned them before." },
  touches: () => ["cluster"],
  actions: {
    read_nodes: readNodes,
    read_groups: readGroups,
    read_resources: readResources,
    move: {
      effect: "disrupts",
      title: "Move a group to the other node",
      fills: { group: "the group", state: "its state before the move" },
      make: (inputs, fill) => ({ kind: "program", program: "cluster.exe", args: ["group", fill["group"] ?? "", `/moveto:${inputs.to}`, `/wait:${WAIT_SECONDS}`] }),
      atMost: 2,
      settlesWithinMs: 120_000,
    },
  },
  look: () => ({ nodes: { action: "read_nodes" }, groups: { action: "read_groups" }, resources: { action: "read_resources" } }),
  decide: (inputs, facts, past) => {
    const seen = allRead({ nodes: nodesIn(facts), groups: groupsIn(facts), resources: resourcesIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { nodes, groups, resources } = seen.value;
    const target = nodes.find((node) => node.name === inputs.to.toUpperCase());
    if (target === undefined) return giveUp(past, "not_found", `${inputs.to} is no node of this cluster; ${nameHint(inputs.to, nodes.map((node) => node.name))}`);
    const names = groups.map((group) => group.name);
    const unknown = inputs.except.find((name) => !names.some((known) => known.toLowerCase() === name.toLowerCase()));
    if (unknown !== undefined) return giveUp(past, "not_found", `\`except\` names the group \`${unknown}\`, which is not there; ${nameHint(unknown, names)}`);
    const own = mailboxServerGroups(resources);
    const ours = groups.filter((group) => !own.has(group.name) && !inputs.except.some((name) => name.toLowerCase() === group.name.toLowerCase()));

    const elsewhere = ours.filter((group) => group.owner !== target.name);
    for (const group of elsewhere) {
      const failure = moveFailure(past, group, target.name);
      if (failure !== undefined && group.state !== "Pending") return { kind: "fail", ...failure };
    }
    const unsettled = ours.find((group) => !isSettled(group, past));
    if (unsettled !== undefined) return { kind: "wait", because: `${unsettled.name} is ${unsettled.state} on ${unsettled.owner}${before(past, unsettled.name)}${unsettled.state === "Pending" ? UNDER_WAY : CURE}`, everyMs: 5_000 };
    if (elsewhere.length === 0) {
      const moved = ours.filter((group) => movesOf(past, group.name, "run").length > 0).map((group) => group.name);
      return { kind: "done", outputs: { moved, left: [...own], groups }, because: `${target.name} owns ${ours.map((group) => group.name).join(", ") || "no other group"}${own.size === 0 ? "" : `; left alone: ${[...own].join(", ")}`}` };
    }
    if (target.state === "Paused") return giveUp(past, "target_node_paused", `${target.name} is paused and takes no group. Resume it with \`cluster node ${target.name} /resume\`, then try again`);
    if (target.state !== "Up") return giveUp(past, "target_node_down", `${target.name} is ${target.state} and cannot take ${elsewhere.map((group) => group.name).join(", ")}. Bring its Cluster service up, then try again`);
    return { kind: "act", actions: elsewhere.map(moveCall), because: elsewhere.map((group) => `${group.owner} owns ${group.name}`).join(", ") };
  },
});

/** What to do about a group that has come to rest below what it was. */
const CURE = ". `cluster.exe res` shows which of its resources does not come up. Find out why and bring it online, then go on";
/** What to do about a group that does not come to rest. */
const UNDER_WAY = ". `cluster.exe group` shows it. It should come to rest within minutes; where it does not, `cluster.exe res` shows the resource that it waits for. Nothing else is changed meanwhile";

/** What a group must be again, for a sentence; nothing where it was not moved. */
function before(past: Past, group: string): string {
  const state = movesOf(past, group, "run")[0]?.fill["state"];
  return state === undefined ? "" : `; it was ${state} before the move`;
}

import type { ProgramResult } from "../../core/action.ts";
import { defineBuiltin, type Decision, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { nameHint } from "../../core/names.ts";
import { withoutReading } from "../../core/reading.ts";
import { excerpt } from "../../formats/excerpt.ts";
import type { PacemakerCluster, PacemakerNode } from "../../formats/pacemaker-cluster.ts";
import { clusterIn, nodesOf, nodesWithRole, readCluster } from "../../formats/pacemaker-readings.ts";

/** What a node runs that is its own business: clones run on every node, fencing devices belong to the cluster. */
function runningOn({ units }: PacemakerCluster, node: string): readonly string[] {
  return units.filter((unit) => !unit.fencing && nodesOf(unit).includes(node)).map(({ id }) => id);
}

/** Why a node must not be put into standby now. */
function againstStandby(cluster: PacemakerCluster, node: PacemakerNode): { readonly code: string; readonly because: string } | undefined {
  const others = cluster.nodes.filter(({ name, state }) => name !== node.name && state === "online");
  if (others.length === 0) return { code: "no_other_node", because: `no other node of the cluster is online: with ${node.name} in standby nothing would run. Bring another one back first` };
  if (!cluster.quorate) return { code: "no_quorum", because: "the cluster has no quorum. Bring the other members back first" };
  const leads = cluster.units.filter((unit) => nodesWithRole(unit, "Promoted").includes(node.name)).map(({ id }) => id);
  if (leads.length > 0) return { code: "is_promoted", because: `${node.name} runs the leading copy of ${leads.join(", ")}. Move the leading role to another node first, with postgres.switchover` };
  return undefined;
}

function refusedBy(past: Past): string | undefined {
  const act = past.acts.findLast(({ attempt }) => attempt === past.attempt);
  if (act?.outcome === "failed") return act.failure?.because ?? "the cluster refused";
  if (act?.outcome !== "ok") return undefined;
  const { exitCode, stdout, stderr } = act.result as ProgramResult;
  return exitCode === 0 ? undefined : `\`crm_attribute\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}`;
}

/** `pacemaker.node`: a node is in standby, or runs resources again. */
export const pacemakerNode = defineBuiltin({
  name: "pacemaker.node",
  title: "Put a node into standby, or bring it back",
  docs: [
    "In standby a node stays a member and runs nothing: not even a copy of a clone, so a standby database stops with it. The order survives a restart of the node, until it is taken back with `state: online`.",
    "",
    "It is not put into standby while it runs the leading copy of a promotable clone (`is_promoted`), or while no other node is online (`no_other_node`). Done when the cluster says so, and, for standby, when nothing runs there any more.",
  ].join("\n"),
  examples: [{ title: "Out of the way while its system is updated", yaml: ["- id: standby_b", "  uses: pacemaker.node", "  target: node_a", '  with: { node: "{{inputs.node_b}}", state: standby }'].join("\n") }],
  inputs: {
    node: { type: "string", format: "hostname", description: "The node, by its name in the cluster" },
    state: { type: "string", enum: ["online", "standby"], description: "What it is to be" },
  },
  outputs: { state: { type: "string", enum: ["online", "standby"], description: "What it is now" } },
  codes: {
    no_other_node: "no other node of the cluster is online",
    no_quorum: "the cluster has no quorum",
    is_promoted: "the node runs the leading copy of a clone",
    node_down: "the node is no member that could be online or in standby",
    node_refused: "the cluster did not take the order",
  },
  place: "required",
  timeoutMs: 300_000,
  undo: { kind: "steps", how: "Give the node its former state with this builtin." },
  touches: () => ["pacemaker"],
  actions: {
    read_cluster: readCluster,
    standby: {
      effect: "disrupts", title: "Put the node into standby", settlesWithinMs: 120_000,
      make: (inputs) => ({ kind: "program", program: "crm_attribute", args: ["--node", inputs.node, "--name", "standby", "--update", "on", "--lifetime", "forever"] }),
    },
    online: {
      effect: "changes", title: "Take the node out of standby", settlesWithinMs: 60_000,
      make: (inputs) => ({ kind: "program", program: "crm_attribute", args: ["--node", inputs.node, "--name", "standby", "--delete", "--lifetime", "forever"] }),
    },
  },
  look: () => ({ cluster: { action: "read_cluster" } }),
  decide(inputs, facts, past): Decision<{ readonly state: "online" | "standby" }> {
    const seen = clusterIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const cluster = seen.value;
    const node = cluster.nodes.find(({ name }) => name === inputs.node);
    if (node === undefined) return giveUp(past, "not_found", `${inputs.node} is no node of this cluster; ${nameHint(inputs.node, cluster.nodes.map(({ name }) => name))}`);
    const running = runningOn(cluster, node.name);
    const says = `${node.name} is ${node.state}${running.length === 0 ? "" : ` and runs ${running.join(", ")}`}`;
    if (node.state === inputs.state) {
      if (node.state === "standby" && running.length > 0) return { kind: "wait", because: says, everyMs: 1_000 };
      return { kind: "done", outputs: { state: inputs.state }, because: says };
    }
    const refused = refusedBy(past);
    if (refused !== undefined) return { kind: "fail", code: "node_refused", because: refused };
    if (past.acts.some(({ attempt, outcome }) => attempt === past.attempt && outcome === "ok")) return { kind: "wait", because: says, everyMs: 1_000 };
    if (node.state !== "online" && node.state !== "standby") return giveUp(past, "node_down", `${says}. See \`systemctl status corosync pacemaker\` there`);
    const against = inputs.state === "standby" ? againstStandby(cluster, node) : undefined;
    if (against !== undefined) return giveUp(past, against.code, against.because);
    return { kind: "act", actions: [{ action: inputs.state }], because: says };
  },
});

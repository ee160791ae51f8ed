import { defineBuiltin, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { formatDuration } from "../../core/quantity.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { clusterIn, constraintsIn, nodesOf, readCluster, readConstraints, unitState } from "../../formats/pacemaker-readings.ts";
import { GROUPS_OUTPUT, groupsOf } from "./shared/group-schema.ts";
import { cannotTake, moveRefused, movesOf, RULE_SHOWS_MS, ruleInTheWay, ruleOfMove, unitNamed } from "../../formats/pacemaker-placement.ts";

/** A group that is not there after this long is not waited for: the rule that a move makes is taken back, so that it does not pull later. Ours. */
const PATIENCE_MS = 180_000;

/** True if this step has waited long enough for what it moved. */
function isLate(past: Past): boolean {
  return past.elapsedMs >= PATIENCE_MS;
}

/** `pacemaker.move`: a group is on a node. */
export const pacemakerMove = defineBuiltin({
  name: "pacemaker.move",
  title: "Move a group of a Pacemaker cluster to a node",
  docs: [
    "Moves a group, or a resource that is in none, with `crm_resource --move`, waits until all of it runs there, and takes the rule away that a move leaves behind: with it the group would be tied to that node, and would come back by itself.",
    "",
    "Refuses where the node is down, in standby or not a member, where the cluster has no quorum or is in maintenance mode, and where a rule of the configuration, or one that an earlier move left, stands against it. A group that follows the leading copy of a promotable clone is not moved by itself: `postgres.switchover` moves the leading role, and the group with it (`follows_promoted`).",
    "",
    `Where it is not there after ${formatDuration(PATIENCE_MS)} the rule is taken back, and the step fails with what the cluster says.`,
  ].join("\n"),
  examples: [{ title: "Take the group away from the node that is updated next", yaml: ["- id: core_away", "  uses: pacemaker.move", "  target: node_a", "  with:", "    group: core", '    to: "{{inputs.node_a}}"'].join("\n") }],
  inputs: {
    group: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_.:-]*$", description: "The group, or a resource that is in none" },
    to: { type: "string", format: "hostname", description: "The node, by its name in the cluster" },
  },
  outputs: {
    from: { type: "string", required: false, description: "Where it ran before; absent where it was there already, or did not run" },
    groups: GROUPS_OUTPUT,
  },
  codes: {
    target_node_down: "the node is not a member that can run something",
    target_node_standby: "the node is in standby",
    no_quorum: "the cluster has no quorum",
    maintenance: "the cluster is in maintenance mode",
    rule_in_the_way: "a rule about where resources run stands against it",
    follows_promoted: "the group follows the leading copy of a clone",
    move_refused: "the cluster did not take the move",
    not_moved: "the cluster took the move, and the group does not run there",
  },
  place: "required",
  timeoutMs: 600_000,
  undo: { kind: "steps", how: "Move it back with this builtin, to the node that `from` names." },
  touches: () => ["pacemaker"],
  actions: {
    read_cluster: readCluster,
    read_constraints: readConstraints,
    move: {
      effect: "disrupts",
      title: "Move the group",
      // Not an argument: it is kept with what was done.
      fills: { from: "where it ran before" },
      make: (inputs) => ({ kind: "program", program: "crm_resource", args: ["--move", "--resource", inputs.group, "--node", inputs.to] }),
      // Whether it was heard shows at once, in its rule; what it brings about is waited for. Where it was not, it is given again.
      settlesWithinMs: RULE_SHOWS_MS,
    },
    clear: {
      effect: "changes",
      title: "Take the rule of the move away",
      make: (inputs) => ({ kind: "program", program: "crm_resource", args: ["--clear", "--resource", inputs.group] }),
      atMost: 2,
      settlesWithinMs: RULE_SHOWS_MS,
    },
  },
  look: () => ({ cluster: { action: "read_cluster" }, constraints: { action: "read_constraints" } }),
  decide(inputs, facts, past) {
    const seen = allRead({ cluster: clusterIn(facts), constraints: constraintsIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { cluster, constraints } = seen.value;
    const { group, to } = inputs;
    const unit = unitNamed(cluster, group);
    if ("code" in unit) return giveUp(past, unit.code, unit.because);
    const follows = constraints.colocations.find((rule) => rule.resource === group && rule.withRole === "Promoted");
    if (follows !== undefined || unit.promotable) return giveUp(past, "follows_promoted", `${group} ${unit.promotable ? "is a promotable clone" : `follows the leading copy of ${follows?.with ?? ""}`}. Move the leading role with postgres.switchover`);
    const [where, state] = [nodesOf(unit), unitState(unit)];
    const seenThere = `${group} is ${state}${where.length === 0 ? "" : ` on ${where.join(" and ")}`}`;
    const isThere = state === "started" && where.length === 1 && where[0] === to;
    const [move] = movesOf(past);
    const ours = move === undefined ? undefined : ruleOfMove(constraints, group);
    if (isThere) {
      if (ours !== undefined) return { kind: "act", actions: [{ action: "clear" }], because: `${seenThere}, and the rule ${ours.id} would hold it there` };
      const from = move?.fill["from"] ?? "";
      return { kind: "done", outputs: { ...(from === "" ? {} : { from }), groups: groupsOf(cluster) }, because: seenThere };
    }
    const refused = moveRefused(past);
    if (refused !== undefined || (move !== undefined && isLate(past))) {
      if (ours !== undefined) return { kind: "act", actions: [{ action: "clear" }], because: `${seenThere} and not on ${to}; the rule ${ours.id} is taken back` };
      return { kind: "fail", ...refused ?? { code: "not_moved", because: `${seenThere}, ${formatDuration(PATIENCE_MS)} after it was to move to ${to}. See \`crm_mon -1rf\` for what failed; \`crm_resource --cleanup\` lets the cluster try again` } };
    }
    if (move !== undefined && (move.outcome === "ok" || ours !== undefined)) return { kind: "wait", because: `${seenThere}, not yet on ${to}`, everyMs: 1_000 };
    const stands = cannotTake(cluster, to) ?? ruleInTheWay(constraints, { resource: group, to, role: "" });
    if (stands !== undefined) return giveUp(past, stands.code, stands.because);
    if (state === "failed" || state === "blocked") return giveUp(past, "move_refused", `${seenThere}, and a group in that state is not moved. See \`crm_mon -1rf\` for what failed, cure that, then \`crm_resource --cleanup --resource ${group}\``);
    return { kind: "act", actions: [{ action: "move", fill: { from: where[0] ?? "" } }], because: seenThere };
  },
});

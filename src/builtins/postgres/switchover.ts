import type { ProgramResult } from "../../core/action.ts";
import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { formatDuration, sizeBytes } from "../../core/quantity.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { cannotTake, moveRefused, movesOf, RULE_SHOWS_MS, ruleInTheWay, ruleOfMove, unitNamed } from "../../formats/pacemaker-placement.ts";
import { clusterIn, constraintsIn, nodesWithRole, readCluster, readConstraints } from "../../formats/pacemaker-readings.ts";
import { cannotLead, failedPromotion, promotionScore, rivalOf } from "./shared/promotion.ts";
import { readServer, SERVER_INPUTS, serverIn, serverText } from "./shared/server-reading.ts";

/** A switchover that is not through after this long is not waited for: the rule of the move is taken back, so that it does not pull later. Ours: the demotion alone may take two minutes (`pgsqlms` waits for a checkpoint). */
const PATIENCE_MS = 300_000;

/** A standby that streams again is a candidate only some seconds later, when the agent on the primary has seen it; and a lag passes by itself. So long these two are waited for before anything is moved. Ours. */
const CANDIDATE_MS = 60_000;

/** What passes by itself as a rule. */
const PASSES: readonly string[] = ["not_a_candidate", "behind"];

/** The name of the target in its cluster. */
function ownNameIn(facts: Facts): Reading<string> {
  return parseReading(facts, "own_name", "program", ({ exitCode, stdout, stderr }: ProgramResult) => {
    const name = stdout.trim();
    return exitCode === 0 && /^\S+$/.test(name) ? ok(name) : unreadable("the node's name in the cluster", `\`crm_node -n\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}`);
  });
}

/** `postgres.switchover`: the server on the target is the primary. */
export const postgresSwitchover = defineBuiltin({
  name: "postgres.switchover",
  title: "Make the standby on the target the primary",
  docs: [
    "A planned change of roles under Pacemaker. It runs on the server that takes over: the leading role of the promotable clone is moved there, the former primary is demoted and follows, and whatever is tied to the leading role (an address) comes along. Clients are cut off for some seconds.",
    "",
    "Nothing may be lost, so it looks directly before: the standby receives from the primary, its replay is not paused, it is at most `max_lag` behind and the cluster takes it for a candidate (both are waited for, a minute), the node is online, there is a quorum, and no rule stands against it. The resource agent itself promotes only a copy that has all of the demoted primary's log.",
    "",
    "Done when the server itself says that it is the primary and the former one is a copy again; and when the rule that a move leaves behind is taken away, with which the roles would be tied to the nodes. It is taken away when the promotion scores say that the lead stays, since without it the cluster would else move it back at once.",
    "",
    "The agent may still refuse, after the demotion, where the copy has not got the last record of the log: then the cluster gives the lead back. The rule is taken away at once, so that the cluster does not try again by itself and cut the clients off a second time unasked, and the step fails (`promotion_refused`) once somebody leads again.",
    "",
    `Where it is not through after ${formatDuration(PATIENCE_MS)} the rule is taken back, and the step fails with what is seen. Nothing is forced.`,
  ].join("\n"),
  examples: [{ title: "Hand the database over to NodeB", yaml: ["- id: switch_to_b", "  uses: postgres.switchover", "  target: node_b", "  with: { resource: db-clone }", "  timeout: 10m"].join("\n") }],
  inputs: {
    resource: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_.:-]*$", description: "The promotable clone that runs the servers, by its name in the cluster" },
    max_lag: { type: "size", default: "16MiB", description: "How far behind the standby may be when the switchover begins" },
    ...SERVER_INPUTS,
  },
  outputs: {
    from: { type: "string", required: false, description: "The node that led before; absent where the target led already" },
    primary: { type: "string", description: "The node that leads now, by its name in the cluster" },
    standbys: { type: "list", items: { type: "string" }, description: "The nodes that run a copy now" },
  },
  codes: {
    not_in_sync: "the standby does not get what the primary writes",
    behind: "the standby is too far behind",
    not_a_candidate: "the cluster does not take the standby for a candidate",
    split: "server and cluster say different things about who leads",
    target_node_down: "the node is not a member that can run something",
    target_node_standby: "the node is in standby",
    no_quorum: "the cluster has no quorum",
    maintenance: "the cluster is in maintenance mode",
    rule_in_the_way: "a rule about where resources run stands against it",
    not_promotable: "the resource is no promotable clone",
    move_refused: "the cluster did not take the move",
    promotion_refused: "the resource agent did not promote the copy",
    not_moved: "the cluster took the move, and the roles are not as they should be",
  },
  place: "required",
  timeoutMs: 900_000,
  undo: { kind: "steps", how: "Switch back with this builtin, on the node that `from` names." },
  touches: () => ["pacemaker"],
  actions: {
    own_name: { effect: "reads", title: "Read the node's name in the cluster", make: () => ({ kind: "program", program: "crm_node", args: ["-n"] }) },
    read_cluster: readCluster,
    read_constraints: readConstraints,
    read_server: readServer,
    move: {
      effect: "disrupts",
      title: "Move the leading role",
      // Not an argument: it is kept with what was done.
      fills: { from: "who leads now", to: "the node's name in the cluster", failed: "when a promotion there failed last" },
      make: (inputs, fill) => ({ kind: "program", program: "crm_resource", args: ["--move", "--promoted", "--resource", inputs.resource, "--node", fill["to"] ?? ""] }),
      // Whether it was heard shows at once, in its rule; what it brings about is waited for. Where it was not, it is given again.
      settlesWithinMs: RULE_SHOWS_MS,
    },
    clear: {
      effect: "changes",
      title: "Take the rule of the move away",
      make: (inputs) => ({ kind: "program", program: "crm_resource", args: ["--clear", "--resource", inputs.resource] }),
      atMost: 2,
      settlesWithinMs: RULE_SHOWS_MS,
    },
  },
  look: () => ({ own_name: { action: "own_name" }, cluster: { action: "read_cluster" }, constraints: { action: "read_constraints" }, server: { action: "read_server" } }),
  decide(inputs, facts, past) {
    const seen = allRead({ node: ownNameIn(facts), cluster: clusterIn(facts), constraints: constraintsIn(facts), server: serverIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { node, cluster, constraints, server } = seen.value;
    const { resource } = inputs;
    const unit = unitNamed(cluster, resource);
    if ("code" in unit) return giveUp(past, unit.code, unit.because);
    if (!unit.promotable) return giveUp(past, "not_promotable", `${resource} is a ${unit.kind}, and only a promotable clone has a leading copy. \`crm_mon -1\` marks it so`);
    const [promoted, standbys] = [nodesWithRole(unit, "Promoted"), nodesWithRole(unit, "Unpromoted")];
    const says = `${resource} is promoted on ${promoted.join(" and ") || "no node"}${standbys.length === 0 ? "" : `, a copy runs on ${standbys.join(" and ")}`}; on ${node} ${serverText(server)}`;
    const [move] = movesOf(past);
    const from = move?.fill["from"] ?? "";
    const ours = move === undefined ? undefined : ruleOfMove(constraints, resource);
    const leads = promoted.length === 1 && promoted[0] === node && server.role === "primary";
    if (leads && (from === "" || standbys.includes(from))) {
      const rival = rivalOf(cluster, unit, node);
      if (ours !== undefined && rival !== undefined && past.elapsedMs < PATIENCE_MS) return { kind: "wait", because: `${says}; the cluster would still rather have ${rival} lead, so the rule ${ours.id} stays`, everyMs: 1_000 };
      if (ours !== undefined) return { kind: "act", actions: [{ action: "clear" }], because: `${says}; the rule ${ours.id} would hold the roles there` };
      return { kind: "done", outputs: { ...(from === "" ? {} : { from }), primary: node, standbys }, because: says };
    }
    const failed = failedPromotion(cluster, unit, node);
    const refused = moveRefused(past) ?? (move === undefined || failed === undefined || failed.at === move.fill["failed"] ? undefined : {
      code: "promotion_refused", because: `the resource agent did not promote the copy on ${node} (${failed.because === "" ? "it gives no reason" : failed.because}); ${says}. Nothing was lost. See the log of Pacemaker on ${node}; \`crm_resource --cleanup --resource ${resource}\` lets the cluster forget it, then try again`,
    });
    if (refused !== undefined || (move !== undefined && past.elapsedMs >= PATIENCE_MS)) {
      if (ours !== undefined) return { kind: "act", actions: [{ action: "clear" }], because: `${says}; the rule ${ours.id} is taken back` };
      if (refused?.code === "promotion_refused" && (promoted.length !== 1 || promoted[0] === node) && past.elapsedMs < PATIENCE_MS) return { kind: "wait", because: `${refused.because.split(";")[0] ?? ""}; ${says}`, everyMs: 1_000 };
      return { kind: "fail", ...refused ?? { code: "not_moved", because: `${says}, ${formatDuration(PATIENCE_MS)} after the switchover began. See \`crm_mon -1rfA\` and the logs of both servers; nothing was forced` } };
    }
    if (move !== undefined && (move.outcome === "ok" || ours !== undefined)) return { kind: "wait", because: says, everyMs: 1_000 };
    const stands = cannotTake(cluster, node) ?? ruleInTheWay(constraints, { resource, to: node, role: "Promoted" })
      ?? (promoted.length > 1 ? { code: "split", because: `${says}. Two nodes lead: look at both servers before anything is moved` } : cannotLead(server, promotionScore(cluster, unit, node), node, sizeBytes(inputs.max_lag)));
    if (stands !== undefined && PASSES.includes(stands.code) && past.elapsedMs < CANDIDATE_MS) return { kind: "wait", because: stands.because, everyMs: 1_000 };
    if (stands !== undefined) return giveUp(past, stands.code, stands.because);
    return { kind: "act", actions: [{ action: "move", fill: { from: promoted[0] ?? "", to: node, failed: failed?.at ?? "" } }], because: says };
  },
});

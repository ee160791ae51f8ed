import type { PastAct, Past } from "../core/builtin.ts";
import type { ProgramResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { nameHint } from "../core/names.ts";
import { excerpt } from "./excerpt.ts";
import type { PacemakerCluster, PacemakerUnit } from "./pacemaker-cluster.ts";
import type { LocationConstraint, PacemakerConstraints } from "./pacemaker-constraints.ts";

/** The group, clone or resource of that name, or why there is none that may be moved. */
export function unitNamed({ units }: PacemakerCluster, name: string): PacemakerUnit | Failure {
  const unit = units.find(({ id }) => id === name);
  if (unit !== undefined) return unit;
  const around = units.find(({ instances }) => instances.some(({ id }) => id === name));
  if (around !== undefined) return { code: "not_found", because: `\`${name}\` is a part of the ${around.kind} \`${around.id}\`, which moves as a whole: name that` };
  return { code: "not_found", because: `the cluster has no \`${name}\`; ${nameHint(name, units.filter(({ fencing }) => !fencing).map(({ id }) => id))}` };
}

/** Why nothing can be moved to a node now; undefined where it may take something. */
export function cannotTake(cluster: PacemakerCluster, to: string): Failure | undefined {
  const node = cluster.nodes.find(({ name }) => name === to);
  if (node === undefined) return { code: "not_found", because: `${to} is no node of this cluster; ${nameHint(to, cluster.nodes.map(({ name }) => name))}` };
  if (!cluster.quorate) return { code: "no_quorum", because: "the cluster has no quorum, and starts nothing anywhere. Bring the other members back first" };
  if (cluster.maintenance) return { code: "maintenance", because: "the cluster is in maintenance mode, and moves nothing. Ask who set it; `crm_attribute --type crm_config --name maintenance-mode --delete` ends it" };
  switch (node.state) {
    case "online":
      return undefined;
    case "standby":
      return { code: "target_node_standby", because: `${to} is in standby and takes nothing. Bring it back with pacemaker.node, or \`crm_attribute --node ${to} --name standby --delete\`, then try again` };
    case "maintenance":
    case "pending":
    case "shutting down":
    case "unclean":
    case "offline":
      return { code: "target_node_down", because: `${to} is ${node.state} and can take nothing. See \`systemctl status corosync pacemaker\` there, then try again` };
  }
}

/** A rule of an earlier move or ban that stands against this one; undefined where there is none. The one that this step made itself is none. */
export function ruleInTheWay({ locations }: PacemakerConstraints, { resource, to, role }: { readonly resource: string; readonly to: string; readonly role: "Promoted" | "" }): Failure | undefined {
  const against = (rule: LocationConstraint): boolean => rule.resource === resource && (rule.score.startsWith("-") ? rule.node === to && (role === "Promoted" || rule.role !== "Promoted") : rule.byMove && rule.node !== to);
  const rule = locations.find(against);
  if (rule === undefined) return undefined;
  const cure = rule.byMove ? `It was left by a move or a ban; if nobody wants it any more: \`crm_resource --clear --resource ${resource}\`` : "Change the configuration of the cluster, if that is meant";
  return { code: "rule_in_the_way", because: `the rule ${rule.id} (score ${rule.score}, ${rule.node}) keeps ${resource} from ${to}. ${cure}` };
}

/** The rule that a move of this resource left behind; undefined where none stands. */
export function ruleOfMove({ locations }: PacemakerConstraints, resource: string): LocationConstraint | undefined {
  return locations.find((rule) => rule.byMove && rule.resource === resource);
}

/** A rule that `crm_resource` has made, or taken away, is seen by every node after this long at most. Ours: the configuration is one for all members, and is told to them within a second. */
export const RULE_SHOWS_MS = 10_000;

/** The moves that this step made in this attempt, oldest first. */
export function movesOf(past: Past): readonly PastAct[] {
  return past.acts.filter((act) => act.attempt === past.attempt && act.action === "move");
}

/** Exit code of `crm_resource` where the rule that it would make stands already (CRM_EX_EXISTS): an earlier call was heard. */
const EXISTS = 108;

/** Why the last move was not taken; undefined where it was, or where nobody knows. */
export function moveRefused(past: Past): Failure | undefined {
  const act = movesOf(past).at(-1);
  if (act?.outcome === "failed") return act.failure ?? { code: "move_refused", because: "the move was refused" };
  if (act?.outcome !== "ok") return undefined;
  const { exitCode, stdout, stderr } = act.result as ProgramResult;
  return exitCode === 0 || exitCode === EXISTS ? undefined : { code: "move_refused", because: `\`crm_resource --move\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}` };
}

import type { ActionDeclaration, Facts } from "../core/builtin.ts";
import { parseReading, type Reading } from "../core/reading.ts";
import { CRM_MON, parseCrmMon, type PacemakerCluster, type PacemakerUnit } from "./pacemaker-cluster.ts";
import { CIB_CONSTRAINTS, parseConstraints, type PacemakerConstraints } from "./pacemaker-constraints.ts";

/** Reads nodes, resources and bans: reading `cluster`. */
export const readCluster: ActionDeclaration<unknown> = { effect: "reads", title: "Read the state of the cluster", make: () => CRM_MON };
/** Reads the rules about where resources run: reading `constraints`. */
export const readConstraints: ActionDeclaration<unknown> = { effect: "reads", title: "Read the rules about where resources run", make: () => CIB_CONSTRAINTS };

/** The reading `cluster`. */
export function clusterIn(facts: Facts): Reading<PacemakerCluster> {
  return parseReading(facts, "cluster", "program", parseCrmMon);
}

/** The reading `constraints`. */
export function constraintsIn(facts: Facts): Reading<PacemakerConstraints> {
  return parseReading(facts, "constraints", "program", parseConstraints);
}

/** How a group, clone or resource stands as a whole. */
export const UNIT_STATES = ["started", "partly started", "stopped", "failed", "blocked"] as const;

const RUNNING: readonly string[] = ["Started", "Promoted", "Unpromoted"];

/** One of {@link UNIT_STATES}: what is wrong counts before what runs. */
export function unitState({ instances }: PacemakerUnit): (typeof UNIT_STATES)[number] {
  if (instances.some(({ blocked }) => blocked)) return "blocked";
  if (instances.some(({ failed }) => failed)) return "failed";
  const running = instances.filter(({ role, node }) => node !== undefined && RUNNING.includes(role)).length;
  return running === 0 ? "stopped" : running === instances.length ? "started" : "partly started";
}

/** The nodes on which something of it runs, each once, in their order. */
export function nodesOf({ instances }: PacemakerUnit): readonly string[] {
  return [...new Set(instances.flatMap(({ node }) => node ?? []))].toSorted();
}

/** The nodes on which a copy of a promotable clone has that role. */
export function nodesWithRole({ instances }: PacemakerUnit, role: "Promoted" | "Unpromoted"): readonly string[] {
  return instances.flatMap((instance) => (instance.role === role ? (instance.node ?? []) : [])).toSorted();
}

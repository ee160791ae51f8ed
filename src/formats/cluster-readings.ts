import type { ActionDeclaration, Facts } from "../core/builtin.ts";
import { parseReading, type Reading } from "../core/reading.ts";
import {
  CLUSTER_GROUPS, CLUSTER_NODES, CLUSTER_RESOURCES, parseGroupTable, parseNodeTable, parseResourceTable,
  type ClusterGroup, type ClusterNode, type ClusterResource,
} from "./cluster-exe.ts";

/** Reads the nodes of the cluster: reading `nodes`. */
export const readNodes: ActionDeclaration<unknown> = { effect: "reads", title: "Read the nodes of the cluster", make: () => CLUSTER_NODES };
/** Reads the groups of the cluster: reading `groups`. */
export const readGroups: ActionDeclaration<unknown> = { effect: "reads", title: "Read the groups of the cluster", make: () => CLUSTER_GROUPS };
/** Reads the resources of the cluster: reading `resources`. */
export const readResources: ActionDeclaration<unknown> = { effect: "reads", title: "Read the resources of the cluster", make: () => CLUSTER_RESOURCES };

/** The reading `nodes`. */
export function nodesIn(facts: Facts): Reading<readonly ClusterNode[]> {
  return parseReading(facts, "nodes", "program", parseNodeTable);
}

/** The reading `groups`; needs `nodes`. */
export function groupsIn(facts: Facts): Reading<readonly ClusterGroup[]> {
  const nodes = nodesIn(facts);
  return nodes.kind === "error" ? nodes : parseReading(facts, "groups", "program", (answer) => parseGroupTable(answer, nodes.value));
}

/** The reading `resources`; needs `nodes` and `groups`. */
export function resourcesIn(facts: Facts): Reading<readonly ClusterResource[]> {
  const nodes = nodesIn(facts);
  const groups = groupsIn(facts);
  if (nodes.kind === "error") return nodes;
  if (groups.kind === "error") return groups;
  return parseReading(facts, "resources", "program", (answer) => parseResourceTable(answer, nodes.value, groups.value));
}

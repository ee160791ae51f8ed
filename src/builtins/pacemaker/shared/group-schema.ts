import type { PacemakerCluster } from "../../../formats/pacemaker-cluster.ts";
import type { TypeOf } from "../../../core/schema.ts";
import { nodesOf, nodesWithRole, UNIT_STATES, unitState } from "../../../formats/pacemaker-readings.ts";

/** The form in which builtins of this area give groups, clones and single resources. */
export const GROUPS_OUTPUT = {
  type: "list",
  description: "Every group and clone, and every resource that is in neither, in the cluster's order; without the devices that fence nodes",
  items: {
    type: "object",
    properties: {
      name: { type: "string" },
      kind: { type: "string", enum: ["group", "clone", "resource"] },
      state: { type: "string", enum: UNIT_STATES, description: "`failed` and `blocked` where one part of it is" },
      nodes: { type: "list", items: { type: "string" }, description: "Where it runs; empty where it is stopped" },
      promoted: { type: "list", items: { type: "string" }, description: "Of a promotable clone: where the leading copy runs" },
    },
  },
} as const;

/** {@link GROUPS_OUTPUT} of a cluster. */
export function groupsOf({ units }: PacemakerCluster): TypeOf<typeof GROUPS_OUTPUT> {
  return units.filter(({ fencing }) => !fencing).map((unit) => ({ name: unit.id, kind: unit.kind, state: unitState(unit), nodes: nodesOf(unit), promoted: nodesWithRole(unit, "Promoted") }));
}

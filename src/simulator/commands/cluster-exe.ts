import { assertNever } from "../../core/assert-never.ts";
import type { ProgramResult } from "../../core/action.ts";
import { CLUSTER_SERVICE, isRunning } from "../rules/services.ts";
import { takes } from "../timings.ts";
import { findGroup, findNode } from "../world-state.ts";
import { beginGroupMove, beginGroupSwitch } from "./cluster-group.ts";
import { beginGroupPolicy } from "./cluster-group-policy.ts";
import { beginNodeAction } from "./cluster-node.ts";
import { parseClusterArguments, type ClusterRequest } from "./cluster-arguments.ts";
import { groupTable, nodeTable, resourceTable } from "./cluster-text.ts";
import { printed, type Begun, type Moment, type ProgramCommand, type Reply } from "./command.ts";
import { systemError } from "./system-error.ts";

/** What changes nothing; `/prop` does where it sets something. */
const LOOKS: ReadonlySet<ClusterRequest["verb"]> = new Set(["status", "properties", "owners"]);

/** `cluster.exe` (domain page, 3.1). It asks the Cluster service of the node that it runs on: without that, error 1753. */
export const CLUSTER_EXE: ProgramCommand = {
  name: "cluster.exe",
  changes: (args) => {
    const { verb, setting } = parseClusterArguments(args) ?? { verb: "status", setting: undefined };
    return setting !== undefined || !LOOKS.has(verb);
  },
  begin: (moment, args) => {
    const request = parseClusterArguments(args);
    if (request === undefined) return quickly(moment, () => systemError(87));
    const error = unavailable(moment);
    if (error !== 0) return quickly(moment, () => systemError(error));
    if (request.verb === "status") return quickly(moment, () => status(moment, request));
    if (request.verb === "properties" || request.verb === "owners") return beginGroupPolicy(moment, request);
    if (request.object === "node") return beginNodeAction(moment, request);
    return request.verb === "move" ? beginGroupMove(moment, request) : beginGroupSwitch(moment, request);
  },
};

/** The error with which no request gets through from here; 0 where it does. */
function unavailable({ state, node }: Moment): number {
  if (node === undefined) return 1722;
  if (!node.administrator) return 5;
  if (!isRunning(node, CLUSTER_SERVICE)) return 1753;
  return state.cluster.quorum ? 0 : 5925;
}

function status(moment: Moment, request: ClusterRequest): Reply<ProgramResult> {
  const { state } = moment;
  const error = unavailable(moment);
  if (error !== 0) return systemError(error);
  const { name } = request;
  switch (request.object) {
    case "group": {
      if (name === undefined) return printed(0, `Listing status for all available resource groups:\n\n${groupTable(state, state.cluster.groups)}\n`);
      const group = findGroup(state, name);
      return group === undefined ? systemError(5013) : printed(0, `Listing status for resource group '${group.name}':\n\n${groupTable(state, [group])}\n`);
    }
    case "node": {
      if (name === undefined) return printed(0, `Listing status for all available nodes:\n\n${nodeTable(state.nodes)}\n`);
      const node = findNode(state, name);
      return node === undefined ? systemError(5042) : printed(0, `Listing status for node '${node.name}':\n\n${nodeTable([node])}\n`);
    }
    case "res": {
      const heading = name === undefined ? "Listing status for all available resources:" : `Listing status for resource '${name}':`;
      return printed(0, `${heading}\n\n${resourceTable(state, state.cluster.groups, name)}\n`);
    }
    default: return assertNever(request.object);
  }
}

function quickly(moment: Moment, end: () => Reply<ProgramResult>): Begun<ProgramResult> {
  return { takesMs: takes(moment.state, "program", "cluster.exe", moment.node?.name ?? "local"), end };
}

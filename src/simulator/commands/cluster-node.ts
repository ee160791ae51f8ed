import type { ProgramResult } from "../../core/action.ts";
import { CLUSTER_SERVICE, startService, stopService } from "../rules/services.ts";
import { takes } from "../timings.ts";
import { findNode } from "../world-state.ts";
import type { ClusterRequest } from "./cluster-arguments.ts";
import { nodeTable } from "./cluster-text.ts";
import { printed, type Begun, type Moment } from "./command.ts";
import { systemError } from "./system-error.ts";

const PRINTED: Readonly<Record<string, string>> = { pause: "Pausing", resume: "Resuming", start: "Starting", stop: "Stopping" };

/** Pauses or resumes a node, or starts or stops its Cluster service. Without a name: the node itself (domain page, 3.1). */
export function beginNodeAction({ state, node }: Moment, request: ClusterRequest): Begun<ProgramResult> {
  const marks = request.verb === "pause" || request.verb === "resume";
  const takesMs = takes(state, marks ? "node_mark" : "program", `cluster.exe node /${request.verb}`, node?.name ?? "local");
  const meant = request.name === undefined ? node : findNode(state, request.name);
  if (meant === undefined) return { takesMs, end: () => systemError(5042) };
  if (marks && meant.membership !== "Up") return { takesMs, end: () => systemError(5050) };
  let error = 0;
  if (marks) meant.paused = request.verb === "pause";
  else if (request.verb === "start") error = startService(state, meant, CLUSTER_SERVICE);
  else error = stopService(state, meant, CLUSTER_SERVICE);
  if (error !== 0) return { takesMs, end: () => systemError(error) };
  return { takesMs, end: () => printed(0, `${PRINTED[request.verb]} node '${meant.name}'...\n\n${nodeTable([meant])}\n`) };
}

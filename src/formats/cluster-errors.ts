import type { ProgramResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { excerpt } from "./excerpt.ts";

/** What an exit code of `cluster.exe` means, and the failure code it stands for. */
export interface ClusterError {
  readonly code: "denied" | "unreachable" | "not_found" | "still_moving" | "target_node_down" | "target_node_paused" | "move_refused";
  /** The state that was met, as the end of a sentence. */
  readonly meaning: string;
}

/** The Win32 errors with which `cluster.exe` ends (domain page, 3.1, from memory). */
export const CLUSTER_ERRORS: ReadonlyMap<number, ClusterError> = new Map<number, ClusterError>([
  [5, { code: "denied", meaning: "access is denied; the account must be a local administrator on every node" }],
  [258, { code: "still_moving", meaning: "it gave up waiting; the operation goes on" }],
  [997, { code: "still_moving", meaning: "the operation is pending" }],
  [1722, { code: "unreachable", meaning: "the RPC server is unavailable; the node is down or blocked by a firewall" }],
  [1753, { code: "unreachable", meaning: "the Cluster service is not running on this node" }],
  [5005, { code: "target_node_down", meaning: "the host node is not available" }],
  [5012, { code: "move_refused", meaning: "the group is not available" }],
  [5013, { code: "not_found", meaning: "there is no such group" }],
  [5016, { code: "move_refused", meaning: "the node is not the owner of the group" }],
  [5042, { code: "not_found", meaning: "there is no such node" }],
  [5050, { code: "target_node_down", meaning: "the node is down" }],
  [5070, { code: "target_node_paused", meaning: "the node is paused" }],
  [5925, { code: "unreachable", meaning: "the cluster has no quorum" }],
]);

/** Why a call of `cluster.exe` did not do what it was asked; undefined where it ended with 0. `asked` is the line as a person would type it. */
export function clusterFailure(asked: string, result: ProgramResult): (Failure & { readonly code: ClusterError["code"] }) | undefined {
  if (result.exitCode === 0) return undefined;
  const known = CLUSTER_ERRORS.get(result.exitCode);
  const meaning = known?.meaning ?? excerpt(result.stderr.trim() === "" ? result.stdout : result.stderr);
  return { code: known?.code ?? "move_refused", because: `\`${asked}\` ended with system error ${result.exitCode}: ${meaning}` };
}

import type { Failure } from "../../core/failure.ts";
import { copySummary } from "../rules/copies.ts";
import { isMounted } from "../rules/logs.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../rules/mailbox-server.ts";
import { isRunning, REPLICATION_SERVICE } from "../rules/services.ts";
import { findNode, sameName, type WorldState } from "../world-state.ts";
import { clusterRefusal } from "./exchange-access.ts";
import { failed } from "./command.ts";

/**
 * Why `Move-ClusteredMailboxServer` refuses to move the mailbox server to a machine; undefined where it does not. The conditions
 * are those of the domain page, 2.3; the sentences are ours, one for each condition.
 */
export function moveRefusal(state: WorldState, target: string, ignored: "ignore-dismounted" | "heed-dismounted"): { readonly kind: "failed"; readonly failure: Failure } | undefined {
  const refusal = clusterRefusal(state);
  if (refusal !== undefined) return refusal;
  const server = state.mailboxServer;
  const no = (because: string): { readonly kind: "failed"; readonly failure: Failure } => failed("cmdlet_error", `${server.name} cannot be moved to ${target}: ${because}.`);
  const node = findNode(state, target);
  if (node === undefined) return no("it is no member of the cluster");
  if (!server.redundantMachines.some((name) => sameName(name, target))) return no("it is not in the list of redundant machines");
  if (node.membership !== "Up") return no("the node is down");
  if (node.paused) return no("the node is paused");
  if (sameName(ownerOfMailboxServer(state).name, target)) return no("it hosts a clustered mailbox server already");
  const status = mailboxServerStatus(state);
  if (status !== "Online" && status !== "Partially Online") return no(`its state is ${status}`);
  const heeded = server.storageGroups.filter((group) => ignored === "heed-dismounted" || isMounted(state, group));
  const dismounted = heeded.find((group) => !isMounted(state, group));
  if (dismounted !== undefined) return no(`the database ${dismounted.database} is dismounted`);
  if (server.storage !== "NonShared") return undefined;
  if (!isRunning(node, REPLICATION_SERVICE)) return no("its replication service cannot be reached");
  const unhealthy = heeded.find((group) => copySummary(state, group) !== "Healthy");
  return unhealthy === undefined ? undefined : no(`the copy of ${unhealthy.name} is ${copySummary(state, unhealthy)}`);
}

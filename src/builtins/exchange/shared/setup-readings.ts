import type { ActionCall, ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { readGroups, readNodes, readResources } from "../../../formats/cluster-readings.ts";
import { explainMsiexecExitCode } from "../../../formats/msiexec-exit-codes.ts";
import { readClock } from "./clock.ts";
import { readHost } from "./host-name.ts";
import { readServices } from "./install-guard.ts";
import { isSuccess } from "./install-verdict.ts";
import { statusDeclaration } from "./mailbox-server-status.ts";
import { levelActions, lookAtLevel } from "./rollup-level.ts";
import { readJobs } from "./setup-job.ts";

/** What every setup reads, be it to install or to remove: the level, the jobs, and what its guards need. */
export const setupReadings = {
  ...levelActions,
  read_jobs: readJobs,
  read_host: readHost,
  read_nodes: readNodes,
  read_groups: readGroups,
  read_resources: readResources,
  read_status: statusDeclaration((inputs: { readonly mailbox_server: string }) => inputs.mailbox_server),
  read_services: readServices,
  read_clock: readClock,
} as const satisfies Readonly<Record<string, ActionDeclaration<{ readonly mailbox_server: string }>>>;

/** Codes of what stands against any setup on a node. */
export const GUARD_CODES = {
  owns_mailbox_server: "the node owns the mailbox server",
  owns_group: "the node owns a cluster group",
  not_a_node: "the target is no node of the cluster",
  other_node_not_up: "another node is not Up, so nothing could take over",
  no_quorum_margin: "the cluster would lose its quorum",
  setup_running: "services are Disabled: a setup runs, or one failed half-way",
  given_up: "a person ended the wait for a setup that is still at work",
} as const;

/** The look before a setup. Who owns what is read last: it can change at any moment. */
export function lookBeforeSetup(facts: Facts): Readonly<Record<string, ActionCall>> {
  return {
    jobs: { action: "read_jobs" }, ...lookAtLevel(facts), services: { action: "read_services" }, host: { action: "read_host" }, nodes: { action: "read_nodes" },
    resources: { action: "read_resources" }, groups: { action: "read_groups" }, status: { action: "read_status" },
  };
}

/** The look after a setup that has ended so; without an exit code the node was restarted under it. Where it failed, its log is read too. */
export function lookAfterSetup(facts: Facts, exitCode: number | undefined): Readonly<Record<string, ActionCall>> {
  const failed = exitCode === undefined || !isSuccess(explainMsiexecExitCode(exitCode).outcome);
  return {
    jobs: { action: "read_jobs" }, ...lookAtLevel(facts), host: { action: "read_host" }, nodes: { action: "read_nodes" }, clock: { action: "read_clock" },
    ...(failed ? { log_errors: { action: "read_log_errors" } } : {}),
  };
}

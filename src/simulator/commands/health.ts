import type { Json } from "../../core/json.ts";
import { copySummary, passiveNode } from "../rules/copies.ts";
import { logsNow, queues } from "../rules/logs.ts";
import { mailboxServerStatus } from "../rules/mailbox-server.ts";
import { isRunning, REPLICATION_SERVICE } from "../rules/services.ts";
import { takes } from "../timings.ts";
import type { WorldState } from "../world-state.ts";
import { exchangeRefusal } from "./exchange-access.ts";
import { isRtm } from "./exchange-servers.ts";
import { failed, records, type CmdletCommand } from "./command.ts";

/** Queues over these fail a check (domain page, 3.3 "Gate"). */
const MOST_COPY_QUEUE = 1;
const MOST_REPLAY_QUEUE = 10;

/** `Test-ReplicationHealth` on a node (domain page, 3.4; the names of the checks are from memory). From SP1 on. */
export const TEST_REPLICATION_HEALTH: CmdletCommand = {
  name: "Test-ReplicationHealth",
  changes: false,
  parameters: { DomainController: {}, MonitoringContext: {}, ActiveDirectoryTimeout: {} },
  begin: (moment) => ({
    takesMs: takes(moment.state, "cmdlet", "Test-ReplicationHealth", moment.node?.name ?? "local"),
    end: (state) => {
      if (isRtm(state)) return failed("not_found", "The term 'Test-ReplicationHealth' is not recognized as a cmdlet.");
      if (moment.node === undefined) return failed("cmdlet_error", "Test-ReplicationHealth runs on a cluster node only.");
      return exchangeRefusal(moment) ?? records(...checksOf(state).map(([check, error]) => row(moment.node?.name ?? "", check, error)));
    },
  }),
};

function row(server: string, check: string, error: string): Readonly<Record<string, Json>> {
  return { Server: server, Check: check, Result: error === "" ? "Passed" : "Failed", Error: error };
}

/** Every check with what is wrong; "" where nothing is. */
function checksOf(state: WorldState): readonly (readonly [string, string])[] {
  const passive = passiveNode(state);
  const { groups, witness } = state.cluster;
  const down = state.nodes.filter((node) => node.membership !== "Up").map((node) => node.name);
  const paused = state.nodes.filter((node) => node.paused).map((node) => node.name);
  const core = groups.find((group) => group.kind === "core");
  const status = mailboxServerStatus(state);
  const named = (summary: string): string => state.mailboxServer.storageGroups.filter((group) => copySummary(state, group) === summary).map((group) => group.name).join(", ");
  const queued = (over: (lengths: { readonly copy: number; readonly replay: number }) => boolean): string => state.mailboxServer.storageGroups.filter((group) => over(queues(logsNow(state, group)))).map((group) => group.name).join(", ");
  return [
    ["PassiveNodeUp", down.length === 0 ? "" : `${down.join(", ")} is not up`],
    ["ClusterNetwork", ""],
    ["QuorumGroup", core?.status === "Online" ? "" : `${core?.name ?? "the quorum group"} is ${core?.status ?? "missing"}`],
    ["FileShareQuorum", witness.reachable ? "" : `${witness.path} cannot be reached`],
    ["CmsGroup", status === "Online" ? "" : `${state.mailboxServer.name} is ${status}`],
    ["NodePaused", paused.length === 0 ? "" : `${paused.join(", ")} is paused`],
    ["DnsRegistrationStatus", ""],
    ["ReplayService", passive === undefined || isRunning(passive, REPLICATION_SERVICE) ? "" : `the replication service does not run on ${passive.name}`],
    ["DBMountedFailover", status === "Partially Online" ? "a database is dismounted" : ""],
    ["SGCopySuspended", named("Suspended")],
    ["SGCopyFailed", named("Failed")],
    ["SGInitializing", named("Initializing")],
    ["SGCopyQueueLength", queued((lengths) => lengths.copy > MOST_COPY_QUEUE)],
    ["SGReplayQueueLength", queued((lengths) => lengths.replay > MOST_REPLAY_QUEUE)],
  ];
}

/** `Test-ServiceHealth`: services that start automatically and do not run. One that was left Disabled escapes it (domain page, 3.5). */
export const TEST_SERVICE_HEALTH: CmdletCommand = {
  name: "Test-ServiceHealth",
  changes: false,
  parameters: { Server: {}, DomainController: {} },
  begin: (moment) => ({
    takesMs: takes(moment.state, "cmdlet", "Test-ServiceHealth", moment.node?.name ?? "local"),
    end: () => {
      const services = (moment.node?.services ?? []).filter((service) => service.exchange && service.startMode === "Auto");
      const running = services.filter((service) => service.state === "Running").map((service) => service.name);
      const others = services.map((service) => service.name).filter((name) => !running.includes(name));
      return exchangeRefusal(moment) ?? records({ Role: "Mailbox Server Role", RequiredServicesRunning: others.length === 0, ServicesRunning: running, ServicesNotRunning: others });
    },
  }),
};

import type { CmdletResult } from "../../core/action.ts";
import type { Json } from "../../core/json.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../rules/mailbox-server.ts";
import { backupRuns, lastBackupMs } from "../rules/backups.ts";
import { isMounted } from "../rules/logs.ts";
import { isRunning, REPLICATION_SERVICE } from "../rules/services.ts";
import { timeText } from "../../core/time.ts";
import { takes } from "../timings.ts";
import { findGroup, sameName, type WorldState } from "../world-state.ts";
import { clusterRefusal, exchangeRefusal, nameRefusal } from "./exchange-access.ts";
import { records, textOf, type CmdletCommand, type Moment, type Reply } from "./command.ts";
import { compareVersions } from "../../core/version.ts";

/** A cmdlet that only reads: after the refusals that all share, what it answers from the state at its end. */
function reading(name: string, parameters: readonly string[], answer: (moment: Moment, given: Readonly<Record<string, Json>>) => Reply<CmdletResult>): CmdletCommand {
  return {
    name,
    changes: false,
    parameters: Object.fromEntries(parameters.map((parameter) => [parameter, {}])),
    begin: (moment, given) => ({
      takesMs: takes(moment.state, "cmdlet", name, moment.node?.name ?? "local"),
      end: () => exchangeRefusal(moment) ?? nameRefusal(moment.state, textOf(given, "Identity") || textOf(given, "Server")) ?? answer(moment, given),
    }),
  };
}

/** `Get-MailboxServer` (domain page, 3.5). */
export const GET_MAILBOX_SERVER = reading("Get-MailboxServer", ["Identity", "DomainController"], ({ state }) => {
  const { name, storage, redundantMachines } = state.mailboxServer;
  return records({ Name: name, ClusteredStorageType: storage, RedundantMachines: storage === "Disabled" ? [] : redundantMachines });
});

/** `Get-ExchangeServer`: the base of the service pack, which a rollup does not change (domain page, 3.5). */
export const GET_EXCHANGE_SERVER = reading("Get-ExchangeServer", ["Identity", "DomainController"], ({ state }) => {
  const [major = "8", minor = "0", build = "0", revision = "0"] = baseOf(state).split(".");
  return records({ Name: state.mailboxServer.name, AdminDisplayVersion: `Version ${major}.${minor} (Build ${build}.${revision})`, Edition: "Enterprise" });
});

/** `Get-ClusteredMailboxServerStatus` (domain page, 3.2). The lists of replication host names exist from SP1 on. */
export const GET_CLUSTERED_STATUS = reading("Get-ClusteredMailboxServerStatus", ["Identity", "DomainController"], ({ state }) => {
  const refusal = clusterRefusal(state);
  if (refusal !== undefined) return refusal;
  const server = state.mailboxServer;
  const machines = state.nodes.filter((node) => server.redundantMachines.some((name) => sameName(name, node.name)));
  const replicates = machines.filter((node) => node.membership === "Up" && isRunning(node, REPLICATION_SERVICE)).map((node) => node.name.toLowerCase());
  const replication: Readonly<Record<string, Json>> = isRtm(state) ? {} : {
    OperationalReplicationHostNames: replicates,
    FailedReplicationHostNames: machines.map((node) => node.name.toLowerCase()).filter((name) => !replicates.includes(name)),
    InUseReplicationHostNames: replicates,
  };
  return records({
    Identity: server.name.toLowerCase(),
    ClusteredMailboxServerName: `${server.name}.${state.domain}`,
    State: mailboxServerStatus(state),
    OperationalMachines: machines.filter((node) => node.membership === "Up").map((node) => `${node.name}${marks(state, node.name)}`),
    FailedResources: failedResources(state),
    ...replication,
    IsValid: true,
    ObjectState: "Unchanged",
  });
});

/** `Get-MailboxDatabase`; without `-Status` the properties of the running store are absent (domain page, 3.5). */
export const GET_MAILBOX_DATABASE = reading("Get-MailboxDatabase", ["Server", "Identity", "Status", "DomainController"], ({ state }, given) => {
  const withStatus = textOf(given, "Status") === "true";
  return records(...state.mailboxServer.storageGroups.map((group) => {
    const running = backupRuns(state, group);
    const lastMs = lastBackupMs(state, group);
    const status: Readonly<Record<string, Json>> = withStatus ? { Mounted: isMounted(state, group), BackupInProgress: running } : {};
    const backup: Readonly<Record<string, Json>> = withStatus && lastMs !== undefined ? { LastFullBackup: timeText(lastMs) } : {};
    return { Identity: `${state.mailboxServer.name}\\${group.name}\\${group.database}`, Name: group.database, StorageGroupName: group.name, StorageGroup: `${state.mailboxServer.name}\\${group.name}`, ...status, ...backup };
  }));
});

/** The base build of the mailbox server: that of the node that owns it. */
export function baseOf(state: WorldState): string {
  return ownerOfMailboxServer(state).exchange.base;
}

/** True before SP1: fewer states, properties and parameters. */
export function isRtm(state: WorldState): boolean {
  return compareVersions(baseOf(state), "8.1") < 0;
}

/** The marker after a machine's name (domain page, 3.2). */
function marks(state: WorldState, node: string): string {
  const active = sameName(ownerOfMailboxServer(state).name, node);
  const quorum = state.cluster.groups.some((group) => group.kind === "core" && sameName(group.owner, node));
  if (active) return quorum ? " <Active, Quorum Owner>" : " <Active>";
  return quorum ? " <Quorum Owner>" : "";
}

/** Resources that are not online; databases as `SG\DB`. */
function failedResources(state: WorldState): readonly string[] {
  const server = state.mailboxServer;
  const group = findGroup(state, server.group);
  const databases = server.storageGroups.filter((storage) => !isMounted(state, storage)).map((storage) => `${storage.name}\\${storage.database}`);
  if (server.phase === "online" || group === undefined) return databases;
  return [`Exchange System Attendant Instance (${server.name})`, `Exchange Information Store Instance (${server.name})`, ...databases];
}

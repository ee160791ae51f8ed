import type { Json } from "../../core/json.ts";
import type { CopySummary, StorageGroupState } from "../mailbox-state.ts";
import { lastBackupMs } from "../rules/backups.ts";
import { copySummary, passiveNode, setCopy } from "../rules/copies.ts";
import { inspectedMs, logsNow, queues } from "../rules/logs.ts";
import { timeText } from "../../core/time.ts";
import { takes } from "../timings.ts";
import { sameName, type WorldState } from "../world-state.ts";
import { exchangeRefusal, nameRefusal } from "./exchange-access.ts";
import { isRtm } from "./exchange-servers.ts";
import { failed, records, textOf, type CmdletCommand } from "./command.ts";

/** `Get-StorageGroupCopyStatus` (domain page, 3.3). On RTM the newer states are missing: what is broken in them looks Healthy there. */
export const GET_COPY_STATUS: CmdletCommand = {
  name: "Get-StorageGroupCopyStatus",
  changes: false,
  parameters: { Server: {}, Identity: {}, DomainController: {}, StandbyMachine: { from: "8.1" }, DumpsterStatistics: {} },
  begin: (moment, given) => ({
    takesMs: takes(moment.state, "cmdlet", "Get-StorageGroupCopyStatus", moment.node?.name ?? "local"),
    end: (state) => {
      const refusal = exchangeRefusal(moment) ?? nameRefusal(state, textOf(given, "Server"));
      if (refusal !== undefined) return refusal;
      const name = textOf(given, "Identity");
      const groups = state.mailboxServer.storageGroups.filter((group) => name === "" || isNamed(state, group, name));
      return groups.length === 0 && name !== "" ? failed("not_found", `The storage group '${name}' could not be found.`) : records(...groups.map((group) => recordOf(state, group)));
    },
  }),
};

/** `Suspend-StorageGroupCopy`: nothing is copied until it is resumed (domain page, 7.3). */
export const SUSPEND_COPY = copyChange("Suspend-StorageGroupCopy", "Suspended");
/** `Resume-StorageGroupCopy`: Initializing, then Healthy; it ends a failure too (domain page, 7.3). */
export const RESUME_COPY = copyChange("Resume-StorageGroupCopy", "Initializing");

function copyChange(name: string, status: CopySummary): CmdletCommand {
  return {
    name,
    changes: true,
    parameters: { Identity: {}, SuspendComment: {}, DomainController: {}, Confirm: { from: "8.1" } },
    begin: (moment, given) => {
      const { state } = moment;
      const takesMs = takes(state, "cmdlet", name, moment.node?.name ?? "local");
      const group = state.mailboxServer.storageGroups.find((other) => isNamed(state, other, textOf(given, "Identity")));
      const refusal = exchangeRefusal(moment) ?? (group === undefined ? failed("not_found", `The storage group '${textOf(given, "Identity")}' could not be found.`) : undefined);
      if (refusal !== undefined || group === undefined) return { takesMs, end: () => refusal ?? records() };
      setCopy(state, group, status, textOf(given, "SuspendComment"), undefined);
      return { takesMs, end: () => records() };
    },
  };
}

function isNamed(state: WorldState, group: StorageGroupState, name: string): boolean {
  return sameName(group.name, name) || sameName(`${state.mailboxServer.name}\\${group.name}`, name);
}

function recordOf(state: WorldState, group: StorageGroupState): Readonly<Record<string, Json>> {
  const logs = logsNow(state, group);
  const { copy, replay } = queues(logs);
  const exact = copySummary(state, group);
  const rtm = isRtm(state);
  const passive = passiveNode(state);
  const target: Readonly<Record<string, Json>> = rtm || passive === undefined ? {} : { CCRTargetNode: passive.name };
  const newer: Readonly<Record<string, Json>> = rtm ? {} : { ServiceDown: exact === "ServiceDown", Initializing: exact === "Initializing", Resynchronizing: exact === "Resynchronizing" };
  const backupMs = lastBackupMs(state, group);
  return {
    Identity: `${state.mailboxServer.name}\\${group.name}`,
    StorageGroupName: group.name,
    Name: group.name,
    SummaryCopyStatus: rtm && (exact === "Initializing" || exact === "ServiceDown" || exact === "Resynchronizing") ? "Healthy" : exact,
    Failed: exact === "Failed",
    FailedMessage: group.copy.trouble?.status === exact ? group.copy.trouble.message : "",
    Seeding: exact === "Seeding",
    Suspend: group.copy.suspended !== undefined,
    SuspendComment: group.copy.suspended?.comment ?? "",
    CopyQueueLength: copy,
    ReplayQueueLength: replay,
    LastInspectedLogTime: timeText(inspectedMs(state, group)),
    LastLogGenerated: Math.floor(logs.generated),
    LastLogCopied: Math.floor(logs.copied),
    LastLogInspected: Math.floor(logs.copied),
    LastLogReplayed: Math.floor(logs.replayed),
    ...(backupMs === undefined ? {} : { LatestFullBackupTime: timeText(backupMs) }),
    ...newer,
    ...target,
  };
}

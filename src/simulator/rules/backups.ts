import type { StorageGroupState } from "../mailbox-state.ts";
import { logEvent } from "../event-log.ts";
import { backupStopped } from "../logged-events.ts";
import { schedule } from "../schedule.ts";
import { groupOf, nodeOf, sameName, type WorldState } from "../world-state.ts";
import { breach } from "./breaches.ts";
import { isMounted } from "./logs.ts";

/** True while a full backup of the storage group runs. */
export function backupRuns(state: WorldState, group: StorageGroupState): boolean {
  return group.backupUntilMs !== undefined && state.nowMs < group.backupUntilMs;
}

/** When the last full backup ended; undefined where there was none. A backup of the passive copy counts (domain page, 3.5, from memory). */
export function lastBackupMs(state: WorldState, group: StorageGroupState): number | undefined {
  return group.backupUntilMs !== undefined && !backupRuns(state, group) ? group.backupUntilMs : group.lastFullBackupMs;
}

/** Begins a full backup: of a mounted database, of which no other runs (domain page, 7.3); of a copy only while its service works on it. Where it cannot, nothing happens. */
export function startBackup(state: WorldState, group: StorageGroupState, of: "active" | "passive", forMs: number): void {
  if (backupRuns(state, group) || !canBackUp(state, group, of)) return;
  group.lastFullBackupMs = lastBackupMs(state, group);
  group.backupUntilMs = state.nowMs + forMs;
  group.backupOf = of;
}

/** A backup job of the world begins, and is set for its next time. */
export function beginBackupJob(state: WorldState, index: number): void {
  const job = state.backupJobs[index];
  if (job === undefined) throw new Error(`the world has no backup job ${index}`);
  for (const group of state.mailboxServer.storageGroups) {
    if (job.storageGroups === undefined || job.storageGroups.some((name) => sameName(name, group.name))) startBackup(state, group, job.of, job.takesMs);
  }
  if (job.everyMs !== undefined) schedule(state, job.everyMs, { kind: "backup-begins", job: index });
}

/** Stops every running backup (domain page, 2.2): what they had is lost, and the last full one counts again (I10). */
export function stopBackups(state: WorldState, stoppedBy: string): void {
  for (const group of state.mailboxServer.storageGroups) if (backupRuns(state, group)) stop(state, group, `${stoppedBy} stopped the backup of ${group.name}`);
}

/** Lets backups stop whose database was dismounted, or whose copy is no longer worked on. */
export function settleBackups(state: WorldState): void {
  for (const group of state.mailboxServer.storageGroups) {
    if (backupRuns(state, group) && !canBackUp(state, group, group.backupOf)) stop(state, group, `the backup of ${group.name} was stopped: ${group.backupOf === "active" ? `${group.database} is not mounted` : "its copy is not worked on"}`);
  }
}

function stop(state: WorldState, group: StorageGroupState, because: string): void {
  group.backupUntilMs = undefined;
  const { owner } = groupOf(state, state.mailboxServer.group);
  const ranOn = group.backupOf === "active" ? owner : state.mailboxServer.redundantMachines.find((name) => !sameName(name, owner));
  logEvent(state, nodeOf(state, ranOn ?? owner), backupStopped(group.name));
  breach(state, "I10", because);
}

function canBackUp(state: WorldState, group: StorageGroupState, of: "active" | "passive"): boolean {
  return of === "active" ? isMounted(state, group) : state.mailboxServer.storage === "NonShared" && group.copy.served;
}

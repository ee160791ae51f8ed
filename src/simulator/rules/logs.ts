import type { LogState, StorageGroupState } from "../mailbox-state.ts";
import { sameName, type WorldState } from "../world-state.ts";

/** Logs that the passive node copies and replays a minute while it catches up, where the world does not say (domain page, 7.2 rule 2: 20 to 60). */
export const CATCH_UP_RATE = 40;

const MINUTE_MS = 60_000;

/** True if clients can use the database. */
export function isMounted(state: WorldState, group: StorageGroupState): boolean {
  return state.mailboxServer.phase === "online" && !group.dismounted;
}

/** The log counters now, as they follow from those of the last change (domain page, 7.2 rule 1). Looking changes nothing. */
export function logsNow(state: WorldState, group: StorageGroupState): LogState {
  const { logs, copy, logRate, catchUpRate } = group;
  const grows = isMounted(state, group) && logRate > 0;
  const generated = logs.generated + (grows ? (logRate * (state.nowMs - logs.atMs)) / MINUTE_MS : 0);
  const grewMs = grows ? state.nowMs : logs.grewMs;
  const works = copy.served && !stands(state, group);
  const copying = works ? Math.max(0, state.nowMs - Math.max(logs.atMs, copy.readyMs)) / MINUTE_MS : 0;
  if (copying === 0) return { atMs: state.nowMs, generated, copied: logs.copied, replayed: logs.replayed, grewMs };
  const copied = Math.min(generated, logs.copied + catchUpRate * copying);
  const held = (logRate * Math.max(0, group.replayLagMs - (state.nowMs - grewMs))) / MINUTE_MS;
  const replayed = Math.max(logs.replayed, Math.min(copied - held, logs.replayed + catchUpRate * copying));
  return { atMs: state.nowMs, generated, copied, replayed, grewMs };
}

/** True if nothing is copied although the service runs: the copy is suspended or in trouble. */
function stands(state: WorldState, { copy }: StorageGroupState): boolean {
  return copy.suspended !== undefined || (copy.trouble !== undefined && state.nowMs < (copy.trouble.untilMs ?? Infinity));
}

/** Sets every counter to what it is now. Called before each change, so that what follows counts from here. */
export function anchorLogs(state: WorldState): void {
  for (const group of state.mailboxServer.storageGroups) group.logs = logsNow(state, group);
}

/** Closed logs that the passive node does not have, and copied ones that it did not replay. */
export function queues(logs: LogState): { readonly copy: number; readonly replay: number } {
  return {
    copy: Math.max(0, Math.floor(logs.generated) - Math.floor(logs.copied)),
    replay: Math.max(0, Math.floor(logs.copied) - Math.floor(logs.replayed)),
  };
}

/** From now to the moment at which the next log is closed; Infinity where none is written. The counters are those of now. */
export function nextLogMs(state: WorldState, group: StorageGroupState): number {
  if (!isMounted(state, group) || group.logRate === 0) return Infinity;
  return Math.ceil(((Math.floor(group.logs.generated) + 1 - group.logs.generated) / group.logRate) * MINUTE_MS);
}

/** When the last log that the passive node has was closed on the active one (domain page, 3.3): old where nothing is copied, and where nothing is written. */
export function inspectedMs(state: WorldState, group: StorageGroupState): number {
  const { generated, copied, grewMs } = logsNow(state, group);
  const behind = generated - Math.floor(copied);
  return Math.round(grewMs - (group.logRate > 0 ? (behind / group.logRate) * MINUTE_MS : 0));
}

/** From now on so many logs a minute are written. */
export function setLoad(state: WorldState, name: string, logRate: number): void {
  for (const group of state.mailboxServer.storageGroups) if (sameName(group.name, name)) group.logRate = logRate;
}

import type { LogState, StorageGroupState } from "../mailbox-state.ts";
import type { WorldState } from "../world-state.ts";

/** Logs that the passive node copies and replays a minute while it catches up (domain page, 7.2 rule 2: 20 to 60). */
export const CATCH_UP_RATE = 40;

/** True if clients can use the database. */
export function isMounted(state: WorldState, group: StorageGroupState): boolean {
  return state.mailboxServer.phase === "online" && !group.dismounted;
}

/** The log counters now, as they follow from those of the last change (domain page, 7.2 rule 1). Looking changes nothing. */
export function logsNow(state: WorldState, group: StorageGroupState): LogState {
  const { logs, copy } = group;
  const minutes = (state.nowMs - logs.atMs) / 60_000;
  const generated = logs.generated + (isMounted(state, group) ? group.logRate * minutes : 0);
  const works = copy.served && !stands(state, group);
  const copying = works ? Math.max(0, state.nowMs - Math.max(logs.atMs, copy.readyMs)) / 60_000 : 0;
  const caughtUp = logs.copied + CATCH_UP_RATE * copying;
  const copied = copying > 0 ? Math.min(generated, caughtUp) : logs.copied;
  const replayed = copying > 0 ? Math.min(copied, logs.replayed + CATCH_UP_RATE * copying) : logs.replayed;
  return { atMs: state.nowMs, generated, copied, replayed };
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

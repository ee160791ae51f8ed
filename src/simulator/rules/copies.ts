import { whoTookItDown, withCause } from "../cause.ts";
import type { CopySummary, StorageGroupState } from "../mailbox-state.ts";
import type { NodeState } from "../node-state.ts";
import { takes } from "../timings.ts";
import { compareVersions } from "../../core/version.ts";
import { draw } from "../draw.ts";
import { findNode, groupOf, sameName, type WorldState } from "../world-state.ts";
import { stopBackups } from "./backups.ts";
import { logsNow, nextLogMs, queues } from "./logs.ts";
import { breach } from "./breaches.ts";
import { isRunning, REPLICATION_SERVICE } from "./services.ts";

/** From memory: `AutoDatabaseMountDial` BestAvailability lets a database mount with at most this many logs lost. */
export const MOUNT_DIAL_LOGS = 12;

/** How far a copy may lag behind when the mailbox server is moved (domain page, 3.3 "Gate"; the limits are ours). */
export const GATE = { copy: 1, replay: 10 } as const;

/** The node that keeps the copies: the redundant machine that does not own the mailbox server. Undefined where storage is shared. */
export function passiveNode(state: WorldState): NodeState | undefined {
  const server = state.mailboxServer;
  if (server.storage !== "NonShared") return undefined;
  const { owner } = groupOf(state, server.group);
  const name = server.redundantMachines.find((machine) => !sameName(machine, owner));
  return name === undefined ? undefined : findNode(state, name);
}

/** The summary of a storage group's copy (domain page, 3.3 and 7.2 rule 2). */
export function copySummary(state: WorldState, { copy }: StorageGroupState): CopySummary {
  if (state.mailboxServer.storage !== "NonShared") return "Disabled";
  if (copy.suspended !== undefined) return "Suspended";
  if (copy.trouble !== undefined && state.nowMs < (copy.trouble.untilMs ?? Infinity)) return copy.trouble.status;
  if (!copy.served) return "ServiceDown";
  return state.nowMs < copy.readyMs ? "Initializing" : "Healthy";
}

/** Lets the copies follow the passive node: served while its replication service runs; after it came back Initializing until the next log is closed, or for a while (domain page, 7.2 rule 2). */
export function settleCopies(state: WorldState): void {
  const passive = passiveNode(state);
  const served = passive !== undefined && passive.power === "on" && passive.membership === "Up" && isRunning(passive, REPLICATION_SERVICE);
  for (const group of state.mailboxServer.storageGroups) {
    const { copy } = group;
    if (served && !copy.served) copyReturns(state, group, passive);
    copy.served = served;
    if (served && copy.awaits === "log" && state.nowMs < copy.readyMs) copy.readyMs = Math.min(copy.readyMs, state.nowMs + nextLogMs(state, group));
  }
}

/** The passive node works on the copy again. One that diverged is brought in line from SP1 on; RTM cannot, and it stays Failed (domain page, 3.3; the rest from memory). */
function copyReturns(state: WorldState, group: StorageGroupState, passive: NodeState): void {
  const { copy, name, catchUp } = group;
  copy.readyMs = state.nowMs + takes(state, "copy_initializing", name, passive.name);
  copy.awaits = "log";
  if (catchUp !== undefined) group.catchUpRate = catchUp.from + draw(state.seed, "catch up", name, state.changes) * (catchUp.to - catchUp.from);
  if (copy.diverged !== true) return;
  const canResynchronize = compareVersions(passive.exchange.base, "8.1") >= 0;
  const message = `the logs of ${passive.name} are not those that the database went on from`;
  copy.diverged = undefined;
  copy.trouble = canResynchronize
    ? { status: "Resynchronizing", message, untilMs: state.nowMs + takes(state, "copy_resynchronizing", name, passive.name) }
    : { status: "Failed", message: `${message}: it must be seeded again` };
}

/** Turns the direction of every copy: the target has all logs (`clean`), or only those that were copied (`crash`: what is missing is lost, and too much keeps the database dismounted). */
export function turnCopies(state: WorldState, how: "clean" | "crash"): void {
  stopBackups(state, "the failover");
  if (state.mailboxServer.storage !== "NonShared") return;
  for (const group of state.mailboxServer.storageGroups) {
    const logs = logsNow(state, group);
    const summary = copySummary(state, group);
    const usable = summary !== "Failed" && summary !== "Seeding" && summary !== "Suspended";
    const lost = how === "crash" || !usable || !group.copy.served ? queues(logs).copy : 0;
    if (lost > 0) withCause(state, whoTookItDown(state), () => breach(state, "I6", `${lost} ${lost === 1 ? "log" : "logs"} of ${group.name} lost`));
    if (!usable || lost > MOUNT_DIAL_LOGS) group.dismounted = true;
    const kept = lost > 0 ? logs.copied : logs.generated;
    group.logs = { atMs: state.nowMs, generated: kept, copied: kept, replayed: kept, grewMs: logs.grewMs };
    group.copy.served = false;
    group.copy.diverged = lost > 0 ? true : undefined;
    group.copy.trouble = undefined;
    group.copy.suspended = undefined;
  }
}

/** Suspends or resumes a copy, or puts it in trouble; `Healthy` and `Initializing` end all trouble. */
export function setCopy(state: WorldState, group: StorageGroupState, status: CopySummary, message: string, forMs: number | undefined): void {
  const { copy } = group;
  copy.suspended = status === "Suspended" ? { comment: message } : undefined;
  const untilMs = forMs === undefined ? undefined : state.nowMs + forMs;
  const troubled = status === "Failed" || status === "Seeding" || status === "Resynchronizing" || status === "Stopped";
  copy.trouble = troubled ? { status, message, untilMs } : undefined;
  copy.awaits = untilMs === undefined ? "log" : "time";
  if (status === "Initializing") copy.readyMs = untilMs ?? state.nowMs + takes(state, "copy_initializing", group.name, status);
  if (status === "Healthy") copy.readyMs = state.nowMs;
}

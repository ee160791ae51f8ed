import type { Json, JsonObject } from "../core/json.ts";
import { timeText } from "../core/time.ts";
import { outageMs } from "./broken-invariants.ts";
import { groupStatus, nodeStatus } from "./commands/cluster-text.ts";
import type { GroupState } from "./cluster-state.ts";
import { jobsKnownTo } from "./job-state.ts";
import { patchStateOf } from "./installer/register-patch.ts";
import type { StorageGroupState } from "./mailbox-state.ts";
import type { NodeState } from "./node-state.ts";
import { backupRuns, lastBackupMs } from "./rules/backups.ts";
import { copySummary } from "./rules/copies.ts";
import { isMounted, logsNow, queues } from "./rules/logs.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "./rules/mailbox-server.ts";
import { votes } from "./rules/membership.ts";
import type { WorldState } from "./world-state.ts";

/** A world as `world show --json` has it. What depends only on the time that passed or on a run's identity stands under `clock`: without that, two worlds can be compared. */
export function describeWorld(state: WorldState): Json {
  const server = state.mailboxServer;
  return {
    world: state.name,
    cluster: {
      name: state.cluster.name,
      quorum: state.cluster.quorum,
      votes: votes(state),
      witness: { path: state.cluster.witness.path, reachable: state.cluster.witness.reachable },
      groups: state.cluster.groups.map((group) => describeGroup(state, group)),
    },
    nodes: state.nodes.map(describeNode),
    mailbox_server: {
      name: server.name,
      state: mailboxServerStatus(state),
      active_node: ownerOfMailboxServer(state).name,
      ...(server.stopped === undefined ? {} : { stopped: server.stopped.reason }),
      storage_groups: server.storageGroups.map((group) => ({ name: group.name, database: group.database, mounted: isMounted(state, group), copy: copySummary(state, group) })),
    },
    broken: state.breaches.map(({ invariant, because, by }) => ({ invariant, because, by })),
    clock: describeClock(state),
  };
}

/** What the numbers of a patch's state stand for (domain page, 4.4). */
const PATCH_STATES = { 1: "applied", 2: "superseded", 4: "obsolete" } as const;

function describeNode(node: NodeState): Json {
  const { base, fileBuild, patches } = node.exchange;
  return {
    name: node.name,
    state: nodeStatus(node),
    power: node.power,
    paused: node.paused,
    base,
    file_build: fileBuild,
    updates: patches.map((patch) => ({ name: patch.displayName, state: PATCH_STATES[patchStateOf(node, patch)] })),
    restart_pending: [...node.restartEvidence],
    services: node.services.map(({ name, startMode, state }) => ({ name, start_mode: startMode, state })),
    files: node.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })).toSorted((a, b) => (a.path.toLowerCase() < b.path.toLowerCase() ? -1 : 1)),
  };
}

/** `goes_back_to` is the node that the cluster takes it back to; absent where it leaves it. */
function describeGroup(state: WorldState, group: GroupState): JsonObject {
  const [preferred] = group.preferredOwners;
  const back = group.failback && preferred !== undefined ? { goes_back_to: preferred } : {};
  return { name: group.name, owner: group.owner, state: groupStatus(state, group), ...back };
}

function describeBackup(state: WorldState, group: StorageGroupState): JsonObject {
  const lastMs = lastBackupMs(state, group);
  return { backup_running: backupRuns(state, group), ...(lastMs === undefined ? {} : { last_full_backup: timeText(lastMs) }) };
}

function describeClock(state: WorldState): Json {
  return {
    now: timeText(state.nowMs),
    elapsed_ms: state.nowMs - state.epochMs,
    changing_commands: state.changes,
    nodes: state.nodes.map((node) => ({
      name: node.name,
      last_boot: timeText(node.lastBootMs),
      updates: node.exchange.patches.map((patch) => ({ name: patch.displayName, installed: timeText(patch.installedMs) })),
      jobs: jobsKnownTo(node).map((job) => ({ name: job.name, program: job.program, args: job.args, state: job.state, started: timeText(job.startedMs), ...(job.endedMs === undefined ? {} : { ended: timeText(job.endedMs) }), ...(job.exitCode === undefined ? {} : { exit_code: job.exitCode }) })),
      event_log: node.eventLog.map(({ atMs, log, source, id, type, message }) => ({ at: timeText(atMs), log, source, id, type, message })),
    })),
    storage_groups: state.mailboxServer.storageGroups.map((group) => {
      const logs = logsNow(state, group);
      return { name: group.name, logs: Math.floor(logs.generated), copy_queue: queues(logs).copy, replay_queue: queues(logs).replay, ...describeBackup(state, group) };
    }),
    outages: state.outages.map(({ fromMs, toMs, cause, by }) => ({ cause, by, from: timeText(fromMs), ...(toMs === undefined ? {} : { to: timeText(toMs), ms: toMs - fromMs }) })),
    outage_sum_ms: state.outages.reduce((sum, outage) => sum + outageMs(state, outage), 0),
    coming: state.due.length,
  };
}

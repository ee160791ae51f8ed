import type { Facts } from "../../../core/builtin.ts";
import { compareVersions } from "../../../core/version.ts";
import { nodesIn } from "../../../formats/cluster-readings.ts";
import { copyHealthIn, type QueueLimits } from "./copy-health.ts";
import { cureOf } from "./copy-cure.ts";
import { databasesIn } from "./databases.ts";
import { hostIn } from "./host-name.ts";
import { serverIn } from "./mailbox-server.ts";
import { CLEAR, firstObstacle, obstacle, type Obstacle } from "./obstacle.ts";
import { levelIn } from "./rollup-level.ts";

/** What the guards of a move need of its inputs. */
export interface MoveWish extends QueueLimits {
  readonly identity: string;
  readonly to: string;
  readonly at_least?: string | undefined;
}

function wrongPlace(facts: Facts, to: string): Obstacle {
  const host = hostIn(facts);
  if (host.kind === "error") return host;
  if (host.value === to) return CLEAR;
  return obstacle("not_on_target", `\`hostname.exe\` says ${host.value}, and a move must be run from the node that takes over, ${to}. Set the step's \`target\` to it`);
}

function wrongServer(facts: Facts, wish: MoveWish, to: string): Obstacle {
  const server = serverIn(facts);
  if (server.kind === "error") return server;
  const { storageType, redundantMachines } = server.value;
  const shown = `\`Get-MailboxServer ${wish.identity}\` shows`;
  if (storageType !== "NonShared") return obstacle("not_ccr", `${shown} the storage type ${storageType}. Only a server with cluster continuous replication (NonShared) is moved this way`);
  if (redundantMachines.includes(to)) return CLEAR;
  return obstacle("not_a_member", `${shown} that it may run on ${redundantMachines.join(", ") || "no node"} (RedundantMachines), not on ${to}. Name one of these as \`to\``);
}

function unfitNode(facts: Facts, to: string): Obstacle {
  const nodes = nodesIn(facts);
  if (nodes.kind === "error") return nodes;
  const state = nodes.value.find((node) => node.name === to)?.state;
  const shown = "`cluster.exe node /status` shows";
  switch (state) {
    case "Up":
      return CLEAR;
    case "Paused":
      return obstacle("target_node_paused", `${shown} ${to} as Paused: it takes no group. Find out who paused it and why, resume it with \`cluster.exe node ${to} /resume\`, then try again`);
    case undefined:
      return obstacle("target_node_down", `${shown} no node ${to}. The mailbox server can move only to a node that is Up`);
    default:
      return obstacle("target_node_down", `${shown} ${to} as ${state}. The mailbox server can move only to a node that is Up. Start its Cluster service (ClusSvc), then try again`);
  }
}

/** The lower of both witnesses counts: a node that is updated by half is not updated (G7; domain page, 11.18 and F22). */
function oldNode(facts: Facts, wish: MoveWish, to: string): Obstacle {
  if (wish.at_least === undefined) return CLEAR;
  const level = levelIn(facts);
  if (level.kind === "error") return level;
  const { lower, build, fileBuild, agree } = level.value;
  if (compareVersions(lower, wish.at_least) >= 0) return CLEAR;
  const halves = agree ? "" : ` (the registry says ${build}, ExSetup.exe says ${fileBuild})`;
  return obstacle("level_too_low", `${to} is at ${lower}${halves} and must be at ${wish.at_least} or above. Install the rollup on ${to} first`);
}

function unfitCopies(facts: Facts, wish: MoveWish, to: string): Obstacle {
  const health = copyHealthIn(facts, wish);
  if (health.kind === "error") return health;
  const { copies, problems, unfit } = health.value;
  const elsewhere = copies.filter((copy) => copy.targetNode !== undefined && copy.targetNode !== to);
  const faults = [...problems, ...elsewhere.map((copy) => `${copy.name} is copied to ${copy.targetNode} (CCRTargetNode), not to ${to}`)];
  if (faults.length === 0) return CLEAR;
  const cures = unfit.map((copy) => `${copy.name}: ${cureOf(copy, wish.identity)}`);
  const cure = cures.length === 0 ? "" : `. ${cures.join("; ")}`;
  return obstacle("copies_unhealthy", `\`Get-StorageGroupCopyStatus -Server ${wish.identity}\` shows copies that are not fit for a move: ${faults.join("; ")}${cure}`);
}

function runningBackup(facts: Facts, wish: MoveWish): Obstacle {
  const databases = databasesIn(facts);
  if (databases.kind === "error") return databases;
  const names = databases.value.filter((database) => database.backupRunning).map((database) => database.name);
  return names.length === 0 ? CLEAR : obstacle("backup_running", `\`Get-MailboxDatabase -Server ${wish.identity} -Status\` shows that a backup of ${names.join(", ")} runs, and a move would end it. Wait until it has ended`);
}

/** What stands against moving the mailbox server now (domain page, 2.2, 2.3, 3.3; R1, R26, I3, I10, G7). */
export function obstacleToMove(wish: MoveWish, facts: Facts): Obstacle {
  const to = wish.to.toUpperCase();
  return firstObstacle([
    () => wrongPlace(facts, to),
    () => wrongServer(facts, wish, to),
    () => unfitNode(facts, to),
    () => oldNode(facts, wish, to),
    () => unfitCopies(facts, wish, to),
    () => runningBackup(facts, wish),
  ]);
}

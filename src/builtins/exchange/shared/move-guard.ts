import type { Facts } from "../../../core/builtin.ts";
import { compareVersions } from "../../../core/version.ts";
import { nodesIn } from "../../../formats/cluster-readings.ts";
import { copyHealthIn, type QueueLimits } from "./copy-health.ts";
import { databasesIn } from "./databases.ts";
import { hostIn } from "./host-name.ts";
import { serverIn } from "./mailbox-server.ts";
import { CLEAR, firstObstacle, obstacle, type Obstacle } from "./obstacle.ts";
import { registryLevelIn } from "./rollup-level.ts";

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
  return obstacle("not_on_target", `the step runs on ${host.value}, and a move must be run from the node that takes over, ${to}. Set the step's \`target\` to it`);
}

function wrongServer(facts: Facts, wish: MoveWish, to: string): Obstacle {
  const server = serverIn(facts);
  if (server.kind === "error") return server;
  const { storageType, redundantMachines } = server.value;
  if (storageType !== "NonShared") return obstacle("not_ccr", `${wish.identity} has the storage type ${storageType}. Only a server with cluster continuous replication (NonShared) is moved this way`);
  if (redundantMachines.includes(to)) return CLEAR;
  return obstacle("not_a_member", `${wish.identity} may run on ${redundantMachines.join(", ") || "no node"}, not on ${to}`);
}

function unfitNode(facts: Facts, to: string): Obstacle {
  const nodes = nodesIn(facts);
  if (nodes.kind === "error") return nodes;
  const state = nodes.value.find((node) => node.name === to)?.state;
  if (state === "Up") return CLEAR;
  if (state === "Paused") return obstacle("target_node_paused", `${to} is paused and takes no group. Resume it with \`cluster node ${to} /resume\`, then try again`);
  return obstacle("target_node_down", `${to} is ${state ?? "no node of this cluster"}. The mailbox server can move only to a node that is Up`);
}

function oldNode(facts: Facts, wish: MoveWish, to: string): Obstacle {
  if (wish.at_least === undefined) return CLEAR;
  const level = registryLevelIn(facts);
  if (level.kind === "error") return level;
  if (compareVersions(level.value.build, wish.at_least) >= 0) return CLEAR;
  return obstacle("level_too_low", `${to} is at ${level.value.build} and must be at ${wish.at_least} or above. Install the rollup on ${to} first`);
}

function unfitCopies(facts: Facts, wish: MoveWish, to: string): Obstacle {
  const health = copyHealthIn(facts, wish);
  if (health.kind === "error") return health;
  const elsewhere = health.value.copies.filter((copy) => copy.targetNode !== undefined && copy.targetNode !== to);
  const problems = [...health.value.problems, ...elsewhere.map((copy) => `${copy.name} is copied to ${copy.targetNode}, not to ${to}`)];
  return problems.length === 0 ? CLEAR : obstacle("copies_unhealthy", `the copies are not fit for a move: ${problems.join("; ")}. Wait until they are healthy, or repair them`);
}

function runningBackup(facts: Facts): Obstacle {
  const databases = databasesIn(facts);
  if (databases.kind === "error") return databases;
  const names = databases.value.filter((database) => database.backupRunning).map((database) => database.name);
  return names.length === 0 ? CLEAR : obstacle("backup_running", `a backup of ${names.join(", ")} runs, and a move would end it. Wait until it has ended`);
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
    () => runningBackup(facts),
  ]);
}

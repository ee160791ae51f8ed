import { logEvent } from "../event-log.ts";
import { restartAsked, SHUT_DOWN } from "../logged-events.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber, schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { nodeOf, type WorldState } from "../world-state.ts";
import { startAtBoot } from "./boot.ts";
import { leaveCluster } from "./membership.ts";
import { CLUSTER_SERVICE, findService } from "./services.ts";
import { settle } from "./settle.ts";

/** Begins an orderly restart: after a while the node goes down, then boots (domain page, 7.2 rule 5). */
export function startRestart(state: WorldState, node: NodeState, comment: string): void {
  logEvent(state, node, restartAsked(state.account.name, comment));
  node.ticket = nextNumber(state);
  schedule(state, takes(state, "node_shutdown", "restart", node.name), { kind: "node-down", node: node.name, ticket: node.ticket });
}

/** The node goes down in order: its Cluster service hands over what it owns first. */
export function nodeDown(state: WorldState, name: string, ticket: number): void {
  const node = nodeOf(state, name);
  if (node.ticket !== ticket || node.power !== "on") return;
  const service = findService(node, CLUSTER_SERVICE);
  if (service !== undefined) service.state = "Stopped";
  settle(state);
  logEvent(state, node, SHUT_DOWN);
  losePower(state, node, "restarting");
}

/** The node is off at once, for good or until it has booted again. Its jobs are lost, its connections broken. */
export function losePower(state: WorldState, node: NodeState, power: "restarting" | "off"): void {
  node.power = power;
  node.breaks += 1;
  leaveCluster(state, node);
  node.ticket = nextNumber(state);
  for (const service of node.services) service.state = "Stopped";
  for (const job of node.jobs.filter((other) => other.state === "running")) {
    job.state = "lost";
    job.endedMs = state.nowMs;
  }
  if (power === "restarting") startBoot(state, node);
}

/** Begins to boot a node that is off. */
export function startBoot(state: WorldState, node: NodeState): void {
  node.power = "restarting";
  node.ticket = nextNumber(state);
  schedule(state, takes(state, "node_boot", "boot", node.name), { kind: "node-booted", node: node.name, ticket: node.ticket });
}

/** The node has booted: what starts automatically runs, pending file operations are done, other installations are over. */
export function nodeBooted(state: WorldState, name: string, ticket: number): void {
  const node = nodeOf(state, name);
  if (node.ticket !== ticket || node.power !== "restarting") return;
  node.power = "on";
  node.lastBootMs = state.nowMs;
  node.restartEvidence = [];
  node.installerBusyUntilMs = 0;
  node.installer.safeMode = false;
  startAtBoot(state, node);
}

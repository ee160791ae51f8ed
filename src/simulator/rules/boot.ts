import { logEvent } from "../event-log.ts";
import { CRASHED, SHUT_DOWN, STARTED } from "../logged-events.ts";
import type { NodeState, ServiceState } from "../node-state.ts";
import { schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { nodeOf, type WorldState } from "../world-state.ts";
import { findService, giveUp, missesLimit, startService } from "./services.ts";

/** After a boot: what starts automatically runs, with what it needs, unless that is disabled; what is delayed follows later, and a managed service may miss its limit (domain page, 2.8 and 3.5). */
export function startAtBoot(state: WorldState, node: NodeState): void {
  logBoot(state, node);
  const tried = new Map<ServiceState, boolean>();
  const bring = (service: ServiceState): boolean => {
    const known = tried.get(service);
    if (known !== undefined) return known;
    const runs = service.state === "Running" || (service.startMode !== "Disabled" && service.dependsOn.every((name) => bringNamed(name)) && connects(state, node, service));
    tried.set(service, runs);
    if (runs) service.state = "Running";
    return runs;
  };
  const bringNamed = (name: string): boolean => {
    const needed = findService(node, name);
    return needed !== undefined && bring(needed);
  };
  for (const service of node.services) if (service.startMode === "Auto" && service.delayed !== true) bring(service);
  if (node.services.some(({ delayed }) => delayed === true)) schedule(state, takes(state, "delayed_start", "boot", node.name), { kind: "delayed-start", node: node.name, bootMs: node.lastBootMs });
}

/** The services with a delayed start are started, if the node did not go down meanwhile. */
export function delayedStart(state: WorldState, name: string, bootMs: number): void {
  const node = nodeOf(state, name);
  if (node.lastBootMs !== bootMs || node.power !== "on") return;
  for (const service of node.services) if (service.startMode === "Auto" && service.delayed === true) startService(state, node, service.name);
}

function connects(state: WorldState, node: NodeState, service: ServiceState): boolean {
  if (!missesLimit(state, node, service)) return true;
  giveUp(state, node, service);
  return false;
}

function logBoot(state: WorldState, node: NodeState): void {
  const last = node.eventLog.findLast(({ source, id }) => source === SHUT_DOWN.source && (id === SHUT_DOWN.id || id === STARTED.id));
  logEvent(state, node, STARTED);
  if (last?.id !== SHUT_DOWN.id) logEvent(state, node, CRASHED);
}

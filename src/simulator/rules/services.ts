import type { StartMode } from "../job-state.ts";
import { logEvent } from "../event-log.ts";
import { dependencyFailed, startFailed, startTimedOut } from "../logged-events.ts";
import { checksRevocation } from "../machine-state.ts";
import type { NodeState, ServiceState } from "../node-state.ts";
import { schedule } from "../schedule.ts";
import { takes } from "../timings.ts";
import { nodeOf, sameName, type WorldState } from "../world-state.ts";

/** The Cluster service. */
export const CLUSTER_SERVICE = "ClusSvc";
/** The replication service: without it on the passive node no copy is kept (domain page, 7.2 rule 2). */
export const REPLICATION_SERVICE = "MSExchangeRepl";
/** The services that the cluster starts and stops with the mailbox server (domain page, 3.5). */
export const STORE_SERVICES: readonly string[] = ["MSExchangeSA", "MSExchangeIS"];

/** How long Windows waits for a service to connect (domain page, 2.8). */
export const CONNECT_LIMIT_MS = 30_000;

/** The service of that name; undefined if the node has none. */
export function findService(node: NodeState, name: string): ServiceState | undefined {
  return node.services.find((service) => sameName(service.name, name));
}

/** True if the node has the service and it is Running. */
export function isRunning(node: NodeState, name: string): boolean {
  return findService(node, name)?.state === "Running";
}

/** True if every service that this one needs is Running. */
export function dependenciesRun(node: NodeState, service: ServiceState): boolean {
  return service.dependsOn.every((name) => isRunning(node, name));
}

/** Starts a service and what it needs, as the service control manager does. Answers with the Win32 error: 0, 1056 runs already, 1058 disabled, 1060 none, 1068 one that it needs does not start. */
export function startService(state: WorldState, node: NodeState, name: string): number {
  const service = findService(node, name);
  if (service === undefined) return 1060;
  if (service.startMode === "Disabled") return 1058;
  if (service.state !== "Stopped") return 1056;
  for (const needed of service.dependsOn) {
    const error = startService(state, node, needed);
    if (error !== 0 && error !== 1056) return 1068;
  }
  service.state = "Start Pending";
  if (missesLimit(state, node, service)) schedule(state, CONNECT_LIMIT_MS, { kind: "service-given-up", node: node.name, service: service.name });
  else schedule(state, takes(state, isSlow(node, service) ? "managed_start" : "service_start", service.name, node.name), { kind: "service-started", node: node.name, service: service.name });
  return 0;
}

/** Stops a service. Answers with the Win32 error: 0, 1051 others need it, 1060 none, 1062 it does not run. */
export function stopService(state: WorldState, node: NodeState, name: string): number {
  const service = findService(node, name);
  if (service === undefined) return 1060;
  if (service.state === "Stopped" || service.state === "Stop Pending") return 1062;
  const needed = node.services.some((other) => other.state === "Running" && other.dependsOn.some((needs) => sameName(needs, service.name)));
  if (needed) return 1051;
  service.state = "Stop Pending";
  schedule(state, takes(state, "service_stop", service.name, node.name), { kind: "service-stopped", node: node.name, service: service.name });
  return 0;
}

/** Sets a startup type. Answers with the Win32 error: 0, or 1060 where there is no such service. */
export function setStartMode(node: NodeState, name: string, startMode: StartMode): number {
  const service = findService(node, name);
  if (service === undefined) return 1060;
  service.startMode = startMode;
  return 0;
}

/** A service that was starting runs, or stays Stopped where one that it needs went away. */
export function serviceStarted(state: WorldState, nodeName: string, name: string): void {
  const node = nodeOf(state, nodeName);
  const service = findService(node, name);
  if (service?.state !== "Start Pending") return;
  const starting = service.dependsOn.every((needed) => findService(node, needed)?.state === "Running" || findService(node, needed)?.state === "Start Pending");
  service.state = starting ? "Running" : "Stopped";
  if (!starting) logEvent(state, node, dependencyFailed(service.displayName));
}

/** A managed service looks for revocation lists that cannot be fetched before it connects, unless the account does not check them (domain page, 2.8). */
function isSlow(node: NodeState, service: ServiceState): boolean {
  return service.managed === true && !node.crlReachable && checksRevocation(node.machine);
}

/** True if the service would not connect in time if it were started now (F23). */
export function missesLimit(state: WorldState, node: NodeState, service: ServiceState): boolean {
  return isSlow(node, service) && takes(state, "managed_start", service.name, node.name) > CONNECT_LIMIT_MS;
}

/** A service that was starting did not connect in time. */
export function serviceGivenUp(state: WorldState, nodeName: string, name: string): void {
  const node = nodeOf(state, nodeName);
  const service = findService(node, name);
  if (service?.state === "Start Pending") giveUp(state, node, service);
}

/** Windows gives a service up that it was starting, and with it what needs it; the event log says so (domain page, 2.8). */
export function giveUp(state: WorldState, node: NodeState, service: ServiceState): void {
  service.state = "Stopped";
  const entries = service.managed === true ? startTimedOut(service.displayName, CONNECT_LIMIT_MS) : [startFailed(service.displayName, "The service did not start.")];
  for (const entry of entries) logEvent(state, node, entry);
  const others = node.services.filter((other) => other.state !== "Stopped" && other.dependsOn.some((needed) => sameName(needed, service.name)));
  for (const other of others) {
    stopWithDependents(node, other);
    logEvent(state, node, dependencyFailed(other.displayName));
  }
}

function stopWithDependents(node: NodeState, service: ServiceState): void {
  service.state = "Stopped";
  for (const other of node.services) if (other.state !== "Stopped" && other.dependsOn.some((needed) => sameName(needed, service.name))) stopWithDependents(node, other);
}

/** A service that was stopping is Stopped. */
export function serviceStopped(state: WorldState, nodeName: string, name: string): void {
  const service = findService(nodeOf(state, nodeName), name);
  if (service?.state === "Stop Pending") service.state = "Stopped";
}

import { ownValue } from "../../core/json.ts";
import type { InstallState } from "../job-state.ts";
import type { NodeState } from "../node-state.ts";
import { CLUSTER_SERVICE, findService, giveUp, missesLimit, STORE_SERVICES } from "../rules/services.ts";
import { sameName, type WorldState } from "../world-state.ts";

/** Setup remembers every Exchange service, disables it and begins to stop it (R21, R22; domain page, 7.3 phase 1). */
export function disableServices(node: NodeState, install: InstallState): void {
  const services = node.services.filter((service) => service.exchange);
  install.remembered = services.map(({ name, startMode, state }) => ({ name, startMode, running: state === "Running" || state === "Start Pending" }));
  for (const service of services) {
    service.startMode = "Disabled";
    if (service.state !== "Stopped") service.state = "Stop Pending";
  }
}

/** The Exchange services are Stopped, and the Cluster service after them: the node leaves the cluster (G3). */
export function stopServices(node: NodeState): void {
  for (const service of node.services) if (service.exchange) service.state = "Stopped";
  const cluster = findService(node, CLUSTER_SERVICE);
  if (cluster !== undefined) cluster.state = "Stopped";
}

/** Setup gives every service its startup type back and begins to start those that ran; what the cluster starts is left to it (R24). */
export function restoreServices(node: NodeState, install: InstallState): void {
  for (const { name, startMode, running } of install.remembered) {
    const service = findService(node, name);
    if (service === undefined) continue;
    service.startMode = ownValue(install.outcome.startModes ?? {}, service.name) ?? startMode;
    const starts = running && service.startMode !== "Disabled" && !STORE_SERVICES.includes(service.name);
    if (starts && service.state === "Stopped") service.state = "Start Pending";
  }
}

/** What was starting runs, but for services that the outcome names, and managed ones that miss their limit (F23); then the Cluster service is started, unless the outcome leaves it. */
export function servicesRunAgain(state: WorldState, node: NodeState, install: InstallState): void {
  const { notStarted = [], clusterService } = install.outcome;
  for (const { name } of install.remembered) {
    const service = findService(node, name);
    if (service?.state !== "Start Pending") continue;
    if (notStarted.some((left) => sameName(left, name)) || missesLimit(state, node, service)) giveUp(state, node, service);
    else service.state = "Running";
  }
  const cluster = findService(node, CLUSTER_SERVICE);
  if (cluster !== undefined && cluster.startMode !== "Disabled" && clusterService !== "stopped") cluster.state = "Running";
}

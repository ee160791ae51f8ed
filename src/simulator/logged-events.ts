import type { LoggedEvent } from "./event-log.ts";

type Entry = Omit<LoggedEvent, "atMs">;

/** Source of what Windows itself writes of services, restarts and updates (names and numbers from memory, but for those that the domain page has: 2.2, 2.8, 4.5). */
const SERVICE_CONTROL = "Service Control Manager";

/** A move of the mailbox server is over: with its real duration and its comment (domain page, 2.2 and 2.3). */
export function moveOver(server: string, from: string, to: string, seconds: number, comment: string): Entry {
  return { log: "Application", source: "MSExchangeRepl", id: 100, type: "Information", message: `The move of ${server} from ${from} to ${to} took ${seconds} seconds. Comment: ${comment}` };
}

/** A backup was cut short, as the store or the replication service that it ran against writes it. From memory. */
export function backupStopped(storageGroup: string): Entry {
  return { log: "Application", source: "ESE", id: 214, type: "Error", message: `${storageGroup}: The backup has been stopped because it was halted by the client or the connection with the client failed.` };
}

/** An administrator stopped the mailbox server, and why (domain page, 2.5; the number is ours). */
export function serverStopped(server: string, reason: string): Entry {
  return { log: "Application", source: "MSExchangeRepl", id: 101, type: "Information", message: `${server} was stopped. Reason: ${reason}` };
}

/** Windows Installer applied or removed an update (domain page, 4.5). */
export function updateInstalled(kb: string, how: "installed" | "removed"): Entry {
  return { log: "Application", source: "MsiInstaller", id: 1022, type: "Information", message: `Product: Microsoft Exchange Server - Update KB${kb} was ${how} successfully.` };
}

/** Windows Installer could not apply an update (domain page, 4.5). */
export function updateFailed(kb: string, exitCode: number): Entry {
  return { log: "Application", source: "MsiInstaller", id: 1024, type: "Error", message: `Product: Microsoft Exchange Server - Update ${kb === "" ? "(unknown)" : `KB${kb}`} could not be installed. Error code ${exitCode}.` };
}

/** A restart is needed after an update (domain page, 4.5). */
export function restartNeeded(kb: string): Entry {
  return { log: "Application", source: "MsiInstaller", id: 1029, type: "Warning", message: `Product: Microsoft Exchange Server. A restart is required after update KB${kb}.` };
}

/** A service did not connect in time (domain page, 2.8): the three entries that tell it. */
export function startTimedOut(displayName: string, limitMs: number): readonly Entry[] {
  return [
    { log: "System", source: SERVICE_CONTROL, id: 7009, type: "Error", message: `Timeout (${limitMs} milliseconds) waiting for the ${displayName} service to connect.` },
    startFailed(displayName, "The service did not respond to the start or control request in a timely fashion."),
    { log: "Application", source: "MSExchange Common", id: 4999, type: "Error", message: `Watson report about to be sent: ${displayName}.` },
  ];
}

/** A service did not start (domain page, 2.8). */
export function startFailed(displayName: string, because: string): Entry {
  return { log: "System", source: SERVICE_CONTROL, id: 7000, type: "Error", message: `The ${displayName} service failed to start due to the following error: ${because}` };
}

/** A service did not start because one that it needs did not. From memory. */
export function dependencyFailed(displayName: string): Entry {
  return { log: "System", source: SERVICE_CONTROL, id: 7001, type: "Error", message: `The ${displayName} service depends on a service that failed to start.` };
}

/** Windows goes down in order. From memory. */
export const SHUT_DOWN: Entry = { log: "System", source: "EventLog", id: 6006, type: "Information", message: "The Event log service was stopped." };
/** Windows has started. From memory. */
export const STARTED: Entry = { log: "System", source: "EventLog", id: 6005, type: "Information", message: "The Event log service was started." };
/** Windows has started, and had not gone down in order. From memory. */
export const CRASHED: Entry = { log: "System", source: "EventLog", id: 6008, type: "Error", message: "The previous system shutdown was unexpected." };

/** A restart was asked for. From memory. */
export function restartAsked(account: string, comment: string): Entry {
  return { log: "System", source: "USER32", id: 1074, type: "Information", message: `The restart of the computer was initiated by ${account}. Comment: ${comment}` };
}

/** Source of what the Cluster service writes. From memory. */
const CLUSTER = "ClusSvc";

/** A resource could not be brought online on this node. From memory. */
export function resourceFailed(resource: string, group: string): Entry {
  return { log: "System", source: CLUSTER, id: 1069, type: "Error", message: `Cluster resource '${resource}' in Resource Group '${group}' failed.` };
}

/** The cluster lost its quorum. From memory. */
export const QUORUM_LOST: Entry = { log: "System", source: CLUSTER, id: 1177, type: "Error", message: "The Cluster service is halting because the quorum was lost." };

/** A node left the cluster, as the others write it. From memory. */
export function nodeLeft(node: string): Entry {
  return { log: "System", source: CLUSTER, id: 1135, type: "Warning", message: `Cluster node ${node} was removed from the active cluster membership.` };
}

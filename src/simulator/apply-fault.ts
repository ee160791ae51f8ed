import { assertNever } from "../core/assert-never.ts";
import { logEvent } from "./event-log.ts";
import type { Fault } from "./fault.ts";
import type { StorageGroupState } from "./mailbox-state.ts";
import { moveRefusal } from "./commands/move-refusal.ts";
import { startForeignSetup } from "./installer/foreign-setup.ts";
import { startBackup } from "./rules/backups.ts";
import { breach } from "./rules/breaches.ts";
import { startHandoff } from "./rules/handoff.ts";
import { setCopy } from "./rules/copies.ts";
import { startGroupMove } from "./rules/groups.ts";
import { failOver, otherNode } from "./rules/mailbox-server.ts";
import { losePower, startBoot } from "./rules/power.ts";
import { findService } from "./rules/services.ts";
import { schedule } from "./schedule.ts";
import { groupOf, nodeOf, sameName, type WorldState } from "./world-state.ts";

/** Brings a fault about, now. Its names were checked when the world file was read. */
export function applyFault(state: WorldState, fault: Fault): void {
  switch (fault.kind) {
    case "restart": {
      const node = nodeOf(state, fault.node);
      if (node.power === "on") losePower(state, node, "restarting");
      return;
    }
    case "power-off": {
      const node = nodeOf(state, fault.node);
      if (node.power !== "off") losePower(state, node, "off");
      return;
    }
    case "power-on": {
      const node = nodeOf(state, fault.node);
      if (node.power === "off") startBoot(state, node);
      return;
    }
    case "unreachable": {
      const node = nodeOf(state, fault.node);
      node.unreachableUntilMs = state.nowMs + fault.forMs;
      node.breaks += 1;
      return;
    }
    case "pause":
      nodeOf(state, fault.node).paused = true;
      return;
    case "resume":
      nodeOf(state, fault.node).paused = false;
      return;
    case "move-group": return moveGroup(state, fault.group, fault.to);
    case "failback": {
      const group = groupOf(state, fault.group);
      group.failback = fault.to !== undefined;
      if (fault.to !== undefined) group.preferredOwners = [fault.to.toUpperCase()];
      return;
    }
    case "fail-over":
      failOverTo(state, fault.to);
      return;
    case "hand-over": {
      // Whoever has the tools is refused like everybody else.
      if (moveRefusal(state, fault.to, "heed-dismounted") === undefined) startHandoff(state, nodeOf(state, fault.to), "moved by another administrator", {});
      return;
    }
    case "witness":
      state.cluster.witness.reachable = fault.reachable;
      return;
    case "copy": return setCopies(state, fault);
    case "service": {
      const service = findService(nodeOf(state, fault.node), fault.name);
      if (service !== undefined && fault.startMode !== undefined) service.startMode = fault.startMode;
      if (service !== undefined && fault.state !== undefined) service.state = fault.state;
      return;
    }
    case "dismount": return setMounted(state, fault.database, true);
    case "mount": return setMounted(state, fault.database, false);
    case "backup":
      for (const group of state.mailboxServer.storageGroups) startBackup(state, group, "active", fault.forMs);
      return;
    case "load": return beginLoad(state, fault);
    case "setup": return startForeignSetup(state, nodeOf(state, fault.node), fault.kb);
    case "installer-busy":
      nodeOf(state, fault.node).installerBusyUntilMs = state.nowMs + fault.forMs;
      return;
    case "restart-pending":
      nodeOf(state, fault.node).restartEvidence = ["component_servicing", "file_rename"];
      return;
    case "log-event": return logEvent(state, nodeOf(state, fault.node), fault.entry);
    case "mail-flow":
      state.mailFlow = fault.flow;
      return;
    case "remove-file": {
      const { files } = nodeOf(state, fault.node);
      const at = files.findIndex((file) => sameName(file.path, fault.path));
      if (at !== -1) files.splice(at, 1);
      return;
    }
    default: return assertNever(fault);
  }
}

function moveGroup(state: WorldState, name: string, to: string): void {
  const group = groupOf(state, name);
  const node = nodeOf(state, to);
  if (group.kind === "mailbox") {
    if (failOverTo(state, to)) breach(state, "I3", `the group ${group.name} was moved to ${node.name} by the cluster, not by Exchange`);
  } else if (!sameName(group.owner, to) && node.membership === "Up" && !node.paused) startGroupMove(state, group, node);
}

/** Unplanned: nobody asks for the health of the copies. True if the node takes it. */
function failOverTo(state: WorldState, to: string): boolean {
  const other = otherNode(state);
  const takes = other !== undefined && sameName(other.name, to);
  if (takes) failOver(state, "crash");
  return takes;
}

function beginLoad(state: WorldState, { storageGroup, logRate, forMs }: Extract<Fault, { kind: "load" }>): void {
  for (const group of state.mailboxServer.storageGroups.filter(({ name }) => storageGroup === undefined || sameName(name, storageGroup))) {
    if (forMs !== undefined) schedule(state, forMs, { kind: "load-over", storageGroup: group.name, logRate: group.logRate });
    group.logRate = logRate;
  }
}

function setCopies(state: WorldState, fault: Extract<Fault, { kind: "copy" }>): void {
  const named = (group: StorageGroupState): boolean => fault.storageGroup === undefined || sameName(group.name, fault.storageGroup);
  for (const group of state.mailboxServer.storageGroups.filter(named)) {
    setCopy(state, group, fault.status, fault.message, fault.forMs);
    if (fault.queue !== undefined) {
      const copied = group.logs.generated - fault.queue;
      group.logs = { ...group.logs, copied, replayed: Math.min(group.logs.replayed, copied) };
    }
  }
}

function setMounted(state: WorldState, database: string, dismounted: boolean): void {
  for (const group of state.mailboxServer.storageGroups) if (sameName(group.database, database)) group.dismounted = dismounted;
}

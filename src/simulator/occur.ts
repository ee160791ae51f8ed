import { assertNever } from "../core/assert-never.ts";
import { beginBackupJob } from "./rules/backups.ts";
import { applyFault } from "./apply-fault.ts";
import { BY_ITSELF, withCause, type Cause } from "./cause.ts";
import { installPhaseOver, jobOver } from "./installer/install.ts";
import type { Occurrence } from "./occurrence.ts";
import { groupOwned, groupSettled } from "./rules/groups.ts";
import { mailboxHandedOver, mailboxStopped } from "./rules/handoff.ts";
import { anchorLogs, setLoad } from "./rules/logs.ts";
import { mailboxBroughtUp } from "./rules/mailbox-server.ts";
import { nodeJoined } from "./rules/membership.ts";
import { nodeBooted, nodeDown } from "./rules/power.ts";
import { delayedStart } from "./rules/boot.ts";
import { serviceGivenUp, serviceStarted, serviceStopped } from "./rules/services.ts";
import { settle } from "./rules/settle.ts";
import type { WorldState } from "./world-state.ts";

/** Lets the world's time pass to a moment: everything that is due until then comes about at its own time, in order. Never goes back. */
export function passTime(state: WorldState, toMs: number): void {
  for (let next = state.due[0]; next !== undefined && next.atMs <= toMs; next = state.due[0]) {
    state.due.shift();
    state.nowMs = Math.max(state.nowMs, next.atMs);
    change(state, () => occur(state, next.what), next.cause);
  }
  state.nowMs = Math.max(state.nowMs, toMs);
}

/** Makes a change now, for which `cause` answers: log counters are taken first, and the background rules follow. */
export function change(state: WorldState, make: () => void, cause: Cause = BY_ITSELF): void {
  withCause(state, cause, () => {
    anchorLogs(state);
    make();
    settle(state);
  });
}

function occur(state: WorldState, what: Occurrence): void {
  switch (what.kind) {
    case "node-joined": return nodeJoined(state, what.node, what.ticket);
    case "node-down": return nodeDown(state, what.node, what.ticket);
    case "node-booted": return nodeBooted(state, what.node, what.ticket);
    case "group-owned": return groupOwned(state, what.group, what.to, what.ticket);
    case "group-settled": return groupSettled(state, what.group, what.ticket, what.status);
    case "mailbox-handed-over": return mailboxHandedOver(state, what.to, what.ticket);
    case "mailbox-brought-up": return mailboxBroughtUp(state, what.node, what.ticket);
    case "mailbox-stopped": return mailboxStopped(state, what.ticket);
    case "service-started": return serviceStarted(state, what.node, what.service);
    case "service-stopped": return serviceStopped(state, what.node, what.service);
    case "install-phase-over": return installPhaseOver(state, what.node, what.job);
    case "job-over": return jobOver(state, what.node, what.job, what.exitCode);
    case "service-given-up": return serviceGivenUp(state, what.node, what.service);
    case "delayed-start": return delayedStart(state, what.node, what.bootMs);
    case "load-over": return setLoad(state, what.storageGroup, what.logRate);
    case "backup-begins": return beginBackupJob(state, what.job);
    case "fault": return applyFault(state, what.fault);
    default: return assertNever(what);
  }
}

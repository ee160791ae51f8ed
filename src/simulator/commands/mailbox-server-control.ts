import { startStop } from "../rules/handoff.ts";
import { bringUp, mailboxServerStatus, ownerOfMailboxServer } from "../rules/mailbox-server.ts";
import { takes } from "../timings.ts";
import { sameName } from "../world-state.ts";
import { clusterRefusal, exchangeRefusal, nameRefusal } from "./exchange-access.ts";
import { failed, records, textOf, type CmdletCommand } from "./command.ts";

/** `Stop-ClusteredMailboxServer`: offline without bringing it up elsewhere; no restart brings it back (domain page, 2.5). */
export const STOP_MAILBOX_SERVER: CmdletCommand = {
  name: "Stop-ClusteredMailboxServer",
  changes: true,
  parameters: { Identity: {}, StopReason: {}, DomainController: {}, Confirm: { from: "8.1" }, WhatIf: { from: "8.1" } },
  begin: (moment, given) => {
    const { state } = moment;
    const takesMs = takes(state, "cmdlet", "Stop-ClusteredMailboxServer", moment.node?.name ?? "local");
    const status = mailboxServerStatus(state);
    const stopped = status === "Online" || status === "Partially Online" ? undefined : failed("cmdlet_error", `${state.mailboxServer.name} cannot be stopped: its state is ${status}.`);
    const refusal = exchangeRefusal(moment) ?? nameRefusal(state, textOf(given, "Identity")) ?? clusterRefusal(state) ?? stopped;
    if (refusal !== undefined) return { takesMs, end: () => refusal };
    startStop(state, textOf(given, "StopReason"));
    return { takesMs, end: (later) => (later.mailboxServer.phase === "offline-pending" ? { kind: "later" } : records()) };
  },
};

/** `Start-ClusteredMailboxServer`: where it is now; it must not run (domain page, 2.5). */
export const START_MAILBOX_SERVER: CmdletCommand = {
  name: "Start-ClusteredMailboxServer",
  changes: true,
  parameters: { Identity: {}, DomainController: {}, Confirm: { from: "8.1" }, WhatIf: { from: "8.1" } },
  begin: (moment, given) => {
    const { state } = moment;
    const server = state.mailboxServer;
    const owner = ownerOfMailboxServer(state);
    const takesMs = takes(state, "cmdlet", "Start-ClusteredMailboxServer", moment.node?.name ?? "local");
    const running = server.phase === "offline" || server.phase === "failed" ? undefined : failed("cmdlet_error", `${server.name} cannot be started: its state is ${mailboxServerStatus(state)}.`);
    const down = owner.membership === "Up" ? undefined : failed("cmdlet_error", `${server.name} cannot be started: ${owner.name} is down.`);
    const refusal = exchangeRefusal(moment) ?? nameRefusal(state, textOf(given, "Identity")) ?? clusterRefusal(state) ?? running ?? down;
    if (refusal !== undefined) return { takesMs, end: () => refusal };
    server.stopped = undefined;
    server.bounced = false;
    bringUp(state, owner, takes(state, "mailbox_start", server.name, owner.name));
    return { takesMs, end: (later) => (later.mailboxServer.phase === "online-pending" ? { kind: "later" } : records()) };
  },
};

/** `Mount-Database`; the store must run. */
export const MOUNT_DATABASE = mounting("Mount-Database");
/** `Dismount-Database`; the database stays so until it is mounted. */
export const DISMOUNT_DATABASE = mounting("Dismount-Database");

function mounting(name: "Mount-Database" | "Dismount-Database"): CmdletCommand {
  return {
    name,
    changes: true,
    parameters: { Identity: {}, DomainController: {}, Confirm: {} },
    begin: (moment, given) => {
      const { state } = moment;
      const server = state.mailboxServer;
      const takesMs = takes(state, "cmdlet", name, moment.node?.name ?? "local");
      const wanted = textOf(given, "Identity");
      const group = server.storageGroups.find((other) => [other.database, `${server.name}\\${other.name}\\${other.database}`].some((known) => sameName(known, wanted)));
      const refusal = exchangeRefusal(moment)
        ?? (group === undefined ? failed("not_found", `The database '${wanted}' could not be found.`) : undefined)
        ?? (server.phase === "online" ? undefined : failed("cmdlet_error", `The store is not running: the state of ${server.name} is ${mailboxServerStatus(state)}.`));
      if (refusal !== undefined || group === undefined) return { takesMs, end: () => refusal ?? records() };
      group.dismounted = name === "Dismount-Database";
      return { takesMs, end: () => records() };
    },
  };
}

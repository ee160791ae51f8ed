import { durationMs } from "../core/quantity.ts";
import type { EventFile } from "./event-schema.ts";
import type { Fault } from "./fault.ts";
import type { FaultFile } from "./fault-schema.ts";
import type { Due } from "./occurrence.ts";
import type { ReplyChange, TriggerState } from "./trigger.ts";

/** The faults of one entry of `does`: one, where the entry was checked. */
export function faultsOf(file: FaultFile): readonly Fault[] {
  const faults: Fault[] = [];
  if (file.restart !== undefined) faults.push({ kind: "restart", node: file.restart });
  if (file.power_off !== undefined) faults.push({ kind: "power-off", node: file.power_off });
  if (file.power_on !== undefined) faults.push({ kind: "power-on", node: file.power_on });
  if (file.unreachable !== undefined) faults.push({ kind: "unreachable", node: file.unreachable.node, forMs: durationMs(file.unreachable.for) });
  if (file.pause !== undefined) faults.push({ kind: "pause", node: file.pause });
  if (file.resume !== undefined) faults.push({ kind: "resume", node: file.resume });
  if (file.move_group !== undefined) faults.push({ kind: "move-group", ...file.move_group });
  if (file.failback !== undefined) faults.push({ kind: "failback", ...file.failback });
  if (file.fail_over !== undefined) faults.push({ kind: "fail-over", to: file.fail_over });
  if (file.hand_over !== undefined) faults.push({ kind: "hand-over", to: file.hand_over });
  if (file.witness !== undefined) faults.push({ kind: "witness", reachable: file.witness === "reachable" });
  if (file.copy !== undefined) {
    const { storage_group, status, message, queue } = file.copy;
    faults.push({ kind: "copy", storageGroup: storage_group, status, message: message ?? "", forMs: optionalMs(file.copy.for), queue });
  }
  if (file.service !== undefined) faults.push({ kind: "service", node: file.service.node, name: file.service.name, startMode: file.service.start_mode, state: file.service.state });
  if (file.dismount !== undefined) faults.push({ kind: "dismount", database: file.dismount });
  if (file.mount !== undefined) faults.push({ kind: "mount", database: file.mount });
  if (file.backup !== undefined) faults.push({ kind: "backup", forMs: durationMs(file.backup.for) });
  if (file.installer_busy !== undefined) faults.push({ kind: "installer-busy", node: file.installer_busy.node, forMs: durationMs(file.installer_busy.for) });
  if (file.restart_pending !== undefined) faults.push({ kind: "restart-pending", node: file.restart_pending });
  if (file.load !== undefined) faults.push({ kind: "load", storageGroup: file.load.storage_group, logRate: file.load.log_rate, forMs: optionalMs(file.load.for) });
  if (file.setup !== undefined) faults.push({ kind: "setup", ...file.setup });
  if (file.log_event !== undefined) {
    const { node, source, id, type, message } = file.log_event;
    faults.push({ kind: "log-event", node, entry: { log: "Application", source, id, type: type ?? "Error", message: message ?? "" } });
  }
  if (file.mail_flow !== undefined) faults.push({ kind: "mail-flow", flow: file.mail_flow });
  if (file.remove_file !== undefined) faults.push({ kind: "remove-file", ...file.remove_file });
  return faults;
}

/** What is due from the beginning: the events with `at`. Numbered from 1 in the order of their times, those of one time as they stand. */
export function dueOf(events: readonly EventFile[], epochMs: number): Due[] {
  return events
    .flatMap((event) => (event.at === undefined ? [] : (event.does ?? []).flatMap(faultsOf).map((fault) => ({ atMs: epochMs + durationMs(event.at ?? "0s"), fault }))))
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, fault }, index) => ({ atMs, number: index + 1, what: { kind: "fault", fault }, cause: { by: "event", what: fault.kind } }));
}

/** What waits for calls: the events with `on`. */
export function triggersOf(events: readonly EventFile[]): TriggerState[] {
  return events.flatMap((event) => {
    const { on, install, move, group } = event;
    if (on === undefined) return [];
    return [{
      command: wordsOf(on.command),
      node: on.node,
      nth: on.nth ?? 1,
      times: on.times ?? 1,
      seen: 0,
      reply: replyOf(event.reply),
      outcome: {
        install: install === undefined ? undefined : { exitCode: install.exit_code, failsIn: install.fails_in, services: install.services, clusterService: install.cluster_service, files: install.files, notStarted: install.not_started, startModes: install.start_modes, imagesMs: optionalMs(install.images), hangsIn: install.hangs_in },
        move: move === undefined ? undefined : { dismounted: move.dismounted, onlinePendingMs: optionalMs(move.online_pending), copies: move.copies },
        group: group === undefined ? undefined : { takesMs: optionalMs(group.takes), status: group.state },
        file: event.file,
      },
      afterMs: optionalMs(event.after) ?? 0,
      faults: (event.does ?? []).flatMap(faultsOf),
    }];
  });
}

function replyOf(reply: EventFile["reply"]): ReplyChange {
  const bad = reply?.fail !== undefined || (reply?.exit_code ?? 0) !== 0;
  return {
    effect: reply?.effect ?? (bad ? "none" : "done"),
    exitCode: reply?.exit_code,
    stdout: reply?.stdout,
    stderr: reply?.stderr,
    failure: reply?.fail,
    lost: reply?.lost ?? false,
    slowMs: optionalMs(reply?.slow) ?? 0,
  };
}

/** The words of a command; double quotes keep blanks together. */
export function wordsOf(command: string): readonly string[] {
  return (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ""));
}

function optionalMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : durationMs(text);
}

import { checkCall } from "./check-call.ts";
import type { EventFile } from "./event-schema.ts";
import type { FaultFile } from "./fault-schema.ts";
import { faultAt, unknownName, type WorldFault } from "./world-fault.ts";
import { databasesOf, servicesOn } from "./world-names.ts";
import type { WorldFile } from "./world-schema.ts";

type Path = readonly (string | number)[];

/** What is wrong with what happens by itself and with what people do. */
export function checkEvents(file: WorldFile): readonly WorldFault[] {
  return [
    ...(file.events ?? []).flatMap((event, index) => checkEvent(file, event, ["events", index])),
    ...(file.programs ?? []).flatMap((program, index) => {
      const path: Path = ["programs", index];
      const silent = (program.does?.length ?? 0) > 0 && program.changes !== true ? [faultAt([...path, "does"], "a program that does something to the system says `changes: true`")] : [];
      return [...silent, ...unknownName([...path, "node"], "node", program.node, Object.keys(file.nodes)), ...checkFaults(file, program.does, [...path, "does"])];
    }),
    ...(file.people ?? []).flatMap((person, index) => person.answers.flatMap((answer, at) => checkFaults(file, answer.does, ["people", index, "answers", at, "does"]))),
  ];
}

function checkEvent(file: WorldFile, event: EventFile, path: Path): readonly WorldFault[] {
  const faults: WorldFault[] = [...checkFaults(file, event.does, [...path, "does"])];
  const { at, on, after } = event;
  const outcomes = ["reply", "install", "move", "group", "file"] as const;
  if ((at === undefined) === (on === undefined)) faults.push(faultAt(path, "an event has one of `at` and `on`"));
  if (outcomes.every((key) => event[key] === undefined) && (event.does ?? []).length === 0) faults.push(faultAt(path, "an event has something that happens: `does`, or what becomes of the call"));
  if (after !== undefined && (on === undefined || event.does === undefined)) faults.push(faultAt([...path, "after"], "`after` tells when `does` comes about, counted from the call that `on` names"));
  if (on === undefined) {
    for (const key of outcomes) if (event[key] !== undefined) faults.push(faultAt([...path, key], `\`${key}\` belongs to a call: name it under \`on\``));
    return faults;
  }
  return [...faults, ...unknownName([...path, "on", "node"], "node", on.node, Object.keys(file.nodes)), ...checkCall(file, event, on.command, path)];
}

/** Every entry of `does` has exactly one thing that happens, and names what is there. */
function checkFaults(file: WorldFile, does: readonly FaultFile[] | undefined, path: Path): readonly WorldFault[] {
  const nodes = Object.keys(file.nodes);
  const groups = [...Object.keys(file.groups ?? {}), file.mailbox_server.name, "Cluster Group"];
  return (does ?? []).flatMap((fault, index) => {
    const at = (...more: readonly string[]): Path => [...path, index, ...more];
    const keys = Object.entries(fault).filter(([, value]) => value !== undefined);
    const { unreachable, move_group: moved, failback, copy, service, installer_busy: busy, remove_file: removed, log_event: logged, setup, load } = fault;
    const single = ["restart", "power_off", "power_on", "pause", "resume", "fail_over", "hand_over", "restart_pending"] as const;
    return [
      ...(keys.length === 1 ? [] : [faultAt(at(), `one thing happens in each entry, here ${keys.length === 0 ? "none" : keys.map(([key]) => `\`${key}\``).join(" and ")}`)]),
      ...single.flatMap((key) => unknownName(at(key), "node", fault[key], nodes)),
      ...[unreachable, busy, removed, service, logged, setup].flatMap((part, which) => unknownName(at(["unreachable", "installer_busy", "remove_file", "service", "log_event", "setup"][which] ?? "", "node"), "node", part?.node, nodes)),
      ...unknownName(at("move_group", "to"), "node", moved?.to, nodes),
      ...unknownName(at("move_group", "group"), "group", moved?.group, groups),
      ...unknownName(at("failback", "to"), "node", failback?.to, nodes),
      ...unknownName(at("failback", "group"), "group", failback?.group, groups),
      ...unknownName(at("copy", "storage_group"), "storage group", copy?.storage_group, Object.keys(file.mailbox_server.storage_groups)),
      ...unknownName(at("load", "storage_group"), "storage group", load?.storage_group, Object.keys(file.mailbox_server.storage_groups)),
      ...unknownName(at("setup", "kb"), "package", setup?.kb, (file.packages ?? []).map(({ kb }) => kb)),
      ...unknownName(at("dismount"), "database", fault.dismount, databasesOf(file)),
      ...unknownName(at("mount"), "database", fault.mount, databasesOf(file)),
      ...(service === undefined ? [] : unknownName(at("service", "name"), "service", service.name, servicesOn(file, service.node))),
      ...(service !== undefined && service.start_mode === undefined && service.state === undefined ? [faultAt(at("service"), "a service gets a `start_mode`, a `state` or both")] : []),
      ...(copy !== undefined && (file.mailbox_server.storage ?? "ccr") !== "ccr" ? [faultAt(at("copy"), "only continuous replication keeps copies")] : []),
    ];
  });
}

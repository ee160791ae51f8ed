import type { JsonObject } from "../../core/json.ts";
import { timeText } from "../../core/time.ts";
import type { LoggedEvent } from "../event-log.ts";
import type { NodeState } from "../node-state.ts";
import { takes } from "../timings.ts";
import { sameName } from "../world-state.ts";
import { failed, records, textOf, type CmdletCommand } from "./command.ts";

/** Parameters that filter: PowerShell 1.0 has none of them (from memory; domain page, 5). */
const FILTERS = ["Source", "EntryType", "After", "Before", "InstanceId", "Message", "Index", "UserName", "ComputerName"] as const;

/** `Get-EventLog -LogName Application -Newest N`: the newest entries first. Filters need PowerShell 2.0. */
export const GET_EVENT_LOG: CmdletCommand = {
  name: "Get-EventLog",
  changes: false,
  parameters: { LogName: {}, Newest: {}, Source: {}, EntryType: {}, After: {}, Before: {}, InstanceId: {}, Message: {}, Index: {}, UserName: {}, ComputerName: {} },
  begin: ({ state, node }, given) => ({
    takesMs: takes(state, "program", "Get-EventLog", node?.name ?? "local"),
    end: () => {
      if (node === undefined) return failed("not_found", "this machine is no node of the simulated system");
      const filter = Object.keys(given).find((name) => FILTERS.some((known) => sameName(known, name)));
      if (filter !== undefined && Number(node.powershell.split(".")[0]) < 2) return failed("bad_input", `A parameter cannot be found that matches parameter name '${filter}'.`);
      if (filter !== undefined) return failed("cmdlet_error", `the simulated system does not filter by ${filter}`);
      const log = textOf(given, "LogName");
      if (!sameName(log, "Application") && !sameName(log, "System")) return failed("not_found", `The event log '${log}' on computer '.' does not exist.`);
      const entries = node.eventLog.filter((entry) => sameName(entry.log, log));
      const newest = Number(textOf(given, "Newest") || entries.length);
      return records(...entries.toReversed().slice(0, newest).map((entry, index) => entryRecord(node, entry, entries.length - index)));
    },
  }),
};

function entryRecord(node: NodeState, entry: LoggedEvent, index: number): JsonObject {
  const { source, id, type, message, atMs } = entry;
  return { Index: index, TimeGenerated: timeText(atMs), TimeWritten: timeText(atMs), EntryType: type, Source: source, EventID: id, InstanceId: id, Message: message, MachineName: node.name };
}

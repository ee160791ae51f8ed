import type { ProgramResult } from "../../core/action.ts";
import type { GroupState } from "../cluster-state.ts";
import { takes } from "../timings.ts";
import { findGroup } from "../world-state.ts";
import type { ClusterRequest } from "./cluster-arguments.ts";
import { printed, type Begun, type Moment } from "./command.ts";
import { systemError } from "./system-error.ts";

const NONE = 4_294_967_295;

/** Shows the properties of a group or the nodes that it prefers, or sets its property `AutoFailbackType`; another one, or another value, is refused with error 87. */
export function beginGroupPolicy({ state, node }: Moment, request: ClusterRequest): Begun<ProgramResult> {
  const takesMs = takes(state, "program", "cluster.exe", node?.name ?? "local");
  const group = findGroup(state, request.name ?? "");
  if (group === undefined) return { takesMs, end: () => systemError(5013) };
  if (request.verb === "owners") return { takesMs, end: () => printed(0, owners(group)) };
  const { setting } = request;
  if (setting === undefined) return { takesMs, end: () => printed(0, properties(group)) };
  if (setting.name.toLowerCase() !== "autofailbacktype" || !/^[01]$/.test(setting.value)) return { takesMs, end: () => systemError(87) };
  group.failback = setting.value === "1";
  return { takesMs, end: () => printed(0, "") };
}

/** The layout, and the values that no rule of this world reads, are from memory. */
function properties(group: GroupState): string {
  const number = (value: number): string => `${value} (0x${value.toString(16)})`;
  const rows: readonly (readonly [type: string, name: string, value: string])[] = [
    ["SR", "Name", group.name],
    ["S ", "Description", ""],
    ["D ", "PersistentState", number(group.wanted === "Offline" ? 0 : 1)],
    ["D ", "FailoverThreshold", number(10)],
    ["D ", "FailoverPeriod", number(6)],
    ["D ", "AutoFailbackType", number(group.failback ? 1 : 0)],
    ["D ", "FailbackWindowStart", number(NONE)],
    ["D ", "FailbackWindowEnd", number(NONE)],
  ];
  const lines = rows.map(([type, name, value]) => `${type} ${group.name.padEnd(20)} ${name.padEnd(30)} ${value}`.trimEnd());
  return `Listing properties for '${group.name}':\n\nT  Resource Group       Name                           Value\n-- -------------------- ------------------------------ -----------------------\n${lines.join("\n")}\n`;
}

function owners(group: GroupState): string {
  return `Listing preferred owners for resource group '${group.name}':\n\nPreferred Owner Nodes\n---------------------\n${group.preferredOwners.map((name) => `${name}\n`).join("")}\n`;
}

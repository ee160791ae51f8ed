import type { CmdletResult } from "../../core/action.ts";
import type { JsonObject } from "../../core/json.ts";
import { SYSTEM_DRIVE } from "../machine-state.ts";
import type { NodeState } from "../node-state.ts";
import { isRunning } from "../rules/services.ts";
import { timeText } from "../../core/time.ts";
import { takes } from "../timings.ts";
import type { WorldState } from "../world-state.ts";
import { processesOf } from "./processes.ts";
import { failed, records, textOf, type CmdletCommand, type Reply } from "./command.ts";

/** `Get-WmiObject -Class Win32_Service | Win32_OperatingSystem | Win32_ComputerSystem | Win32_LogicalDisk | Win32_Process` (domain page, 3.5). `-Filter` takes `Name='X'`. It needs the service Winmgmt. */
export const GET_WMI_OBJECT: CmdletCommand = {
  name: "Get-WmiObject",
  changes: false,
  parameters: { Class: {}, Filter: {} },
  begin: ({ state, node }, parameters) => ({
    takesMs: takes(state, "wmi", "Get-WmiObject", node?.name ?? "local"),
    end: () => (node === undefined ? failed("not_found", "this machine is no node of the simulated system") : query(state, node, textOf(parameters, "Class"), textOf(parameters, "Filter"))),
  }),
};

/** `Win32_LogicalDisk.DriveType` of a disk of the machine itself. */
const LOCAL_DISK = 3;

function query(state: WorldState, node: NodeState, className: string, filter: string): Reply<CmdletResult> {
  if (!isRunning(node, "Winmgmt")) return failed("cmdlet_error", "The RPC server is unavailable. (Exception from HRESULT: 0x800706BA)");
  const found = instances(state, node, className);
  if (found === undefined) return failed("cmdlet_error", `Invalid class "${className}"`);
  const wanted = /^\s*Name\s*=\s*(['"])(.*)\1\s*$/i.exec(filter)?.[2]?.toLowerCase();
  if (filter !== "" && wanted === undefined) return failed("cmdlet_error", `Invalid query "select * from ${className} where ${filter}"`);
  return records(...found.filter((record) => wanted === undefined || String(record["Name"]).toLowerCase() === wanted));
}

function instances(state: WorldState, node: NodeState, className: string): readonly JsonObject[] | undefined {
  switch (className.toLowerCase()) {
    case "win32_service":
      return node.services.map(({ name, displayName, startMode, state: stands }) => ({ Name: name, DisplayName: displayName, StartMode: startMode, State: stands }));
    case "win32_operatingsystem": {
      const { caption, version, architecture } = node.os;
      const bits: JsonObject = Number(version.split(".")[0]) >= 6 ? { OSArchitecture: architecture === "x64" ? "64-bit" : "32-bit" } : {};
      return [{ Caption: caption, Version: version, ...bits, CSName: node.name, LastBootUpTime: timeText(node.lastBootMs), SystemDrive: SYSTEM_DRIVE, LocalDateTime: timeText(state.nowMs) }];
    }
    case "win32_computersystem":
      return [{ Name: node.name, Domain: state.domain, SystemType: node.os.architecture === "x64" ? "x64-based PC" : "X86-based PC" }];
    case "win32_process":
      return processesOf(state, node);
    case "win32_logicaldisk":
      return node.machine.drives.map(({ name, freeBytes }) => ({ Name: name, DeviceID: name, DriveType: LOCAL_DISK, FreeSpace: freeBytes }));
    default:
      return undefined;
  }
}

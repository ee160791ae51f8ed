import type { JsonObject } from "../../core/json.ts";
import type { NodeState } from "../node-state.ts";
import type { WorldState } from "../world-state.ts";

/** The process of the Windows Installer service, which is there while anything is installed. */
const SERVICE_LINE = "C:\\Windows\\system32\\msiexec.exe /V";
/** What another installation runs as. */
const OTHER_LINE = "\"C:\\Windows\\system32\\msiexec.exe\" /i D:\\other.msi /quiet";

/** `Win32_Process`: the programs that a node runs which the world knows of, its jobs and installations; no others. */
export function processesOf(state: WorldState, node: NodeState): readonly JsonObject[] {
  const jobs = node.jobs.filter((job) => job.state === "running").map((job) => [job.program, ...job.args].join(" "));
  const other = state.nowMs < node.installerBusyUntilMs ? [OTHER_LINE] : [];
  const installers = [...jobs.filter((line) => /\bmsiexec/i.test(line)), ...other];
  const lines = [...jobs, ...other, ...(installers.length > 0 ? [SERVICE_LINE] : [])];
  return lines.map((line, index) => ({ Name: nameIn(line), ProcessId: 4 * (index + 500), CommandLine: line }));
}

function nameIn(line: string): string {
  const program = line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : line.slice(0, line.search(/ |$/));
  return program.slice(program.lastIndexOf("\\") + 1);
}

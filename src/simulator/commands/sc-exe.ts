import type { ProgramResult } from "../../core/action.ts";
import type { StartMode } from "../job-state.ts";
import type { NodeState, ServiceState } from "../node-state.ts";
import { findService, setStartMode, startService, stopService } from "../rules/services.ts";
import { takes } from "../timings.ts";
import type { WorldState } from "../world-state.ts";
import { failed, printed, type Begun, type ProgramCommand, type Reply } from "./command.ts";
import { systemMessage } from "./system-error.ts";

const START_MODES: Readonly<Record<string, StartMode>> = { auto: "Auto", "delayed-auto": "Auto", demand: "Manual", disabled: "Disabled" };
/** Server 2008: from here on a service may start delayed, and `sc.exe` knows it (domain page, 3.5). */
const FIRST_WITH_DELAYED = 6;
const START_TYPES: Readonly<Record<StartMode, string>> = { Auto: "2   AUTO_START", Manual: "3   DEMAND_START", Disabled: "4   DISABLED" };
const STATES: Readonly<Record<ServiceState["state"], string>> = {
  Stopped: "1  STOPPED", "Start Pending": "2  START_PENDING", "Stop Pending": "3  STOP_PENDING", Running: "4  RUNNING", Paused: "7  PAUSED",
};
const CALLS: Readonly<Record<string, string>> = { config: "ChangeServiceConfig", start: "StartService", stop: "ControlService", qc: "OpenService", query: "EnumQueryServicesStatus:OpenService" };
const CHANGING: ReadonlySet<string> = new Set(["config", "start", "stop"]);

/** `sc.exe` with `config`, `start`, `stop`, `qc` and `query`. A start or stop answers at once; the service follows a little later. */
export const SC_EXE: ProgramCommand = {
  name: "sc.exe",
  changes: (args) => CHANGING.has((args[0] ?? "").toLowerCase()),
  begin: ({ state, node }, args) => {
    const takesMs = takes(state, "program", "sc.exe", node?.name ?? "local");
    if (node === undefined) return { takesMs, end: () => failed("not_found", "this machine has no services of the simulated system") };
    const verb = (args[0] ?? "").toLowerCase();
    const name = args[1] ?? "";
    if (CHANGING.has(verb)) return changed(state, node, verb, args, takesMs);
    return { takesMs, end: () => shown(node, verb, name) };
  },
};

function changed(state: WorldState, node: NodeState, verb: string, args: readonly string[], takesMs: number): Begun<ProgramResult> {
  const name = args[1] ?? "";
  if (!node.administrator) return { takesMs, end: () => refused("OpenService", 5) };
  const service = findService(node, name);
  const before = service?.state;
  let error: number;
  if (verb === "config") {
    const mode = START_MODES[(args[3] ?? "").toLowerCase()];
    const delayed = (args[3] ?? "").toLowerCase() === "delayed-auto";
    const unknown = mode === undefined || (delayed && Number(node.os.version.split(".")[0]) < FIRST_WITH_DELAYED);
    if ((args[2] ?? "").toLowerCase() !== "start=" || unknown) return { takesMs, end: () => printed(1639, "DESCRIPTION:\n        Modifies a service entry in the registry and Service Database.\n") };
    error = setStartMode(node, name, mode);
    // `auto` takes a delay away; `disabled` and `demand` leave it as it is (from memory).
    if (service !== undefined && mode === "Auto") service.delayed = delayed;
  } else {
    error = verb === "start" ? startService(state, node, name) : stopService(state, node, name);
  }
  if (error !== 0 || service === undefined) return { takesMs, end: () => refused(error === 1060 ? "OpenService" : (CALLS[verb] ?? verb), error) };
  if (verb === "config") return { takesMs, end: () => printed(0, "[SC] ChangeServiceConfig SUCCESS\n") };
  const pending = service.state === before ? service.state : verb === "start" ? "Start Pending" : "Stop Pending";
  return { takesMs, end: () => printed(0, statusText(service, pending)) };
}

function shown(node: NodeState, verb: string, name: string): Reply<ProgramResult> {
  const service = findService(node, name);
  if (verb !== "qc" && verb !== "query") return printed(1639, "DESCRIPTION:\n        SC is a command line program used for communicating with the\n        Service Control Manager and services.\n");
  if (service === undefined) return refused(CALLS[verb] ?? verb, 1060);
  if (verb === "query") return printed(0, statusText(service, service.state));
  return printed(0, `[SC] QueryServiceConfig SUCCESS\n\nSERVICE_NAME: ${service.name}\n        TYPE               : 10  WIN32_OWN_PROCESS\n        START_TYPE         : ${START_TYPES[service.startMode]}\n        ERROR_CONTROL      : 1   NORMAL\n        DISPLAY_NAME       : ${service.displayName}\n        DEPENDENCIES       : ${service.dependsOn.join("\n                           : ")}\n        SERVICE_START_NAME : LocalSystem\n`);
}

function statusText(service: ServiceState, state: ServiceState["state"]): string {
  return `\nSERVICE_NAME: ${service.name}\n        TYPE               : 10  WIN32_OWN_PROCESS\n        STATE              : ${STATES[state]}\n        WIN32_EXIT_CODE    : 0  (0x0)\n        SERVICE_EXIT_CODE  : 0  (0x0)\n        CHECKPOINT         : 0x0\n        WAIT_HINT          : 0x0\n`;
}

function refused(call: string, error: number): Reply<ProgramResult> {
  return printed(error, `[SC] ${call} FAILED ${error}:\n\n${systemMessage(error)}\n\n`);
}

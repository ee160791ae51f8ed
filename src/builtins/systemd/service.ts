import { defineBuiltin, type Decision, type Past, type PastAct } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { systemctlShow, type SystemdUnit } from "../../formats/systemd-units.ts";
import { ON_ITS_WAY, refusalOf, unitsIn, UNIT_NAME } from "./shared/units.ts";

/** Longer than the 90 seconds after which systemd gives a start or a stop up (`DefaultTimeoutStartSec`). */
const SETTLES_MS = 120_000;

function lastAct(past: Past, ...actions: readonly string[]): PastAct | undefined {
  return past.acts.findLast((act) => act.attempt === past.attempt && actions.includes(act.action));
}

/** What is still to be done; undefined where the service is as it should be. */
function due(unit: SystemdUnit, inputs: { readonly state?: string | undefined; readonly enabled?: boolean | undefined }, past: Past): "enable" | "disable" | "start" | "stop" | "restart" | undefined {
  const isEnabled = unit.startMode === "enabled" || unit.startMode === "enabled-runtime";
  if (inputs.enabled === true && !isEnabled) return "enable";
  if (inputs.enabled === false && isEnabled) return "disable";
  if (inputs.state === "running" && unit.state !== "active") return "start";
  if (inputs.state === "stopped" && unit.state !== "inactive" && unit.state !== "failed") return "stop";
  if (inputs.state !== "restarted") return undefined;
  // It runs under another number than it did when it was told to restart, over all attempts: it is restarted once.
  const restart = past.acts.findLast(({ action }) => action === "restart");
  return restart !== undefined && unit.state === "active" && unit.invocation !== restart.fill["invocation"] ? undefined : "restart";
}

/** `systemd.service`: a service runs or not, and starts with the system or not. */
export const systemdService = defineBuiltin({
  name: "systemd.service",
  title: "Bring a systemd service to a state",
  docs: [
    "Starts, stops or restarts a unit, and says whether it starts with the system. What is as it should be already is left alone; `restarted` restarts it once in a run, and sees it by the number that systemd gives to every start.",
    "",
    "Done when systemd says so, not when `systemctl` has ended: a service that dies directly after its start is `service_failed`, with how its last run ended. A masked unit is not started: somebody does not want it (`masked`).",
  ].join("\n"),
  examples: [{ title: "Runs, and starts with the system", yaml: ["- id: web_runs", "  uses: systemd.service", "  target: node_a", "  with: { name: nginx, state: running, enabled: true }"].join("\n") }],
  inputs: {
    name: { type: "string", pattern: UNIT_NAME, description: "The unit; `.service` where no ending is written" },
    state: { type: "string", enum: ["running", "stopped", "restarted"], required: false, description: "Without it the state is left alone" },
    enabled: { type: "boolean", required: false, description: "Starts with the system; without it that is left alone" },
  },
  outputs: {
    state: { type: "string", description: "`active`, `inactive`, `failed`" },
    start_mode: { type: "string", description: "`enabled`, `disabled`, `static`, `masked` …" },
  },
  codes: {
    nothing_asked: "neither `state` nor `enabled` is given",
    masked: "the unit is masked",
    service_refused: "systemd did not take the order",
    service_failed: "the service was started and does not run",
  },
  place: "optional",
  timeoutMs: 300_000,
  undo: { kind: "steps", how: "Bring it to the state before with this builtin." },
  actions: {
    read: { effect: "reads", title: "Read how the service stands", make: (inputs) => systemctlShow([inputs.name]) },
    enable: { effect: "changes", title: "Let it start with the system", make: (inputs) => ({ kind: "program", program: "systemctl", args: ["enable", "--quiet", "--", inputs.name] }) },
    disable: { effect: "changes", title: "Do not let it start with the system", make: (inputs) => ({ kind: "program", program: "systemctl", args: ["disable", "--quiet", "--", inputs.name] }) },
    start: { effect: "changes", title: "Start the service", make: (inputs) => ({ kind: "program", program: "systemctl", args: ["start", "--", inputs.name] }), settlesWithinMs: SETTLES_MS },
    stop: { effect: "disrupts", title: "Stop the service", make: (inputs) => ({ kind: "program", program: "systemctl", args: ["stop", "--", inputs.name] }), settlesWithinMs: SETTLES_MS },
    restart: {
      effect: "disrupts", title: "Restart the service", settlesWithinMs: SETTLES_MS,
      // Not an argument: it is kept with what was done, and tells the run before from the run after.
      fills: { invocation: "the number of its present run" },
      make: (inputs) => ({ kind: "program", program: "systemctl", args: ["restart", "--", inputs.name] }),
    },
  },
  look: () => ({ units: { action: "read" } }),
  decide(inputs, facts, past): Decision<{ readonly state: string; readonly start_mode: string }> {
    if (inputs.state === undefined && inputs.enabled === undefined) return giveUp(past, "nothing_asked", "say `state`, `enabled` or both");
    const seen = unitsIn(facts, 1);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const [unit] = seen.value;
    if (unit === undefined || !unit.exists) return giveUp(past, "not_found", `systemd knows no ${inputs.name} here; \`systemctl list-unit-files\` lists what there is`);
    const says = `${unit.name} is ${unit.state}${unit.startMode === "" ? "" : ` and ${unit.startMode}`}`;
    if (ON_ITS_WAY.includes(unit.state)) return { kind: "wait", because: says, everyMs: 1_000 };
    const action = due(unit, inputs, past);
    if (action === undefined) return { kind: "done", outputs: { state: unit.state, start_mode: unit.startMode }, because: says };
    if (unit.startMode.startsWith("masked") && action !== "stop" && action !== "disable") return giveUp(past, "masked", `${unit.name} is masked: somebody does not want it to run. \`systemctl unmask ${unit.name}\` ends that`);
    const act = lastAct(past, action);
    const refused = refusalOf(act);
    if (refused !== undefined) return { kind: "fail", ...refused, because: `${refused.because}; ${says}` };
    if (act?.outcome === "ok") return { kind: "fail", code: "service_failed", because: `${says} after \`systemctl ${action}\` (result ${unit.result}). See \`journalctl --unit ${unit.name} --lines 50\` there` };
    return { kind: "act", actions: [{ action, ...(action === "restart" ? { fill: { invocation: unit.invocation } } : {}) }], because: says };
  },
});

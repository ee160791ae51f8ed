import { defineBuiltin, type ActionCall, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { systemctlShow, type SystemdUnit } from "../../formats/systemd-units.ts";
import { ON_ITS_WAY, refusalOf, SERVICE, serviceOf, unitsIn } from "./shared/units.ts";

const SETTLES_MS = 120_000;

/** How a service stands apart from its snapshot, and what brings it back. */
interface Difference {
  readonly text: string;
  readonly cure: ActionCall | undefined;
}

function differenceOf(before: { readonly name: string; readonly state: string; readonly start_mode: string }, now: SystemdUnit | undefined): readonly Difference[] {
  if (now === undefined || !now.exists) return [{ text: `${before.name} is not there any more`, cure: undefined }];
  const found: Difference[] = [];
  if (before.start_mode !== now.startMode && (before.start_mode === "enabled" || before.start_mode === "disabled")) {
    found.push({ text: `${now.name} is ${now.startMode} and not ${before.start_mode}`, cure: { action: before.start_mode === "enabled" ? "enable" : "disable", fill: { unit: now.name } } });
  }
  if (before.state === "active" && now.state !== "active") found.push({ text: `${now.name} is ${now.state} and not active`, cure: ON_ITS_WAY.includes(now.state) ? undefined : { action: "start", fill: { unit: now.name } } });
  return found;
}

/** True if this was done in this attempt already. */
function wasDone(past: Past, { action, fill }: ActionCall): boolean {
  return past.acts.some((act) => act.attempt === past.attempt && act.action === action && act.fill["unit"] === fill?.["unit"] && act.outcome === "ok");
}

/** `systemd.services_restore`: services stand as they were remembered. */
export const systemdServicesRestore = defineBuiltin({
  name: "systemd.services_restore",
  title: "Bring services back to a snapshot",
  docs: [
    "Gives the services of a remembered snapshot their start modes back, then starts those that ran and do not run now. Where everything stands as it did nothing is changed. A service that did not run and runs now is left alone.",
    "",
    "An update whose scripts leave services disabled is a known fault: they run, and are gone after the next restart. So the start mode is compared, too.",
  ].join("\n"),
  examples: [{ title: "After an update", yaml: ["- id: services_back", "  uses: systemd.services_restore", "  target: node_b", '  with: { snapshot: "{{steps.services_before.outputs}}" }'].join("\n") }],
  inputs: {
    snapshot: {
      type: "object", remember: true, description: "The outputs of the `systemd.services` that was remembered",
      properties: { services: { type: "list", items: SERVICE }, all_running: { type: "boolean", required: false } },
    },
  },
  outputs: {
    restored: { type: "list", items: { type: "string" }, description: "The services that were changed; empty where nothing had to be" },
    services: { type: "list", items: SERVICE, description: "The services as they stand now" },
  },
  codes: {
    service_missing: "a service of the snapshot does not exist any more",
    service_refused: "systemd did not take an order",
    service_failed: "a service was started and does not run",
  },
  place: "optional",
  timeoutMs: 300_000,
  undo: { kind: "nothing", because: "it brings back what the snapshot remembered" },
  actions: {
    read: { effect: "reads", title: "Read how the services stand", make: (inputs) => systemctlShow(inputs.snapshot.services.map(({ name }) => name)) },
    enable: { effect: "changes", title: "Let a service start with the system", fills: { unit: "the service" }, make: (_inputs, fill) => ({ kind: "program", program: "systemctl", args: ["enable", "--quiet", "--", fill["unit"] ?? ""] }) },
    disable: { effect: "changes", title: "Do not let a service start with the system", fills: { unit: "the service" }, make: (_inputs, fill) => ({ kind: "program", program: "systemctl", args: ["disable", "--quiet", "--", fill["unit"] ?? ""] }) },
    start: { effect: "changes", title: "Start a service", fills: { unit: "the service" }, make: (_inputs, fill) => ({ kind: "program", program: "systemctl", args: ["start", "--", fill["unit"] ?? ""] }), settlesWithinMs: SETTLES_MS },
  },
  look: () => ({ units: { action: "read" } }),
  decide(inputs, facts, past) {
    const before = inputs.snapshot.services;
    if (before.length === 0) return { kind: "done", outputs: { restored: [], services: [] }, because: "the snapshot names no service" };
    const seen = unitsIn(facts, before.length);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const found = before.flatMap((service, index) => differenceOf(service, seen.value[index]));
    const because = found.map(({ text }) => text).join("; ");
    if (found.length === 0) {
      const restored = [...new Set(past.acts.map(({ fill }) => fill["unit"] ?? ""))].filter((name) => name !== "").toSorted();
      return { kind: "done", outputs: { restored, services: seen.value.map(serviceOf) }, because: "the services stand as they were remembered" };
    }
    if (seen.value.some(({ exists }) => !exists)) return giveUp(past, "service_missing", because);
    const refused = past.acts.filter(({ attempt }) => attempt === past.attempt).map(refusalOf).find((failure) => failure !== undefined);
    if (refused !== undefined) return { kind: "fail", ...refused, because: `${refused.because}; ${because}` };
    const cures = found.flatMap(({ cure }) => cure ?? []);
    if (cures.length === 0) return { kind: "wait", because, everyMs: 1_000 };
    const stuck = cures.filter((cure) => wasDone(past, cure)).map(({ fill }) => fill?.["unit"] ?? "");
    if (stuck.length > 0) return { kind: "fail", code: "service_failed", because: `${because}, although it was set right. See \`journalctl --unit ${stuck[0] ?? ""} --lines 50\` there` };
    return { kind: "act", actions: cures, because };
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { systemctlShow } from "../../formats/systemd-units.ts";
import { SERVICE, serviceOf, unitsIn, UNIT_NAME } from "./shared/units.ts";

/** `systemd.services`: how services stand. */
export const systemdServices = defineBuiltin({
  name: "systemd.services",
  title: "Read how systemd services stand",
  docs: [
    "State and start mode of the named units. With `remember: true` it is a snapshot that `systemd.services_restore` brings back: it survives a crash, and is never read again from a half-changed system.",
    "",
    "`all_running` is what most procedures want to know.",
  ].join("\n"),
  examples: [{ title: "Before an update", yaml: ["- id: services_before", "  uses: systemd.services", "  target: node_b", "  with: { names: [nginx, app] }", "  remember: true"].join("\n") }],
  inputs: { names: { type: "list", items: { type: "string", pattern: UNIT_NAME }, description: "The units; `.service` where no ending is written" } },
  outputs: {
    services: { type: "list", items: SERVICE, description: "The units, in the order of `names`" },
    all_running: { type: "boolean", description: "Every one of them is active" },
  },
  codes: {},
  place: "optional",
  timeoutMs: 120_000,
  actions: { read: { effect: "reads", title: "Read how the services stand", make: (inputs) => systemctlShow(inputs.names) } },
  look: () => ({ units: { action: "read" } }),
  decide(inputs, facts, past) {
    const seen = unitsIn(facts, inputs.names.length);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const absent = seen.value.filter(({ exists }) => !exists).map(({ name }) => name);
    if (absent.length > 0) return giveUp(past, "not_found", `systemd knows no ${absent.join(", ")} here; \`systemctl list-unit-files\` lists what there is`);
    const services = seen.value.map(serviceOf);
    return { kind: "done", outputs: { services, all_running: services.every(({ state }) => state === "active") }, because: services.map(({ name, state, start_mode }) => `${name} is ${state} and ${start_mode}`).join(", ") };
  },
});

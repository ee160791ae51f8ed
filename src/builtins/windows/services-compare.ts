import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { READ_DELAYED, READ_SERVICES, SERVICES, servicesOfSnapshot, SNAPSHOT } from "./shared/services.ts";
import { differences, differenceText } from "./shared/snapshot-difference.ts";

/** `windows.services_compare`: do the services stand as they did? */
export const windowsServicesCompare = defineBuiltin({
  name: "windows.services_compare",
  title: "Compare the services with a snapshot",
  docs: [
    "Reads the services of a remembered snapshot again and says where they stand apart. It only tells; give the step an `expect` or a `wait-until` over `outputs.equal`.",
    "",
    "A difference is: another start mode (a delayed start is one of its own), a service that ran and does not run, a service that is gone. No difference is: a service that runs now and did not, and whether `MSExchangeIS` and `MSExchangeSA` run; the cluster starts those two where the mailbox server is.",
  ].join("\n"),
  examples: [
    {
      title: "Wait until everything runs again",
      yaml: [
        "- id: services_as_before",
        "  uses: windows.services_compare",
        "  target: node_b",
        "  with:",
        '    snapshot: "{{steps.services_before.outputs}}"',
        "  wait-until: outputs.equal",
        "  every: 15s",
      ].join("\n"),
    },
  ],
  inputs: { snapshot: SNAPSHOT },
  outputs: {
    equal: { type: "boolean", description: "Nothing stands apart" },
    differences: { type: "list", items: { type: "string" }, description: "What stands apart, a sentence each" },
    services: SERVICES,
  },
  codes: {},
  place: "required",
  timeoutMs: 600_000,
  actions: { services: READ_SERVICES, delayed: READ_DELAYED },
  look: () => ({ delayed: { action: "delayed" }, services: { action: "services" } }),
  decide(inputs, facts, past) {
    const before = inputs.snapshot.services;
    const now = servicesOfSnapshot(facts, before);
    if (now.kind === "error") return withoutReading(past, now.error);
    const found = differences(before, now.value).map(differenceText);
    return {
      kind: "done",
      outputs: { equal: found.length === 0, differences: found, services: now.value },
      because: found.length === 0 ? "the services stand as they did" : found.join("; "),
    };
  },
});

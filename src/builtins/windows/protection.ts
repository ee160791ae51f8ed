import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { parseReading, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { recordsOf, textField } from "../../formats/cmdlet-record.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { productOf } from "./shared/protection-services.ts";
import { READ_SERVICES } from "./shared/services.ts";

/** A service that watches files or mail, as an output. */
interface Found {
  readonly name: string;
  readonly product: string;
  readonly kind: "forefront" | "antivirus";
  readonly state: string;
}

/** The reading `services`: those that protect. */
function protectionIn(facts: Facts): Reading<readonly Found[]> {
  return parseReading(facts, "services", "cmdlet", (answer) => {
    const records = recordsOf("the services", answer);
    if (records.kind === "error") return records;
    const found = records.value.flatMap((record): readonly Found[] => {
      const name = textField(record, "Name") ?? "";
      const product = productOf(name, excerpt(textField(record, "DisplayName") ?? ""));
      return product === undefined ? [] : [{ name, ...product, state: textField(record, "State") ?? "unknown" }];
    });
    return ok(found.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)));
  });
}

/** `windows.protection`: which services watch files and mail. */
export const windowsProtection = defineBuiltin({
  name: "windows.protection",
  title: "Find the services of antivirus products and of Forefront",
  docs: [
    "Services of known products by their short names, and any whose display name speaks of viruses. A product that is not known stays unseen: an empty list is no proof.",
    "",
    "Antivirus products can keep files open while setup replaces them, so that a restart is needed. With Forefront for Exchange switched on, some Exchange services may fail to start after setup: `fscutility /disable` before it, with its services stopped, and `fscutility /enable` after it. This builtin stops nothing.",
    "",
    "Source: domain page, 2.8 (T15, T24); names of services mostly from memory.",
  ].join("\n"),
  examples: [
    {
      title: "A note about what watches files",
      yaml: [
        "- id: protection",
        "  uses: windows.protection",
        "  target: node_b",
        "  expect:",
        "    - that: size(outputs.running) == 0",
        '      because: "Running: {{join outputs.running}}. Stop it for the time of setup."',
        "  on-failure: note",
      ].join("\n"),
    },
  ],
  inputs: {},
  outputs: {
    services: {
      type: "list",
      description: "What was found, by name",
      items: {
        type: "object",
        properties: {
          name: { type: "string", description: "Short name of the service" },
          product: { type: "string", description: "The product" },
          kind: { type: "string", enum: ["forefront", "antivirus"], description: "What it is" },
          state: { type: "string", description: "`Running`, `Stopped`, …" },
        },
      },
    },
    running: { type: "list", items: { type: "string" }, description: "Those that are not stopped: `FSCController (Forefront for Exchange)`" },
    forefront: { type: "boolean", description: "Forefront for Exchange is among the running ones" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { services: READ_SERVICES },
  look: () => ({ services: { action: "services" } }),
  decide(_inputs, facts, past) {
    const seen = protectionIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const services = seen.value;
    const active = services.filter(({ state }) => state !== "Stopped");
    const running = active.map(({ name, product }) => (product === name ? name : `${name} (${product})`));
    return {
      kind: "done",
      outputs: { services, running, forefront: active.some(({ kind }) => kind === "forefront") },
      because: running.length === 0 ? "no service of a known antivirus product runs" : `${running.join(", ")} run${running.length === 1 ? "s" : ""}`,
    };
  },
});

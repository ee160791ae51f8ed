import { expect, test } from "vitest";
import { PROTECTION_SERVICES } from "../../../src/builtins/windows/shared/protection-services.ts";
import { windowsProtection } from "../../../src/builtins/windows/protection.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, records } from "../turns.ts";
import { services, PASSIVE_NODE } from "./a-node.ts";

test.each<[string, Fact, object]>([
  ["services of Exchange and Windows protect nothing", services(...PASSIVE_NODE, ["Winmgmt", "Auto", "Running"]), { kind: "done", outputs: { services: [], running: [], forefront: false } }],
  ["Forefront is told", services(["FSCController", "Auto", "Running"]), { outputs: { running: ["FSCController (Forefront for Exchange)"], forefront: true } }],
  ["what is stopped is there and does not run", services(["fsccontroller", "Auto", "Stopped"]), { outputs: { services: [{ name: "fsccontroller", product: "Forefront for Exchange", kind: "forefront", state: "Stopped" }], running: [], forefront: false } }],
  ["what is starting is not stopped", services(["McShield", "Auto", "Start Pending"]), { outputs: { running: ["McShield (McAfee)"] } }],
  ["a product that is not known is told by its display name", records({ Name: "acme", DisplayName: "Acme AntiVirus Scanner", State: "Running" }), { outputs: { services: [{ name: "acme", product: "Acme AntiVirus Scanner", kind: "antivirus", state: "Running" }] } }],
  ["several come by name", services(["ntrtscan", "Auto", "Running"], ["AVP", "Auto", "Running"]), { outputs: { running: ["AVP (Kaspersky)", "ntrtscan (Trend Micro)"] } }],
  ["a node that does not answer", LOST, { kind: "refuse", code: "unreachable" }],
])("%s", (_title, seen, decision) => {
  expect(windowsProtection.decide({}, { services: seen }, pastOf(), PLACE)).toMatchObject(decision);
});

test("every name is in lower case and belongs to one product", () => {
  const names = PROTECTION_SERVICES.flatMap((product) => product.names);
  expect(names).toEqual([...new Set(names.map((name) => name.toLowerCase()))]);
});

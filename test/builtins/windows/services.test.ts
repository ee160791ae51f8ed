import { describe, expect, test } from "vitest";
import { windowsServicesCompare } from "../../../src/builtins/windows/services-compare.ts";
import { windowsServicesSnapshot } from "../../../src/builtins/windows/services-snapshot.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, printed, records } from "../turns.ts";
import { changed, PASSIVE_NODE, services, SNAPSHOT } from "./a-node.ts";

describe("windows.services_snapshot", () => {
  test("remembers the services of Exchange and those around it, by name", () => {
    const seen = services(...PASSIVE_NODE, ["Spooler", "Auto", "Running"], ["W3SVC", "Manual", "Stopped"], ["ClusSvc", "Auto", "Running"]);
    const decision = windowsServicesSnapshot.decide({ allow_disabled: false }, { services: seen }, pastOf(), PLACE);
    const names = decision.kind === "done" ? decision.outputs.services.map(({ name }) => name) : [];
    expect(names).toEqual(["ClusSvc", "MSExchangeADTopology", "MSExchangeIS", "MSExchangeMonitoring", "MSExchangeRepl", "W3SVC"]);
  });

  test.each<[string, Parameters<typeof windowsServicesSnapshot.decide>[0], Fact, object]>([
    ["a disabled service of Exchange is the trace of a failed update", { allow_disabled: false }, changed(["MSExchangeRepl", "Disabled", "Stopped"]), { kind: "refuse", code: "suspicious", because: expect.stringMatching(/`Get-WmiObject Win32_Service` on nodeb shows as Disabled: MSExchangeRepl\..*`sc\.exe config MSExchangeRepl start= auto`/) }],
    ["the cure names the start mode that a healthy node has", { allow_disabled: false }, changed(["MSExchangeIS", "Disabled", "Stopped"]), { kind: "refuse", because: expect.stringContaining("`sc.exe config MSExchangeIS start= demand`") }],
    ["it is remembered where that is meant", { allow_disabled: true }, changed(["MSExchangeRepl", "Disabled", "Stopped"]), { kind: "done", outputs: { disabled: ["MSExchangeRepl"] } }],
    ["a disabled service of somebody else is no trace", { allow_disabled: false }, services(["RemoteRegistry", "Disabled", "Stopped"]), { kind: "done", outputs: { services: [{ name: "RemoteRegistry", start_mode: "Disabled", state: "Stopped" }] } }],
    ["names are taken without regard to case", { allow_disabled: false, names: ["msexchangerepl"] }, changed(), { kind: "done", outputs: { services: [{ name: "MSExchangeRepl", start_mode: "Auto", state: "Running" }] } }],
    ["a name that does not exist is refused", { allow_disabled: false, names: ["MSExchangeRepl", "Nope"] }, changed(), { kind: "refuse", code: "not_found", because: "there is no service Nope" }],
    ["a start mode that is not known is unreadable", { allow_disabled: false }, services(["MSExchangeIS", "Sometimes", "Running"]), { kind: "refuse", code: "unreadable", because: expect.stringContaining("Sometimes") }],
    ["a service without a state is unreadable", { allow_disabled: false }, records({ Name: "MSExchangeIS", StartMode: "Auto" }), { kind: "refuse", code: "unreadable" }],
    ["a node that does not answer is refused", { allow_disabled: false }, LOST, { kind: "refuse", code: "unreachable" }],
  ])("%s", (_title, inputs, seen, decision) => {
    expect(windowsServicesSnapshot.decide(inputs, { services: seen }, pastOf(), PLACE)).toMatchObject(decision);
  });
});

test("a snapshot tells an Auto that starts delayed from one that does not, and says nothing where that cannot be read", () => {
  const seen = services(["W3SVC", "Auto", "Running"], ["RemoteRegistry", "Auto", "Running"], ["pla", "Manual", "Stopped"]);
  const delayed = printed("\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\r\n    DelayedAutostart    REG_DWORD    0x1\r\n\r\nEnd of search: 1 match(es) found.\r\n");
  const remembered = (facts: Readonly<Record<string, Fact>>): unknown => {
    const decision = windowsServicesSnapshot.decide({ allow_disabled: false }, { services: seen, ...facts }, pastOf(), PLACE);
    return decision.kind === "done" ? decision.outputs.services.map(({ name, delayed: isDelayed }) => [name, isDelayed]) : decision;
  };
  expect(remembered({ delayed })).toEqual([["pla", undefined], ["RemoteRegistry", false], ["W3SVC", true]]);
  expect(remembered({ delayed: LOST })).toEqual([["pla", undefined], ["RemoteRegistry", undefined], ["W3SVC", undefined]]);
});

describe("windows.services_compare", () => {
  test.each<[string, Fact, readonly string[]]>([
    ["nothing stands apart", changed(), []],
    ["another start mode", changed(["MSExchangeRepl", "Manual", "Running"]), ["MSExchangeRepl starts Manual and not Auto"]],
    ["a service that ran and does not run", changed(["MSExchangeRepl", "Auto", "Stopped"]), ["MSExchangeRepl is Stopped and not Running"]],
    ["a service that is just starting", changed(["MSExchangeRepl", "Auto", "Start Pending"]), ["MSExchangeRepl is Start Pending and not Running"]],
    ["a service that ran and is disabled", changed(["MSExchangeRepl", "Disabled", "Stopped"]), ["MSExchangeRepl starts Disabled and not Auto", "MSExchangeRepl is Stopped and not Running"]],
    ["a service that did not run and runs is none", changed(["MSExchangeMonitoring", "Manual", "Running"]), []],
    ["whether the information store runs is the cluster's business", changed(["MSExchangeIS", "Manual", "Running"]), []],
    ["that it is disabled is not", changed(["MSExchangeIS", "Disabled", "Stopped"]), ["MSExchangeIS starts Disabled and not Manual"]],
    ["a service that is gone", services(...PASSIVE_NODE.slice(0, 3)), ["MSExchangeMonitoring is not there any more"]],
  ])("difference: %s", (_title, seen, differences) => {
    const decision = windowsServicesCompare.decide({ snapshot: SNAPSHOT }, { services: seen }, pastOf(), PLACE);
    expect(decision).toMatchObject({ kind: "done", outputs: { equal: differences.length === 0, differences } });
  });

  test("a service that was remembered running on the active node may be stopped on the passive one, if the cluster owns it", () => {
    const active = { services: [{ name: "MSExchangeSA", start_mode: "Manual", state: "Running" }] } as const;
    expect(windowsServicesCompare.decide({ snapshot: active }, { services: services(["MSExchangeSA", "Manual", "Stopped"]) }, pastOf(), PLACE)).toMatchObject({ outputs: { equal: true } });
  });
});

import { expect, test } from "vitest";
import { windowsExecutionPolicy } from "../../../src/builtins/windows/execution-policy.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE } from "../turns.ts";
import { ABSENT, DENIED, key } from "./a-registry.ts";

const policy = (name: string): Fact => key(["EnableScripts", "REG_DWORD", "0x1"], ["ExecutionPolicy", "REG_SZ", name]);
const DISABLED = key(["EnableScripts", "REG_DWORD", "0x0"]);

test("it reads what Group Policy wrote, and nothing of PowerShell, so that version 1.0 answers too", () => {
  const { machine, user } = windowsExecutionPolicy.actions;
  expect([machine?.make({}, {}), user?.make({}, {})]).toEqual(["HKLM", "HKCU"].map((hive) => ({ kind: "program", program: "reg.exe", args: ["query", `${hive}\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell`, "/s"] })));
});

test.each<[string, Fact, Fact, object]>([
  ["Group Policy says nothing", ABSENT, ABSENT, { kind: "done", outputs: { by_policy: false, forbids_scripts: false }, because: "Group Policy says nothing of scripts" }],
  ["a key without a policy says nothing either", key(["Transcript", "REG_SZ", "x"]), ABSENT, { outputs: { by_policy: false } }],
  ["signed scripts alone", policy("AllSigned"), ABSENT, { outputs: { machine: "AllSigned", policy: "AllSigned", by_policy: true, forbids_scripts: true, shown_by: expect.stringContaining("HKLM\\") } }],
  ["scripts switched off are Restricted, whatever else is written there", key(["EnableScripts", "REG_DWORD", "0x0"], ["ExecutionPolicy", "REG_SZ", "Unrestricted"]), ABSENT, { outputs: { policy: "Restricted", forbids_scripts: true } }],
  ["scripts allowed", policy("RemoteSigned"), ABSENT, { outputs: { policy: "RemoteSigned", by_policy: true, forbids_scripts: false } }],
  ["the account's policy counts where the machine has none", ABSENT, DISABLED, { outputs: { user: "Restricted", policy: "Restricted", forbids_scripts: true, shown_by: expect.stringContaining("HKCU\\") }, because: "Group Policy sets Restricted for the account" }],
  ["the machine's policy wins", policy("Unrestricted"), policy("AllSigned"), { outputs: { machine: "Unrestricted", user: "AllSigned", policy: "Unrestricted", forbids_scripts: false } }],
  ["a policy is known in any case of letters", policy("ALLSIGNED"), ABSENT, { outputs: { forbids_scripts: true } }],
  ["a registry that may not be read", DENIED, ABSENT, { kind: "refuse", code: "denied" }],
  ["a node that does not answer", ABSENT, LOST, { kind: "refuse", code: "unreachable" }],
])("%s", (_title, machine, user, decision) => {
  expect(windowsExecutionPolicy.decide({}, { machine, user }, pastOf(), PLACE)).toMatchObject(decision);
});

import { describe, expect, test } from "vitest";
import { windowsRevocationCheck } from "../../../src/builtins/windows/revocation-check.ts";
import { windowsSetRevocationCheck } from "../../../src/builtins/windows/set-revocation-check.ts";
import type { Fact, PastAct } from "../../../src/core/builtin.ts";
import { acted, ended, LOST, pastOf, PLACE, printed } from "../turns.ts";
import { ABSENT, DENIED, key } from "./a-registry.ts";

const state = (value: string): Fact => key(["State", "REG_DWORD", value]);
const ON = state("0x23c00");
const OFF = state("0x23e00");
const CAME = printed("status: 200\r\n");

describe("windows.revocation_check", () => {
  test.each<[string, Fact, Fact, Fact, object]>([
    ["a node that is connected and checks", ON, ON, CAME, { kind: "done", outputs: { reachable: true, answer: "status: 200", checked: true, settings: [{ holder: "account", state: "0x23c00" }, { holder: "local_system", state: "0x23c00" }] } }],
    ["a node without the Internet", ON, ON, printed("failed: The operation has timed out\r\n"), { outputs: { reachable: false, answer: "The operation has timed out" } }],
    ["a server that answers with something else", ON, ON, printed("status: 302\r\n"), { outputs: { reachable: false, answer: "status: 302" } }],
    ["words of a proxy that only look alike", ON, ON, printed("status: 2000\r\n"), { outputs: { reachable: false } }],
    ["nobody checks", OFF, OFF, CAME, { outputs: { checked: false } }],
    ["one who checks is enough", OFF, ON, CAME, { outputs: { checked: true } }],
    ["where nothing was ever set, it is checked", ABSENT, ABSENT, CAME, { outputs: { checked: true, settings: [{ holder: "account" }, { holder: "local_system" }] } }],
    ["a value that is no number", key(["State", "REG_SZ", "on"]), ON, CAME, { kind: "refuse", code: "unreadable", because: expect.stringContaining("expected `0x23c00`") }],
    ["a hive that may not be read", ON, DENIED, CAME, { kind: "refuse", code: "denied" }],
    ["a script that answered nothing", ON, ON, printed("", 1, "no PowerShell"), { kind: "refuse", code: "unreadable", because: expect.stringContaining("no PowerShell") }],
    ["a node that does not answer", ON, ON, LOST, { kind: "refuse", code: "unreachable" }],
  ])("%s", (_title, account, localSystem, list, decision) => {
    expect(windowsRevocationCheck.decide({}, { account, local_system: localSystem, list }, pastOf(), PLACE)).toMatchObject(decision);
  });

  test("the list comes through .NET, in words that PowerShell 1.0 knows", () => {
    const action = windowsRevocationCheck.actions["fetch"]?.make({}, {});
    expect(action).toMatchObject({ kind: "script", parameters: { url: "http://crl.microsoft.com/pki/crl/products/CSPCA.crl", timeoutMs: 15_000 } });
    expect(action?.kind === "script" ? action.script : "").not.toMatch(/\btry\b|Invoke-WebRequest|-Online/);
  });
});

describe("windows.set_revocation_check", () => {
  const remembered = (account: string | undefined): Parameters<typeof windowsSetRevocationCheck.decide>[0]["remembered"] => ({
    reachable: false, answer: "no", checked: true, settings: [{ holder: "account", ...(account === undefined ? {} : { state: account }) }, { holder: "local_system", state: "0x23c00" }],
  });
  const ACCOUNT = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\WinTrust\\Trust Providers\\Software Publishing";
  const SYSTEM = ACCOUNT.replace("HKCU", "HKU\\S-1-5-18");
  const set = (where: string, exitCode = 0): PastAct => acted("set", { fill: { key: where, state: "0x23e00" }, result: ended(exitCode, "", exitCode === 0 ? "" : "ERROR: Access is denied.") });

  test.each<[string, "unchecked" | "remembered", string | undefined, Fact, Fact, readonly PastAct[], object]>([
    ["both settings are switched off", "unchecked", "0x23c00", ON, ON, [], { kind: "act", actions: [{ action: "set", fill: { key: ACCOUNT, state: "0x23e00" } }, { action: "set", fill: { key: SYSTEM, state: "0x23e00" } }] }],
    ["only the one bit is changed", "unchecked", "0x23c00", state("0x10000"), OFF, [], { kind: "act", actions: [{ action: "set", fill: { key: ACCOUNT, state: "0x10200" } }] }],
    ["where nothing was set, it is set", "unchecked", undefined, ABSENT, OFF, [], { kind: "act", actions: [{ action: "set", fill: { key: ACCOUNT, state: "0x23e00" } }] }],
    ["what is off already is left alone", "unchecked", "0x23c00", OFF, OFF, [], { kind: "done", outputs: { changed: [], checked: false } }],
    ["what was changed is told", "unchecked", "0x23c00", OFF, OFF, [set(ACCOUNT)], { kind: "done", outputs: { changed: ["account"] } }],
    ["the value comes back as it was", "remembered", "0x10000", state("0x10200"), ON, [], { kind: "act", actions: [{ action: "set", fill: { key: ACCOUNT, state: "0x10000" } }] }],
    ["a value that was not there is removed again", "remembered", undefined, OFF, ON, [], { kind: "act", actions: [{ action: "clear", fill: { key: ACCOUNT } }] }],
    ["what stands as it was is left alone", "remembered", "0x23c00", ON, ON, [], { kind: "done", outputs: { changed: [], checked: true } }],
    ["a registry that takes nothing is no success", "unchecked", "0x23c00", OFF, ON, [set(SYSTEM, 1)], { kind: "fail", code: "setting_refused", because: expect.stringContaining("Access is denied") }],
    ["a lost answer is judged by what is there", "unchecked", "0x23c00", OFF, OFF, [acted("set", { fill: { key: SYSTEM, state: "0x23e00" }, outcome: "lost" })], { kind: "done", outputs: { changed: ["local_system"] } }],
    ["a node that does not answer is refused at first", "unchecked", "0x23c00", LOST, ON, [], { kind: "refuse", code: "unreachable" }],
    ["a node that does not answer afterwards is waited for", "unchecked", "0x23c00", LOST, ON, [set(ACCOUNT)], { kind: "wait" }],
  ])("%s", (_title, to, before, account, localSystem, acts, decision) => {
    expect(windowsSetRevocationCheck.decide({ to, remembered: remembered(before) }, { account, local_system: localSystem }, pastOf({ acts }), PLACE)).toMatchObject(decision);
  });

  test("the value goes to `reg.exe` as an argument of its own, and nobody is asked", () => {
    const make = windowsSetRevocationCheck.actions["set"]?.make;
    expect(make?.({ to: "unchecked", remembered: remembered(undefined) }, { key: ACCOUNT, state: "0x23e00" })).toEqual({ kind: "program", program: "reg.exe", args: ["add", ACCOUNT, "/v", "State", "/t", "REG_DWORD", "/d", "0x23e00", "/f"] });
  });
});

import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../src/core/port.ts";
import type { ProgramResult } from "../../../src/core/action.ts";
import { checkWorld } from "../../../src/simulator/check-world.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import type { NodeFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleText, exampleWorld, options, PACKAGE_CONTENT, worldFile } from "../a-world.ts";

const withNodeB = (node: NodeFile): Driver => new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: node } }));
const TRUST = "Software\\Microsoft\\Windows\\CurrentVersion\\WinTrust\\Trust Providers\\Software Publishing";
const POLICIES = "SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell";

describe("drives", () => {
  test("`Win32_LogicalDisk` has what is free, and `Win32_OperatingSystem` the drive of Windows", async () => {
    const driver = withNodeB({ free_disk: { c: "700MB", E: "9GB" } });
    expect(await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_LogicalDisk" }, "DeviceID", "DriveType", "FreeSpace")).toEqual([
      { DeviceID: "C:", DriveType: 3, FreeSpace: 700_000_000 }, { DeviceID: "D:", DriveType: 3, FreeSpace: 80_000_000_000 }, { DeviceID: "E:", DriveType: 3, FreeSpace: 9_000_000_000 },
    ]);
    expect(await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_OperatingSystem" }, "SystemDrive")).toEqual([{ SystemDrive: "C:" }]);
  });

  test("a file takes the room of the real package, once, and does not fit where there is too little", async () => {
    const driver = withNodeB({ free_disk: { C: "100MB", D: "57MB" } });
    const put = (to: string): Promise<Outcome<unknown>> => driver.until(driver.transports.to("NODEB").put({ kind: "put", from: "/packages/rollup.msp", to }, options()));
    expect(await put("C:\\Rollup\\rollup.msp")).toMatchObject({ kind: "ok", value: { sha256: PACKAGE_CONTENT.sha256 } });
    expect(await put("C:\\Rollup\\rollup.msp")).toMatchObject({ kind: "ok" });
    expect(nodeOf(driver.world.state, "NODEB").machine.drives[0]).toEqual({ name: "C:", freeBytes: 42_000_000 });
    expect(await put("D:\\rollup.msp")).toMatchObject({ kind: "failed", failure: { code: "no_space", because: "There is not enough space on the disk: D: of NODEB has 57MB" } });
    expect(nodeOf(driver.world.state, "NODEB").files.map(({ path }) => path)).toEqual(["C:\\Rollup\\rollup.msp"]);
  });
});

describe("the session of `whoami.exe /groups`", () => {
  test.each<[string, NodeFile, string | undefined]>([
    ["is labelled high where it is elevated", {}, "S-1-16-12288"],
    ["is labelled medium where it is not", { elevated: false }, "S-1-16-8192"],
    ["is labelled medium for anybody else", { administrator: false }, "S-1-16-8192"],
    ["has no label on Server 2003", { os: "2003" }, undefined],
  ])("%s", async (_title, node, label) => {
    expect(/S-1-16-\d+/.exec((await withNodeB(node).run("NODEB", "whoami.exe", "/groups")).out)?.[0]).toBe(label);
  });
});

describe("what Group Policy says of scripts", () => {
  test.each<[NodeFile["execution_policy"], string, string, readonly RegExp[]]>([
    [{ machine: "AllSigned" }, "HKLM", "HKCU", [/EnableScripts {4}REG_DWORD {4}0x1/, /ExecutionPolicy {4}REG_SZ {4}AllSigned/]],
    [{ user: "RemoteSigned" }, "HKCU", "HKLM", [/EnableScripts {4}REG_DWORD {4}0x1/, /ExecutionPolicy {4}REG_SZ {4}RemoteSigned/]],
    [{ machine: "Restricted" }, "HKLM", "HKCU", [/EnableScripts {4}REG_DWORD {4}0x0\r\n\r\n$/]],
  ])("%j is read under %s, and not under %s", async (policy, hive, other, lines) => {
    const driver = withNodeB({ execution_policy: policy });
    const { out } = await driver.run("NODEB", "reg.exe", "query", `${hive}\\${POLICIES}`, "/s");
    for (const line of lines) expect(out).toMatch(line);
    expect((await driver.run("NODEB", "reg.exe", "query", `${other}\\${POLICIES}`, "/s")).exitCode).toBe(1);
  });
});

describe("`reg.exe` writes", () => {
  const query = (driver: Driver, hive = "HKCU"): Promise<{ readonly exitCode: number; readonly out: string }> => driver.run("NODEB", "reg.exe", "query", `${hive}\\${TRUST}`, "/v", "State");
  const add = (driver: Driver, key: string, value: string, ...more: readonly string[]): Promise<{ readonly exitCode: number; readonly out: string }> => driver.run("NODEB", "reg.exe", "add", key, "/v", "State", "/t", "REG_DWORD", "/d", value, ...more);

  test.each<[NodeFile["revocation_check"], string | number]>([["on", "0x23c00"], ["off", "0x23e00"], [undefined, "0x23c00"], ["unset", 1]])("with `revocation_check: %s` the account's State is %s", async (setting, state) => {
    const { exitCode, out } = await query(withNodeB(setting === undefined ? {} : { revocation_check: setting }));
    expect(exitCode === 0 ? /0x[0-9a-f]+/.exec(out)?.[0] : exitCode).toBe(state);
  });

  test("a value, over the one that is there, and removes it", async () => {
    const driver = withNodeB({});
    expect(await add(driver, `HKCU\\${TRUST}`, "0x23e00", "/f")).toEqual({ exitCode: 0, out: "The operation completed successfully.\r\n" });
    expect((await query(driver)).out).toContain("    State    REG_DWORD    0x23e00\r\n");
    expect((await driver.run("NODEB", "reg.exe", "delete", `HKCU\\${TRUST}`, "/v", "state", "/f")).exitCode).toBe(0);
    expect((await query(driver)).exitCode).toBe(1);
    expect((await driver.run("NODEB", "reg.exe", "delete", `HKCU\\${TRUST}`, "/v", "State", "/f")).exitCode).toBe(1);
  });

  test("a value under a key that was not there", async () => {
    const driver = withNodeB({});
    expect((await driver.run("NODEB", "reg.exe", "add", "HKCU\\Software\\New", "/v", "Text", "/d", "a b", "/f")).exitCode).toBe(0);
    expect((await driver.run("NODEB", "reg.exe", "query", "HKCU\\Software\\New", "/v", "Text")).out).toContain("    Text    REG_SZ    a b\r\n");
  });

  test("the hive of LocalSystem for an administrator in an elevated session alone", async () => {
    const key = `HKU\\S-1-5-18\\${TRUST}`;
    for (const [node, exitCode] of [[{}, 0], [{ elevated: false }, 1], [{ administrator: false }, 1]] as const) {
      const driver = withNodeB(node);
      expect((await add(driver, key, "0x23e00", "/f")).exitCode).toBe(exitCode);
      expect((await query(driver, "HKU\\S-1-5-18")).out).toContain(exitCode === 0 ? "0x23e00" : "0x23c00");
    }
  });

  test("nothing that follows from the rest of the node, no number that is none, and nothing that it would ask about", async () => {
    const driver = withNodeB({});
    expect((await driver.run("NODEB", "reg.exe", "add", "HKLM\\SYSTEM\\CurrentControlSet\\Services\\ClusSvc", "/v", "Start", "/t", "REG_DWORD", "/d", "4", "/f")).out).toContain("Access is denied");
    expect((await add(driver, `HKCU\\${TRUST}`, "often", "/f")).out).toContain("Invalid syntax");
    expect((await add(driver, `HKCU\\${TRUST}`, "0x23e00")).out).toContain("Invalid syntax");
    expect((await query(driver)).out).toContain("0x23c00");
  });
});

describe("a script that fetches a page", () => {
  const SCRIPT = "param($url, $timeoutMs)\n$request = [Net.WebRequest]::Create($url)";
  const fetched = async (node: NodeFile, url: string): Promise<{ readonly outcome: Outcome<ProgramResult>; readonly ms: number }> => {
    const driver = withNodeB(node);
    const before = driver.clock.now();
    const outcome = await driver.until(driver.transports.to("NODEB").script({ kind: "script", script: SCRIPT, parameters: { url, timeoutMs: 15_000 } }, options()));
    return { outcome, ms: driver.clock.now() - before };
  };

  test("gets a revocation list of Microsoft where the node reaches it, and waits for its limit where not", async () => {
    const url = "http://crl.microsoft.com/pki/crl/products/CSPCA.crl";
    expect((await fetched({}, url)).outcome).toMatchObject({ kind: "ok", value: { stdout: "status: 200\r\n" } });
    const { outcome, ms } = await fetched({ crl_reachable: false }, url);
    expect(outcome).toMatchObject({ kind: "ok", value: { stdout: "failed: The operation has timed out\r\n" } });
    expect(ms).toBe(15_000);
  });

  test("gets nothing else", async () => {
    expect((await fetched({}, "http://example.com/")).outcome).toMatchObject({ kind: "ok", value: { stdout: "failed: The remote name could not be resolved\r\n" } });
  });
});

test("`findstr.exe` prints the lines that contain a text, and opens no file that is not there", async () => {
  const path = "C:\\x\\hook.ps1";
  const driver = withNodeB({ files: { [path]: { text: "function Pre {\n}\nFUNCTION post {\n" } } });
  expect(await driver.run("NODEB", "findstr.exe", "/i", "/n", "/c:pre", "/c:function p", path)).toEqual({ exitCode: 0, out: "1:function Pre {\r\n3:FUNCTION post {\r\n" });
  expect((await driver.run("NODEB", "findstr.exe", "/c:function P", path)).out).toBe("function Pre {\r\n");
  expect(await driver.run("NODEB", "findstr.exe", "/c:nothing", path)).toEqual({ exitCode: 1, out: "" });
  expect(await driver.run("NODEB", "findstr.exe", "/c:x", "C:\\none.txt")).toEqual({ exitCode: 1, out: "FINDSTR: Cannot open C:\\none.txt\r\n" });
});

test.each<[NodeFile, string]>([
  [{ free_disk: { "C:": "1GB" } }, "a drive is named by its letter: `C`"],
  [{ os: "2003", elevated: false }, "Server 2003 has no elevation: a session has all rights of its account"],
])("a node with %j cannot be", (node, message) => {
  expect(checkWorld({ ...worldFile(exampleText("two-node")), nodes: { NODEA: {}, NODEB: node } }).map((fault) => fault.message)).toEqual([message]);
});

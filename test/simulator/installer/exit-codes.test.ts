import { describe, expect, test } from "vitest";
import type { EventFile } from "../../../src/simulator/event-schema.ts";
import type { NodeState } from "../../../src/simulator/node-state.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import type { NodeFile, WorldFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleText, INSTALL, worldFile, worldOf } from "../a-world.ts";

const base = worldFile(exampleText("two-node"));
function driverOf(event: EventFile | undefined, nodeB: NodeFile = {}): Driver {
  const more: Partial<WorldFile> = { copy_rate: "1GB", groups: { "Cluster Group": { owner: "NODEA" } }, ...(event === undefined ? {} : { events: [event] }) };
  return new Driver(worldOf({ ...base, ...more, nodes: { NODEA: {}, NODEB: nodeB } }));
}
const modes = (node: NodeState): readonly string[] => node.services.map(({ name, startMode, state }) => `${name} ${startMode} ${state}`);

describe("an installation can end with every code of the domain page, 4.7", () => {
  const NOTHING_CHANGED = [13, 87, 1601, 1604, 1605, 1612, 1613, 1618, 1619, 1620, 1622, 1625, 1631, 1632, 1633, 1635, 1636, 1637, 1638, 1639, 1640, 1642, 1643, 1644, 1645, 1646, 1647, 1648, 1649, 1652, 1653];
  test.each(NOTHING_CHANGED)("%i comes at once, and nothing was changed", async (code) => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, install: { exit_code: code } });
    const before = modes(nodeOf(driver.world.state, "NODEB"));
    await driver.install("NODEB");
    await driver.pass(20_000);
    expect(await driver.ended("NODEB")).toMatchObject({ exitCode: code });
    expect(modes(nodeOf(driver.world.state, "NODEB"))).toEqual(before);
    expect(nodeOf(driver.world.state, "NODEB").exchange).toMatchObject({ fileBuild: "8.1.240.6", patches: [] });
  });
  test.each([1602, 1603, 2, 1067])("%i comes after services were stopped, and everything is rolled back", async (code) => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, install: { exit_code: code } });
    await driver.install("NODEB");
    const job = await driver.ended("NODEB");
    expect(job).toMatchObject({ exitCode: code });
    expect(Date.parse(job.endedAt ?? "") - Date.parse(job.startedAt)).toBeGreaterThan(5 * 60_000);
    expect(job.logTail).toMatch(/MainEngineThread is returning \d+\r\n$/);
  });
  test("one can be said to come in another phase", async () => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, install: { exit_code: 1642, fails_in: "prepare" } });
    await driver.install("NODEB");
    const job = await driver.ended("NODEB");
    expect(Date.parse(job.endedAt ?? "") - Date.parse(job.startedAt)).toBeGreaterThan(60_000);
  });
});

test.each<[string, NodeFile, number]>([
  ["its service is Disabled", { services: { msiserver: { start_mode: "Disabled" } } }, 1601],
  ["Windows runs in safe mode", { installer: { safe_mode: true } }, 1652],
  ["a policy forbids packages", { installer: { policy: "no_packages" } }, 1625],
  ["a policy forbids patches", { installer: { policy: "no_patches" } }, 1643],
  ["a policy forbids transforms", { installer: { policy: "no_transforms" } }, 1644],
  ["it takes nothing from a remote session", { installer: { remote: "disallowed" } }, 1640],
  ["a terminal session is prohibited", { installer: { remote: "prohibited" } }, 1645],
  ["it is too old", { installer: { version: "2.0" } }, 1637],
  ["its cached package is gone", { installer: { cache: "missing" } }, 1612],
  ["the drive of Windows is full", { free_disk: { C: "10MB" } }, 1632],
])("the Windows Installer of a node refuses by itself where %s", async (_case, nodeB, code) => {
  const driver = driverOf(undefined, nodeB);
  await driver.install("NODEB");
  expect(await driver.ended("NODEB")).toMatchObject({ exitCode: code });
});

test("safe mode is over after a restart", async () => {
  const driver = driverOf(undefined, { installer: { safe_mode: true } });
  await driver.run("NODEB", "shutdown.exe", "/r", "/t", "0");
  await driver.pass(15 * 60_000);
  await driver.install("NODEB");
  expect(await driver.ended("NODEB")).toMatchObject({ exitCode: 0 });
});

describe("what an administrator can see of a setup", () => {
  test("its processes, with the lines that started them, while it runs", async () => {
    const driver = driverOf(undefined);
    const processes = (): Promise<readonly object[]> => driver.records("NODEB", "Get-WmiObject", { Class: "Win32_Process", Filter: "Name='msiexec.exe'" }, "Name", "CommandLine");
    expect(await processes()).toEqual([]);
    await driver.install("NODEB");
    expect(await processes()).toEqual([{ Name: "msiexec.exe", CommandLine: `msiexec.exe ${INSTALL.join(" ")}` }, { Name: "msiexec.exe", CommandLine: "C:\\Windows\\system32\\msiexec.exe /V" }]);
  });
  test("that of somebody else, too", async () => {
    const driver = driverOf({ at: "0s", does: [{ installer_busy: { node: "NODEB", for: "10m" } }] });
    await driver.pass(1_000);
    expect(await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_Process" }, "CommandLine")).toHaveLength(2);
  });
  test("the lines around what failed in its log, and when that was last written", async () => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, install: { exit_code: 1603, fails_in: "images" } });
    await driver.install("NODEB");
    const job = await driver.ended("NODEB");
    const search = { Path: "D:\\ur\\rollup.log", Pattern: ["Return value 3", "MainEngineThread is returning"], SimpleMatch: true, Context: [2, 1] };
    const found = await driver.records("NODEB", "Select-String", search, "Line", "Context.PreContext", "Context.PostContext");
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({
      Line: expect.stringMatching(/Action ended: CA_CreateNativeImages\. Return value 3\.$/) as string,
      "Context.PreContext": [expect.stringMatching(/returned actual error code 1603$/), expect.stringMatching(/Note: 1: 2235/)],
      "Context.PostContext": [expect.stringMatching(/Doing action: Rollback$/)],
    });
    expect(await driver.records("NODEB", "Get-Item", { LiteralPath: "D:\\ur\\rollup.log" }, "LastWriteTimeUtc")).toEqual([{ LastWriteTimeUtc: job.endedAt }]);
  });
  test("a log that stands still at a dialog keeps the hour of its last line", async () => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, install: { hangs_in: "prepare" } });
    await driver.install("NODEB");
    const written = (): Promise<readonly object[]> => driver.records("NODEB", "Get-Item", { LiteralPath: "D:\\ur\\rollup.log" }, "LastWriteTimeUtc");
    await driver.pass(10 * 60_000);
    const first = await written();
    await driver.pass(60 * 60_000);
    expect(await written()).toEqual(first);
  });
});

describe("Select-String", () => {
  test.each<[string, Record<string, string | boolean>, object]>([
    ["of a file that is not there", { Path: "D:\\none.log", Pattern: "x", SimpleMatch: true }, { kind: "failed", failure: { code: "not_found" } }],
    ["for an expression", { Path: "D:\\notes.txt", Pattern: "x" }, { kind: "failed", failure: { code: "cmdlet_error" } }],
    ["for what no line holds", { Path: "D:\\notes.txt", Pattern: "y", SimpleMatch: true }, { kind: "ok", value: { records: [] } }],
    ["for a single text, without regard to case", { Path: "D:\\notes.txt", Pattern: "X", SimpleMatch: true }, { kind: "ok", value: { records: [{ LineNumber: 2, Line: "x" }] } }],
  ])("%s", async (_case, parameters, outcome) => {
    const driver = driverOf(undefined, { files: { "D:\\notes.txt": { text: "a\r\nx\r\n" } } });
    expect(await driver.cmdlet("NODEB", "Select-String", parameters, "LineNumber", "Line")).toMatchObject(outcome);
  });
});

describe("a service that starts delayed", () => {
  const query = ["query", "HKLM\\SYSTEM\\CurrentControlSet\\Services", "/s", "/v", "DelayedAutostart"] as const;
  test("is found in the registry, and gets and loses its delay by sc.exe", async () => {
    const driver = driverOf(undefined, { services: { W3SVC: { delayed: true } } });
    const delayed = async (): Promise<string> => (await driver.run("NODEB", "reg.exe", ...query)).out;
    expect(await delayed()).toMatch(/Services\\W3SVC\r\n {4}DelayedAutostart {4}REG_DWORD {4}0x1\r\n\r\n\r\nEnd of search: 1 match\(es\) found\./);
    await driver.run("NODEB", "sc.exe", "config", "W3SVC", "start=", "disabled");
    expect(await delayed()).toMatch(/W3SVC\r\n.*0x1/);
    await driver.run("NODEB", "sc.exe", "config", "W3SVC", "start=", "auto");
    expect(await delayed()).toMatch(/W3SVC\r\n.*0x0/);
    expect((await driver.run("NODEB", "sc.exe", "config", "W3SVC", "start=", "delayed-auto")).exitCode).toBe(0);
    expect(await delayed()).toMatch(/W3SVC\r\n.*0x1/);
  });
  test("is unknown on Server 2003, and none is no error of the search", async () => {
    const driver = driverOf(undefined, { os: "2003" });
    expect((await driver.run("NODEB", "sc.exe", "config", "W3SVC", "start=", "delayed-auto")).exitCode).toBe(1639);
    expect(await driver.run("NODEB", "reg.exe", ...query)).toMatchObject({ exitCode: 1, out: expect.stringContaining("0 match(es)") as string });
  });
});

import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import type { Fault } from "../../../src/simulator/fault.ts";
import type { WorldFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleText, exampleWorld, worldFile, worldOf } from "../a-world.ts";

const base = worldFile(exampleText("two-node"));
const rtm = (more: Partial<WorldFile> = {}): Driver => new Driver(worldOf({ ...base, mailbox_server: { ...base.mailbox_server, version: "8.0.685.25" }, packages: [], ...more }));
const after = (...faults: readonly Fault[]): Driver => {
  const driver = new Driver(exampleWorld());
  driver.world.suffer(faults);
  return driver;
};

describe("the mailbox server", () => {
  test("its kind and its machines", async () => {
    const wanted = ["Name", "ClusteredStorageType", "RedundantMachines"];
    expect(await new Driver(exampleWorld()).records("NODEB", "Get-MailboxServer", { Identity: "EXCLUS1" }, ...wanted)).toEqual([{ Name: "EXCLUS1", ClusteredStorageType: "NonShared", RedundantMachines: ["NODEA", "NODEB"] }]);
    expect(await new Driver(exampleWorld("scc")).records("NODEB", "Get-MailboxServer", { Identity: "exclus1.contoso.example" }, "ClusteredStorageType")).toEqual([{ ClusteredStorageType: "Shared" }]);
    const alone = new Driver(worldOf({ ...base, mailbox_server: { ...base.mailbox_server, storage: "stand_alone" } }));
    expect(await alone.records("NODEB", "Get-MailboxServer", { Identity: "EXCLUS1" }, "ClusteredStorageType", "RedundantMachines")).toEqual([{ ClusteredStorageType: "Disabled", RedundantMachines: [] }]);
    expect(await alone.cmdlet("NODEB", "Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" })).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error" } });
  });

  test("its version is that of the service pack, with a rollup and without", async () => {
    for (const world of ["two-node", "moved"]) {
      expect(await new Driver(exampleWorld(world)).records("NODEB", "Get-ExchangeServer", { Identity: "EXCLUS1" }, "Name", "AdminDisplayVersion", "Edition")).toEqual([{ Name: "EXCLUS1", AdminDisplayVersion: "Version 8.1 (Build 240.6)", Edition: "Enterprise" }]);
    }
  });

  test.each([
    ["two-node", ["NODEA <Active, Quorum Owner>", "NODEB"]],
    ["moved", ["NODEA <Quorum Owner>", "NODEB <Active>"]],
    ["both-updated-not-back", ["NODEA", "NODEB <Active, Quorum Owner>"]],
  ] as const)("the machines of %s carry their marks", async (world, machines) => {
    expect(await new Driver(exampleWorld(world)).records("NODEA", "Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" }, "State", "OperationalMachines", "FailedResources")).toEqual([{ State: "Online", OperationalMachines: machines, FailedResources: [] }]);
  });

  test("a node that is down is not in the list, and a dismounted database makes it Partially Online", async () => {
    const driver = after({ kind: "power-off", node: "NODEB" }, { kind: "dismount", database: "Archive Database" });
    expect(await driver.records("NODEA", "Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" }, "State", "OperationalMachines", "FailedResources", "OperationalReplicationHostNames", "FailedReplicationHostNames")).toEqual([{
      State: "Partially Online", OperationalMachines: ["NODEA <Active, Quorum Owner>"], FailedResources: ["Second Storage Group\\Archive Database"],
      OperationalReplicationHostNames: ["nodea"], FailedReplicationHostNames: ["nodeb"],
    }]);
  });

  test("the lists of replication host names are not there before SP1", async () => {
    expect(await rtm().records("NODEA", "Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" }, "State", "OperationalReplicationHostNames")).toEqual([{ State: "Online" }]);
  });

  test("it can be asked about from the runner's machine", async () => {
    expect(await new Driver(exampleWorld()).records("local", "Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" }, "State")).toEqual([{ State: "Online" }]);
  });
});

describe("what keeps a cmdlet from answering", () => {
  const ask = (driver: Driver, name = "Get-MailboxServer", parameters: Readonly<Record<string, Json>> = { Identity: "EXCLUS1" }): ReturnType<Driver["cmdlet"]> => driver.cmdlet("NODEB", name, parameters);

  test.each([
    ["the missing role", new Driver(exampleWorld("two-node", { account: { exchange_role: false } })), "denied"],
    ["the missing right on the node", new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: { administrator: false } } })), "denied"],
  ] as const)("%s", async (_, driver, code) => {
    expect(await ask(driver)).toMatchObject({ kind: "failed", failure: { code } });
  });

  test("another name, another cmdlet, another parameter", async () => {
    const driver = new Driver(exampleWorld());
    expect(await ask(driver, "Get-MailboxServer", { Identity: "EXCLUS2" })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await ask(driver, "Get-Mailbox")).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await ask(driver, "Get-MailboxServer", { Name: "EXCLUS1" })).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("'Name'") } });
  });

  test("a cluster without a quorum", async () => {
    const driver = after({ kind: "power-off", node: "NODEA" }, { kind: "witness", reachable: false });
    expect(await ask(driver, "Get-ClusteredMailboxServerStatus")).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error" } });
  });
});

test("databases are mounted, backed up or being backed up; without `Status` nothing of this is told", async () => {
  const driver = after({ kind: "backup", forMs: 600_000 });
  const ask = (parameters: Readonly<Record<string, Json>>): ReturnType<Driver["records"]> => driver.records("NODEB", "Get-MailboxDatabase", parameters, "Name", "StorageGroupName", "Mounted", "BackupInProgress", "LastFullBackup");
  expect((await ask({ Server: "EXCLUS1", Status: true }))[0]).toEqual({ Name: "Mailbox Database", StorageGroupName: "First Storage Group", Mounted: true, BackupInProgress: true, LastFullBackup: "2008-03-15T03:00:00.000Z" });
  await driver.pass(600_000);
  expect((await ask({ Server: "EXCLUS1", Status: true }))[0]).toMatchObject({ BackupInProgress: false, LastFullBackup: "2008-03-15T09:10:00.000Z" });
  expect((await ask({ Server: "EXCLUS1" }))[0]).toEqual({ Name: "Mailbox Database", StorageGroupName: "First Storage Group" });
});

test("a database that was never backed up has no time for it", async () => {
  const groups = { "First Storage Group": { database: "Mailbox Database" } };
  const driver = new Driver(worldOf({ ...base, mailbox_server: { ...base.mailbox_server, storage_groups: groups } }));
  expect(await driver.records("NODEB", "Get-MailboxDatabase", { Server: "EXCLUS1", Status: true }, "LastFullBackup", "Mounted")).toEqual([{ Mounted: true }]);
});

describe("copies", () => {
  const WANTED = ["StorageGroupName", "SummaryCopyStatus", "CopyQueueLength", "ReplayQueueLength", "Suspend", "FailedMessage", "CCRTargetNode"];
  const first = async (driver: Driver): Promise<unknown> => (await driver.records("NODEB", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, ...WANTED))[0];

  test("a healthy one", async () => {
    expect(await first(new Driver(exampleWorld()))).toEqual({ StorageGroupName: "First Storage Group", SummaryCopyStatus: "Healthy", CopyQueueLength: 0, ReplayQueueLength: 0, Suspend: false, FailedMessage: "", CCRTargetNode: "NODEB" });
  });

  test.each([
    ["a failed one", [{ kind: "copy", status: "Failed", message: "a log is missing", queue: 41 }], { SummaryCopyStatus: "Failed", CopyQueueLength: 41, FailedMessage: "a log is missing" }],
    ["a suspended one", [{ kind: "copy", status: "Suspended", message: "" }], { SummaryCopyStatus: "Suspended", Suspend: true }],
    ["one whose service does not run", [{ kind: "service", node: "NODEB", name: "MSExchangeRepl", state: "Stopped" }], { SummaryCopyStatus: "ServiceDown" }],
    ["one whose service is back", [{ kind: "service", node: "NODEB", name: "MSExchangeRepl", state: "Stopped" }, { kind: "service", node: "NODEB", name: "MSExchangeRepl", state: "Running" }], { SummaryCopyStatus: "Initializing" }],
  ] as const)("%s", async (_, faults, seen) => {
    expect(await first(after(...faults))).toMatchObject(seen);
  });

  test("what is Initializing or down looks Healthy before SP1, and has no target", async () => {
    const driver = rtm();
    driver.world.suffer([{ kind: "service", node: "NODEB", name: "MSExchangeRepl", state: "Stopped" }]);
    expect(await first(driver)).not.toHaveProperty("CCRTargetNode");
    expect(await first(driver)).toMatchObject({ SummaryCopyStatus: "Healthy" });
  });

  test("the queue grows while nothing is copied, and is worked off afterwards", async () => {
    const driver = after({ kind: "copy", status: "Suspended", message: "" });
    await driver.pass(30 * 60_000);
    expect(await first(driver)).toMatchObject({ CopyQueueLength: 60 });
    await driver.cmdlet("NODEB", "Resume-StorageGroupCopy", { Identity: "EXCLUS1\\First Storage Group" });
    expect(await first(driver)).toMatchObject({ SummaryCopyStatus: "Initializing" });
    await driver.pass(5 * 60_000);
    expect(await first(driver)).toMatchObject({ SummaryCopyStatus: "Healthy", CopyQueueLength: 0, ReplayQueueLength: 0 });
  });

  test("a single copy cluster has none", async () => {
    expect(await first(new Driver(exampleWorld("scc")))).toMatchObject({ SummaryCopyStatus: "Disabled" });
  });

  test("the last inspected log is recent where copying works, and gets old where it does not", async () => {
    const age = async (driver: Driver): Promise<number> => {
      await driver.pass(60 * 60_000);
      const [record] = await driver.records("NODEB", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, "LastInspectedLogTime");
      return Math.floor((driver.world.state.nowMs - Date.parse(String(record?.["LastInspectedLogTime"]))) / 60_000);
    };
    expect([await age(new Driver(exampleWorld())), await age(after({ kind: "copy", status: "Failed", message: "" }))]).toEqual([0, 60]);
  });
});

test("`Test-ReplicationHealth` has a row for each check", async () => {
  const driver = after({ kind: "witness", reachable: false }, { kind: "pause", node: "NODEB" });
  const rows = await driver.records("NODEA", "Test-ReplicationHealth", {}, "Check", "Result", "Error");
  expect(rows.filter((row) => row["Result"] !== "Passed").map((row) => row["Check"])).toEqual(["FileShareQuorum", "NodePaused"]);
  expect(rows.find((row) => row["Check"] === "FileShareQuorum")).toEqual({ Check: "FileShareQuorum", Result: "Failed", Error: "\\\\HUB1\\fsw_exchclus cannot be reached" });
  expect(await rtm().cmdlet("NODEA", "Test-ReplicationHealth", {})).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
});

test("`Test-ServiceHealth` names what should run and does not; a disabled service escapes it", async () => {
  const driver = after({ kind: "service", node: "NODEB", name: "MSExchangeServiceHost", state: "Stopped" }, { kind: "service", node: "NODEB", name: "MSExchangeSearch", state: "Stopped", startMode: "Disabled" });
  expect(await driver.records("NODEB", "Test-ServiceHealth", {}, "RequiredServicesRunning", "ServicesNotRunning")).toEqual([{ RequiredServicesRunning: false, ServicesNotRunning: ["MSExchangeServiceHost"] }]);
});

describe("Windows", () => {
  test("services with their startup type and state", async () => {
    const driver = new Driver(exampleWorld());
    const services = await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_Service" }, "Name", "StartMode", "State");
    expect(services).toContainEqual({ Name: "MSExchangeIS", StartMode: "Manual", State: "Stopped" });
    expect(services).toContainEqual({ Name: "ClusSvc", StartMode: "Auto", State: "Running" });
    expect(await driver.records("NODEA", "Get-WmiObject", { Class: "Win32_Service", Filter: "Name='MSExchangeIS'" }, "State")).toEqual([{ State: "Running" }]);
  });

  test("the system and the computer", async () => {
    const driver = new Driver(exampleWorld());
    expect(await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_OperatingSystem" }, "Caption", "OSArchitecture", "CSName", "LastBootUpTime")).toEqual([{ Caption: "Microsoft\u00ae Windows Server\u00ae 2008 Enterprise", OSArchitecture: "64-bit", CSName: "NODEB", LastBootUpTime: "2008-03-01T09:00:00.000Z" }]);
    expect(await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_ComputerSystem" }, "Name", "Domain", "SystemType")).toEqual([{ Name: "NODEB", Domain: "contoso.example", SystemType: "x64-based PC" }]);
    expect(await driver.cmdlet("NODEB", "Get-WmiObject", { Class: "Win32_Nothing" })).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error" } });
  });

  test("nothing of this without the service for it", async () => {
    const driver = after({ kind: "service", node: "NODEB", name: "Winmgmt", state: "Stopped" });
    expect(await driver.cmdlet("NODEB", "Get-WmiObject", { Class: "Win32_Service" })).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error" } });
  });

  test("the program file of Exchange has the build of the rollup, in its long form", async () => {
    const path = "C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe";
    const driver = new Driver(exampleWorld("node-b-updated"));
    expect(await driver.records("NODEA", "Get-Item", { LiteralPath: path }, "FullName", "VersionInfo.FileVersion")).toEqual([{ FullName: path, "VersionInfo.FileVersion": "08.01.0240.006" }]);
    expect(await driver.records("NODEB", "Get-Item", { LiteralPath: path }, "VersionInfo.FileVersion")).toEqual([{ "VersionInfo.FileVersion": "08.01.0263.001" }]);
    expect(await driver.cmdlet("NODEB", "Get-Item", { LiteralPath: "C:\\nothing.exe" })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  });

  test("values of registry keys", async () => {
    const driver = new Driver(exampleWorld());
    expect(await driver.records("NODEB", "Get-ItemProperty", { LiteralPath: "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeIS", Name: "Start" }, "Start")).toEqual([{ Start: 3 }]);
    expect(await driver.cmdlet("NODEB", "Get-ItemProperty", { LiteralPath: "HKLM:\\SOFTWARE\\Nothing" })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  });

  test("PowerShell 1.0 does not know its version, 2.0 does", async () => {
    const ask = (driver: Driver): ReturnType<Driver["cmdlet"]> => driver.cmdlet("NODEB", "Get-Variable", { Name: "PSVersionTable", ValueOnly: true }, "PSVersion");
    expect(await ask(new Driver(exampleWorld()))).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await ask(new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: { powershell: "2.0" } } })))).toMatchObject({ kind: "ok", value: { records: [{ PSVersion: "2.0" }] } });
  });
});

describe("stopping and starting the mailbox server", () => {
  test("it stays offline over a restart, until it is started", async () => {
    const driver = new Driver(exampleWorld());
    const state = async (): Promise<unknown> => (await driver.records("NODEB", "Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" }, "State"))[0]?.["State"];
    expect((await driver.cmdlet("NODEB", "Stop-ClusteredMailboxServer", { Identity: "EXCLUS1", StopReason: "test", Confirm: false })).kind).toBe("ok");
    expect(await state()).toBe("Offline");
    driver.world.suffer([{ kind: "restart", node: "NODEA" }]);
    await driver.pass(15 * 60_000);
    expect(await state()).toBe("Offline");
    expect((await driver.cmdlet("NODEB", "Start-ClusteredMailboxServer", { Identity: "EXCLUS1", Confirm: false })).kind).toBe("ok");
    expect(await state()).toBe("Online");
    expect(driver.world.state.outages.map(({ cause }) => cause)).toEqual(["stop"]);
  });

  test("what runs is not started, and what does not run is not stopped", async () => {
    const driver = new Driver(exampleWorld());
    expect(await driver.cmdlet("NODEB", "Start-ClusteredMailboxServer", { Identity: "EXCLUS1" })).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error" } });
    await driver.cmdlet("NODEB", "Stop-ClusteredMailboxServer", { Identity: "EXCLUS1", StopReason: "test" });
    expect(await driver.cmdlet("NODEB", "Stop-ClusteredMailboxServer", { Identity: "EXCLUS1", StopReason: "again" })).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error" } });
  });

  test("a database is dismounted and mounted again", async () => {
    const driver = new Driver(exampleWorld());
    const mounted = async (): Promise<unknown> => (await driver.records("NODEB", "Get-MailboxDatabase", { Server: "EXCLUS1", Status: true }, "Mounted")).map((record) => record["Mounted"]);
    await driver.cmdlet("NODEB", "Dismount-Database", { Identity: "Archive Database", Confirm: false });
    expect(await mounted()).toEqual([true, false]);
    await driver.cmdlet("NODEB", "Mount-Database", { Identity: "EXCLUS1\\Second Storage Group\\Archive Database" });
    expect(await mounted()).toEqual([true, true]);
  });
});

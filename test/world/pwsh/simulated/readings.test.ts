import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Action } from "../../../../src/core/action.ts";
import type { Json } from "../../../../src/core/json.ts";
import type { Outcome } from "../../../../src/core/port.ts";
import { CMDLETS, PROGRAMS } from "../../../../src/simulator/commands/table.ts";
import { freshWorld } from "../../../kit/ccr-kit.ts";
import { HAS_REMOTING, PATIENCE_MS } from "../lab.ts";
import { behindPowershell, type Behind } from "./behind.ts";
import { driven, drivenDirectly, type Ask } from "./driven.ts";

const cmdlet = (name: string, parameters: Readonly<Record<string, Json>>, ...properties: readonly string[]): Action => ({ kind: "cmdlet", name, parameters, properties });
const program = (name: string, ...args: readonly string[]): Action => ({ kind: "program", program: name, args });

const SETUP = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Exchange\\Setup";

/** Every reading of the world's commands, well and badly called. What goes wrong is refused by the world, or by PowerShell itself, in words of its own. */
const READINGS: readonly [title: string, action: Action, refusedBy: "engine" | "world"][] = [
  ["an enum and a list", cmdlet("Get-MailboxServer", { Identity: "EXCLUS1" }, "Name", "ClusteredStorageType", "RedundantMachines"), "world"],
  ["a version that only prints itself", cmdlet("Get-ExchangeServer", { Identity: "EXCLUS1" }, "Name", "AdminDisplayVersion", "Edition"), "world"],
  ["lists with two, one and no elements", cmdlet("Get-ClusteredMailboxServerStatus", { Identity: "EXCLUS1" }, "Identity", "State", "OperationalMachines", "FailedResources", "InUseReplicationHostNames"), "world"],
  ["dates, truths and a switch", cmdlet("Get-MailboxDatabase", { Server: "EXCLUS1", Status: true }, "Identity", "Name", "Mounted", "BackupInProgress", "LastFullBackup"), "world"],
  ["what is absent without the switch", cmdlet("Get-MailboxDatabase", { Server: "EXCLUS1" }, "Name", "Mounted", "LastFullBackup"), "world"],
  ["numbers, and texts that are empty", cmdlet("Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, "Identity", "SummaryCopyStatus", "CopyQueueLength", "FailedMessage", "LastInspectedLogTime", "LatestFullBackupTime", "CCRTargetNode", "Suspend"), "world"],
  ["checks with their results", cmdlet("Test-ReplicationHealth", {}, "Check", "Result", "Error"), "world"],
  ["lists of services", cmdlet("Test-ServiceHealth", { Server: "NODEA" }, "Role", "RequiredServicesRunning", "ServicesRunning", "ServicesNotRunning"), "world"],
  ["a span of time", cmdlet("Test-Mailflow", { Identity: "EXCLUS1" }, "TestMailflowResult", "MessageLatencyTime", "IsRemoteTest"), "world"],
  ["events", cmdlet("Get-EventLog", { LogName: "Application", Newest: 3 }, "TimeGenerated", "EntryType", "Source", "EventID", "Message"), "world"],
  ["no such log", cmdlet("Get-EventLog", { LogName: "Nothing" }, "Message"), "world"],
  ["services", cmdlet("Get-WmiObject", { Class: "Win32_Service" }, "Name", "DisplayName", "StartMode", "State"), "world"],
  ["one of them, of a list with one element", cmdlet("Get-WmiObject", { Class: "Win32_Service", Filter: "Name='ClusSvc'" }, "Name", "State"), "world"],
  ["dates as WMI writes them", cmdlet("Get-WmiObject", { Class: "Win32_OperatingSystem" }, "Caption", "Version", "LastBootUpTime", "LocalDateTime", "CSName"), "world"],
  ["numbers of 64 bits", cmdlet("Get-WmiObject", { Class: "Win32_LogicalDisk" }, "DeviceID", "FreeSpace", "DriveType"), "world"],
  ["no records", cmdlet("Get-WmiObject", { Class: "Win32_Process", Filter: "Name='msiexec.exe'" }, "ProcessId", "CommandLine"), "world"],
  ["no such class", cmdlet("Get-WmiObject", { Class: "Win32_Nothing" }, "Name"), "world"],
  ["a property within a property", cmdlet("Get-Item", { LiteralPath: "C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe" }, "FullName", "Length", "VersionInfo.FileVersion", "LastWriteTimeUtc"), "world"],
  ["a key of the registry", cmdlet("Get-Item", { LiteralPath: `Registry::${SETUP}` }, "Name"), "world"],
  ["no such item", cmdlet("Get-Item", { LiteralPath: "C:\\no\\such" }, "FullName"), "world"],
  ["values of the registry", cmdlet("Get-ItemProperty", { LiteralPath: `Registry::${SETUP}` }, "MsiInstallPath", "Services"), "world"],
  ["no such value", cmdlet("Get-ItemProperty", { LiteralPath: `Registry::${SETUP}`, Name: "Nothing" }, "Nothing"), "world"],
  ["no such variable", cmdlet("Get-Variable", { Name: "PSVersionTable", ValueOnly: true }, "PSVersion"), "world"],
  ["no such file", cmdlet("Select-String", { Path: "C:\\no.log", Pattern: ["a", "b"], SimpleMatch: true, Context: [1, 2] }, "Line", "Context.PreContext"), "world"],
  ["no such mailbox server", cmdlet("Get-MailboxServer", { Identity: "NOSUCH" }, "Name"), "world"],
  ["a parameter that is not there", cmdlet("Get-MailboxServer", { Identity: "EXCLUS1", Nothing: "x" }, "Name"), "engine"],
  ["a cmdlet that is not there", cmdlet("Get-Nothing", {}, "Name"), "engine"],
  ["nodes of the cluster", program("cluster.exe", "node"), "world"],
  ["groups of the cluster", program("cluster.exe", "group"), "world"],
  ["a group that is not there", program("cluster.exe", "group", "No such group"), "world"],
  ["a command line that means nothing", program("cluster.exe", "/nothing"), "world"],
  ["a service", program("sc.exe", "query", "ClusSvc"), "world"],
  ["a service that is not there", program("sc.exe", "query", "NoSuchService"), "world"],
  ["a key with its values", program("reg.exe", "query", SETUP), "world"],
  ["a key that is not there", program("reg.exe", "query", "HKLM\\SOFTWARE\\Nothing"), "world"],
  ["a name", program("hostname.exe"), "world"],
  ["groups of the account", program("whoami.exe", "/groups", "/fo", "csv", "/nh"), "world"],
  ["texts in no file", program("findstr.exe", "/i", "/c:nothing", "C:\\no.ini"), "world"],
  ["a program that is not there", program("nothing.exe"), "engine"],
  ["a folder", { kind: "stat", path: "C:\\Windows\\Temp" }, "world"],
  ["no such path", { kind: "stat", path: "C:\\Windows\\Temp\\no.msp" }, "world"],
  ["no jobs", { kind: "jobs" }, "world"],
];

/** An answer without what honestly differs: PowerShell has words of its own. */
function comparable(outcome: Outcome<object>, refusedBy: "engine" | "world"): unknown {
  if (refusedBy === "engine") return outcome.kind === "failed" ? { kind: "failed", code: outcome.failure.code } : outcome;
  return outcome;
}

describe.runIf(HAS_REMOTING)("a reading over real PowerShell remoting gives what it gives without:", { timeout: PATIENCE_MS }, () => {
  let behind: Behind;
  let real: Ask;
  let direct: Ask;
  beforeAll(async () => {
    const world = await freshWorld("two-node");
    behind = await behindPowershell(world);
    real = driven(world, behind);
    direct = drivenDirectly(await freshWorld("two-node"));
  }, PATIENCE_MS);
  afterAll(() => behind.stop());

  test.each(READINGS)("%s", async (_title, action, refusedBy) => {
    const [there, here] = [await real(action), await direct(action)];
    expect(comparable(there, refusedBy)).toEqual(comparable(here, refusedBy));
  });

  test("and no reading of the world is left out", () => {
    const named = new Set(READINGS.flatMap(([, action]) => (action.kind === "cmdlet" ? [action.name.toLowerCase()] : action.kind === "program" ? [action.program] : [])));
    const readings = [...[...CMDLETS].filter(([, { changes }]) => !changes).map(([name]) => name), ...[...PROGRAMS].filter(([, { changes }]) => !changes([])).map(([name]) => name)];
    expect(readings.filter((name) => !named.has(name))).toEqual([]);
  });
});

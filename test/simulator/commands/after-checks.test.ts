import { describe, expect, test } from "vitest";
import type { WorldFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleWorld, moveTo } from "../a-world.ts";

const driverOf = (more: Partial<WorldFile> = {}): Driver => new Driver(exampleWorld("two-node", more));
const LOG = { LogName: "Application", Newest: 10 };

describe("`Get-EventLog`", () => {
  const NODES = { NODEA: { event_log: [{ before: "1h", source: "MSExchangeIS", id: 1 }, { before: "2h", source: "ESE", id: 2, type: "Warning", message: "late" }] }, NODEB: {} } as const;

  test("gives the newest entries first, and no more than are asked for", async () => {
    const driver = driverOf({ nodes: NODES });
    expect(await driver.records("NODEA", "Get-EventLog", LOG, "TimeGenerated", "EntryType", "Source", "EventID", "Message")).toEqual([
      { TimeGenerated: "2008-03-15T08:00:00.000Z", EntryType: "Error", Source: "MSExchangeIS", EventID: 1, Message: "" },
      { TimeGenerated: "2008-03-15T07:00:00.000Z", EntryType: "Warning", Source: "ESE", EventID: 2, Message: "late" },
    ]);
    expect(await driver.records("NODEA", "Get-EventLog", { ...LOG, Newest: 1 }, "EventID")).toEqual([{ EventID: 1 }]);
    expect(await driver.records("NODEB", "Get-EventLog", LOG, "EventID")).toEqual([]);
  });
  test("has no filters in PowerShell 1.0, and no log of another name", async () => {
    const driver = driverOf();
    expect(await driver.cmdlet("NODEA", "Get-EventLog", { ...LOG, Source: "MsiInstaller" }, "EventID")).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("'Source'") as string } });
    expect(await driver.cmdlet("NODEA", "Get-EventLog", { LogName: "Anwendung" }, "EventID")).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  });
  test("has what happened since the beginning", async () => {
    const driver = driverOf({ events: [{ at: "10m", does: [{ log_event: { node: "NODEB", source: "MSExchangeRepl", id: 2074, message: "no" } }] }] });
    await driver.pass(11 * 60_000);
    expect(await driver.records("NODEB", "Get-EventLog", LOG, "Source", "TimeGenerated")).toEqual([{ Source: "MSExchangeRepl", TimeGenerated: "2008-03-15T09:10:00.000Z" }]);
  });
});

describe("`Test-Mailflow`", () => {
  const go = (driver: Driver, given = {}) => driver.records("NODEB", "Test-Mailflow", { Identity: "EXCLUS1", ...given }, "TestMailflowResult", "MessageLatencyTime", "IsRemoteTest");

  test("says how long the message took", async () => {
    expect(await go(driverOf())).toEqual([{ TestMailflowResult: "Success", MessageLatencyTime: expect.stringMatching(/^00:00:0\d\.\d{7}$/) as string, IsRemoteTest: false }]);
  });
  test.each<[string, Partial<WorldFile>]>([
    ["it is said so", { mailbox_server: { name: "EXCLUS1", active: "NODEA", version: "8.1.240.6", mail_flow: "failing", storage_groups: { SG: { database: "DB" } } } }],
    ["no database is mounted", { mailbox_server: { name: "EXCLUS1", active: "NODEA", version: "8.1.240.6", storage_groups: { SG: { database: "DB", mounted: false } } } }],
    ["mail is not submitted", { nodes: { NODEA: { services: { MSExchangeMailSubmission: { state: "Stopped" } } }, NODEB: {} } }],
  ])("waits as long as it may, and fails, where %s", async (_case, more) => {
    const driver = driverOf(more);
    const beginMs = driver.clock.now();
    expect(await go(driver, { ExecutionTimeout: 30 })).toEqual([{ TestMailflowResult: "*FAILURE*", MessageLatencyTime: "00:00:00.0000000", IsRemoteTest: false }]);
    expect(driver.clock.now() - beginMs).toBeGreaterThanOrEqual(30_000);
  });
  test("fails while the mailbox server moves", async () => {
    const driver = driverOf();
    const moving = driver.begun("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    await driver.pass(15_000);
    expect(await go(driver, { ExecutionTimeout: 1 })).toMatchObject([{ TestMailflowResult: "*FAILURE*" }]);
    await driver.until(moving);
  });
  test("needs the role, and the right name", async () => {
    expect(await driverOf({ account: { exchange_role: false } }).cmdlet("NODEB", "Test-Mailflow", { Identity: "EXCLUS1" })).toMatchObject({ kind: "failed", failure: { code: "denied" } });
    expect(await driverOf().cmdlet("NODEB", "Test-Mailflow", { Identity: "EXCLUS9" })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  });
});

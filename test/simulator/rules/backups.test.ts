import { describe, expect, test } from "vitest";
import type { Fault } from "../../../src/simulator/fault.ts";
import { checkWorld } from "../../../src/simulator/check-world.ts";
import type { BackupJobFile } from "../../../src/simulator/backup-job.ts";
import { Driver, exampleText, exampleWorld, moveTo, worldFile } from "../a-world.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** The world begins at 09:00 UTC. */
const withJobs = (...backup_jobs: readonly BackupJobFile[]): Driver => new Driver(exampleWorld("two-node", { backup_jobs }));
const running = async (driver: Driver): Promise<readonly unknown[]> => (await records(driver)).map((record) => record["BackupInProgress"]);
const last = async (driver: Driver): Promise<readonly unknown[]> => (await records(driver)).map((record) => record["LastFullBackup"]);
const records = (driver: Driver): ReturnType<Driver["records"]> => driver.records("NODEA", "Get-MailboxDatabase", { Server: "EXCLUS1", Status: true }, "BackupInProgress", "LastFullBackup");
const suffer = (driver: Driver, ...faults: readonly Fault[]): void => driver.world.suffer(faults, "event");
const stopped = (driver: Driver): readonly string[] => driver.world.state.breaches.filter(({ invariant }) => invariant === "I10").map(({ because }) => because);

describe("a backup job", () => {
  test("runs every night at its time, and what it ends with is the last full backup", async () => {
    const driver = withJobs({ daily: "22:30", takes: "2h" });
    await driver.pass(13.25 * HOUR);
    expect(await running(driver)).toEqual([false, false]);
    await driver.pass(HOUR);
    expect(await running(driver)).toEqual([true, true]);
    await driver.pass(3 * HOUR);
    expect(await last(driver)).toEqual(["2008-03-16T00:30:00.000Z", "2008-03-16T00:30:00.000Z"]);
    await driver.pass(48 * HOUR);
    expect(await last(driver)).toEqual(["2008-03-18T00:30:00.000Z", "2008-03-18T00:30:00.000Z"]);
  });

  test("whose time of day is past begins tomorrow", async () => {
    const driver = withJobs({ daily: "08:00", takes: "1h" });
    expect(driver.world.nextMs()).toBe(Date.UTC(2008, 2, 16, 8));
  });

  test("runs once where it has a time of its own, and of the storage groups that it names", async () => {
    const driver = withJobs({ at: "10m", takes: "1h", storage_groups: ["Second Storage Group"] });
    await driver.pass(20 * MINUTE);
    expect(await running(driver)).toEqual([false, true]);
    await driver.pass(48 * HOUR);
    expect(driver.world.nextMs()).toBeUndefined();
  });

  test("of the copies counts as a backup of the database", async () => {
    const driver = withJobs({ at: "0s", takes: "1h", of: "passive" });
    await driver.pass(30 * MINUTE);
    expect(await running(driver)).toEqual([true, true]);
    await driver.pass(HOUR);
    expect(await last(driver)).toEqual(["2008-03-15T10:00:00.000Z", "2008-03-15T10:00:00.000Z"]);
  });

  test("does nothing where another backup runs or the database is not mounted", async () => {
    const driver = withJobs({ at: "0s", takes: "3h" }, { at: "1h", takes: "10m" });
    suffer(driver, { kind: "dismount", database: "Archive Database" });
    await driver.pass(90 * MINUTE);
    expect(await running(driver)).toEqual([true, false]);
    await driver.pass(2 * HOUR);
    expect((await last(driver))[0]).toBe("2008-03-15T12:00:00.000Z");
  });

  test("is checked with the rest of the file", () => {
    const wrong = checkWorld({ ...worldFile(exampleText("two-node")), backup_jobs: [{ takes: "1h" }, { at: "1h", daily: "22:00", takes: "1h" }, { at: "1h", takes: "1h", storage_groups: ["Third"] }] });
    expect(wrong.map(({ path }) => path.join("."))).toEqual(["backup_jobs.0", "backup_jobs.1", "backup_jobs.2.storage_groups.0"]);
  });
});

describe("a running backup is stopped", () => {
  test("by a move; the last full one counts again", async () => {
    const driver = withJobs({ at: "0s", takes: "1h" }, { at: "2h", takes: "1h" });
    await driver.pass(2.5 * HOUR);
    const before = await last(driver);
    expect(before).toEqual(["2008-03-15T10:00:00.000Z", "2008-03-15T10:00:00.000Z"]);
    await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    expect(stopped(driver)).toEqual(["the move to NODEB stopped the backup of First Storage Group", "the move to NODEB stopped the backup of Second Storage Group"]);
    await driver.pass(2 * HOUR);
    expect(await last(driver)).toEqual(before);
  });

  test.each<[string, "active" | "passive", Fault, number]>([
    ["a failover stops that of the databases", "active", { kind: "fail-over", to: "NODEB" }, 2],
    ["a failover stops that of the copies", "passive", { kind: "fail-over", to: "NODEB" }, 2],
    ["a dismounted database stops its own", "active", { kind: "dismount", database: "Archive Database" }, 1],
    ["a restart of the passive node stops that of the copies", "passive", { kind: "restart", node: "NODEB" }, 2],
    ["a restart of the passive node leaves that of the databases", "active", { kind: "restart", node: "NODEB" }, 0],
    ["a dismounted database leaves that of the copies", "passive", { kind: "dismount", database: "Archive Database" }, 0],
  ])("%s", async (_, of, fault, count) => {
    const driver = withJobs({ at: "0s", takes: "1h", of });
    await driver.pass(MINUTE);
    suffer(driver, fault);
    expect(stopped(driver)).toHaveLength(count);
  });
});

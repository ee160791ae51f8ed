import { describe, expect, test } from "vitest";
import type { Fault } from "../../../src/simulator/fault.ts";
import { copySummary } from "../../../src/simulator/rules/copies.ts";
import { inspectedMs, logsNow, queues } from "../../../src/simulator/rules/logs.ts";
import type { StorageGroupFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleWorld, moveTo } from "../a-world.ts";

const MINUTE = 60_000;
/** A cluster with one storage group that is as it says. */
const withGroup = (group: Partial<StorageGroupFile>, version = "8.1.240.6"): Driver =>
  new Driver(exampleWorld("two-node", { packages: [], mailbox_server: { name: "EXCLUS1", active: "NODEA", version, storage_groups: { One: { database: "DB", ...group } } } }));
const one = (driver: Driver): ReturnType<typeof logsNow> & { readonly summary: string; readonly copyQueue: number; readonly replayQueue: number } => {
  const { state } = driver.world;
  const [group] = state.mailboxServer.storageGroups;
  if (group === undefined) throw new Error("there is no storage group");
  const logs = logsNow(state, group);
  return { ...logs, summary: copySummary(state, group), copyQueue: queues(logs).copy, replayQueue: queues(logs).replay };
};
const suffer = async (driver: Driver, ms: number, ...faults: readonly Fault[]): Promise<void> => {
  driver.world.suffer(faults);
  await driver.pass(ms);
};
const service = (name: string, state: "Running" | "Stopped"): Fault => ({ kind: "service", node: "NODEB", name, state });

describe("a mounted database", () => {
  test("writes its logs, and a healthy copy has them at once", async () => {
    const driver = withGroup({ log_rate: 6 });
    await driver.pass(10 * MINUTE);
    expect(one(driver)).toMatchObject({ generated: 1060, copyQueue: 0, replayQueue: 0, summary: "Healthy" });
  });

  test("writes none while it is dismounted", async () => {
    const driver = withGroup({ log_rate: 6, mounted: false });
    await driver.pass(10 * MINUTE);
    expect(one(driver).generated).toBe(1000);
  });
});

describe("a copy under load", () => {
  test("falls behind where more is written than it can copy, and catches up when the load is over", async () => {
    const driver = withGroup({ log_rate: 2 });
    await suffer(driver, 30 * MINUTE, { kind: "load", logRate: 100, forMs: 30 * MINUTE });
    expect(one(driver)).toMatchObject({ copyQueue: 30 * 60, summary: "Healthy" });
    await driver.pass(60 * MINUTE);
    expect(one(driver)).toMatchObject({ copyQueue: 0 });
  });

  test("replays a while after it copied, where the world says so; a quiet database is replayed whole", async () => {
    const driver = withGroup({ log_rate: 10, replay_lag: "2m" });
    await driver.pass(10 * MINUTE);
    expect(one(driver)).toMatchObject({ copyQueue: 0, replayQueue: 20 });
    await suffer(driver, 5 * MINUTE, { kind: "dismount", database: "DB" });
    expect(one(driver).replayQueue).toBe(0);
  });

  test("makes a move wait for what is not copied and not replayed yet", async () => {
    const lengthOf = async (group: Partial<StorageGroupFile>): Promise<number> => {
      const driver = withGroup({ log_rate: 0, ...group });
      expect((await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"))).kind).toBe("ok");
      const [outage] = driver.world.state.outages;
      return (outage?.toMs ?? 0) - (outage?.fromMs ?? 0);
    };
    const usual = await lengthOf({});
    expect(await lengthOf({ copy_queue: 40, replay_queue: 80 })).toBe(usual + 3 * MINUTE);
    expect(await lengthOf({ copy_queue: 40, replay_queue: 80, catch_up: "20" })).toBe(usual + 6 * MINUTE);
  });
});

describe("a copy whose service was away", () => {
  const away = async (group: Partial<StorageGroupFile>): Promise<Driver> => {
    const driver = withGroup(group);
    await suffer(driver, 30 * MINUTE, service("MSExchangeRepl", "Stopped"));
    return driver;
  };

  test("is ServiceDown meanwhile; what is written queues up", async () => {
    expect(one(await away({ log_rate: 10 }))).toMatchObject({ summary: "ServiceDown", copyQueue: 300 });
  });

  test("is Initializing until the next log is closed, then catches up", async () => {
    const driver = await away({ log_rate: 2 });
    await driver.pass(10_000);
    await suffer(driver, 19_000, service("MSExchangeRepl", "Running"));
    expect(one(driver).summary).toBe("Initializing");
    await driver.pass(1_500);
    expect(one(driver).summary).toBe("Healthy");
    await driver.pass(MINUTE);
    expect(one(driver).copyQueue).toBe(61 + 2 - 40);
    await driver.pass(MINUTE);
    expect(one(driver).copyQueue).toBe(0);
  });

  test("is Initializing for about ninety seconds where nothing is written", async () => {
    const driver = await away({ log_rate: 0 });
    await suffer(driver, 79_000, service("MSExchangeRepl", "Running"));
    expect(one(driver).summary).toBe("Initializing");
    await driver.pass(21_000);
    expect(one(driver).summary).toBe("Healthy");
  });

  test("catches up at a rate that is drawn anew each time, within the range that the world names", async () => {
    const driver = withGroup({ log_rate: 10, catch_up: "20..60" });
    const rates: number[] = [];
    for (let times = 0; times < 8; times += 1) {
      await suffer(driver, MINUTE, service("MSExchangeRepl", "Stopped"));
      await suffer(driver, MINUTE, service("MSExchangeRepl", "Running"));
      await driver.run("NODEA", "cluster.exe", "node", "NODEB", "/resume");
      rates.push(driver.world.state.mailboxServer.storageGroups[0]?.catchUpRate ?? 0);
    }
    expect(rates.every((rate) => rate >= 20 && rate <= 60)).toBe(true);
    expect(new Set(rates).size).toBeGreaterThan(4);
  });
});

describe("LastInspectedLogTime", () => {
  const ageMs = (driver: Driver): number => {
    const [group] = driver.world.state.mailboxServer.storageGroups;
    if (group === undefined) throw new Error("there is no storage group");
    return driver.world.state.nowMs - inspectedMs(driver.world.state, group);
  };

  test("is fresh where all is well", async () => {
    const driver = withGroup({ log_rate: 2 });
    await driver.pass(60 * MINUTE + 1);
    expect(ageMs(driver)).toBeLessThan(MINUTE);
  });

  test.each<[string, Partial<StorageGroupFile>, readonly Fault[]]>([
    ["the replication service is stopped on the passive node", {}, [service("MSExchangeRepl", "Stopped")]],
    ["the database is dismounted", {}, [{ kind: "dismount", database: "DB" }]],
    ["no mail flows", {}, [{ kind: "load", logRate: 0 }]],
    ["no mail ever flowed", { log_rate: 0 }, []],
  ])("is old where %s", async (_, group, faults) => {
    const driver = withGroup(group);
    await suffer(driver, 60 * MINUTE, ...faults);
    expect(ageMs(driver)).toBeGreaterThanOrEqual(60 * MINUTE);
  });
});

describe("a copy that lost logs in a crash", () => {
  const crashed = async (version: string): Promise<Driver> => {
    const driver = withGroup({ log_rate: 2 }, version);
    await suffer(driver, 20 * MINUTE, { kind: "copy", status: "Healthy", message: "", queue: 5 }, { kind: "restart", node: "NODEA" });
    return driver;
  };
  const summaries = async (driver: Driver): Promise<ReadonlySet<string>> => {
    const seen = new Set<string>();
    for (let minute = 0; minute < 20; minute += 1) {
      seen.add(one(driver).summary);
      await driver.pass(MINUTE);
    }
    return seen;
  };

  test("is brought in line from SP1 on", async () => {
    const driver = withGroup({ log_rate: 2 });
    driver.world.suffer([{ kind: "copy", status: "Healthy", message: "", queue: 5 }, { kind: "restart", node: "NODEA" }]);
    expect(await summaries(driver)).toEqual(new Set(["ServiceDown", "Resynchronizing", "Healthy"]));
    expect(one(driver).summary).toBe("Healthy");
  });

  test("is Failed for good on RTM", async () => {
    expect(one(await crashed("8.0.813.0")).summary).toBe("Failed");
  });

  test("is as any other where nothing was lost", async () => {
    const driver = withGroup({ log_rate: 2 });
    driver.world.suffer([{ kind: "restart", node: "NODEA" }]);
    expect([...await summaries(driver)]).not.toContain("Resynchronizing");
  });
});

test("`Get-StorageGroupCopyStatus` has the counters of the model, and what is wrong only while it is", async () => {
  const driver = withGroup({ log_rate: 0, copy_queue: 30, replay_queue: 20, copy: "Failed", copy_for: "10m", copy_message: "disk full" });
  const properties = ["SummaryCopyStatus", "FailedMessage", "LastLogGenerated", "LastLogCopied", "LastLogReplayed", "ServiceDown"];
  const [failed] = await driver.records("NODEA", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, ...properties);
  expect(failed).toEqual({ SummaryCopyStatus: "Failed", FailedMessage: "disk full", LastLogGenerated: 1000, LastLogCopied: 970, LastLogReplayed: 950, ServiceDown: false });
  await driver.pass(20 * MINUTE);
  expect((await driver.records("NODEA", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, "FailedMessage"))[0]).toEqual({ FailedMessage: "" });
  driver.world.suffer([service("MSExchangeRepl", "Stopped")]);
  expect(await driver.records("NODEA", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, "ServiceDown")).toEqual([{ ServiceDown: true }]);
});

test("logs that nobody works on are lost in an orderly failover too", async () => {
  const driver = withGroup({ log_rate: 10 });
  await suffer(driver, MINUTE, service("MSExchangeRepl", "Stopped"));
  await driver.run("NODEA", "cluster.exe", "node", "NODEA", "/stop");
  await driver.pass(5 * MINUTE);
  expect(driver.world.state.breaches.filter(({ invariant }) => invariant === "I6")).toMatchObject([{ by: "call", because: expect.stringContaining("logs of One lost") }]);
});

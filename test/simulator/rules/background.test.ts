import { describe, expect, test } from "vitest";
import type { Fault } from "../../../src/simulator/fault.ts";
import { copySummary } from "../../../src/simulator/rules/copies.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../../../src/simulator/rules/mailbox-server.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { Driver, exampleWorld } from "../a-world.ts";

const MINUTE = 60_000;
const state = (driver: Driver): readonly string[] => [mailboxServerStatus(driver.world.state), ownerOfMailboxServer(driver.world.state).name];
const owners = (driver: Driver): readonly string[] => driver.world.state.cluster.groups.filter(({ kind }) => kind !== "mailbox").map(({ owner, status }) => `${owner} ${status}`);
const suffered = (...faults: readonly Fault[]): Driver => {
  const driver = new Driver(exampleWorld());
  driver.world.suffer(faults);
  return driver;
};

test("a healthy world that nobody touches stays as it is", async () => {
  const driver = new Driver(exampleWorld());
  await driver.pass(24 * 60 * MINUTE);
  expect(driver.world.state).toMatchObject({ due: [], breaches: [], outages: [], changes: 0 });
  expect(state(driver)).toEqual(["Online", "NODEA"]);
});

describe("nodes", () => {
  test("a crash of the active node moves everything; without queued logs nothing is lost", async () => {
    const driver = suffered({ kind: "restart", node: "NODEA" });
    expect(state(driver)).toEqual(["Online Pending", "NODEB"]);
    await driver.pass(2 * MINUTE);
    expect(owners(driver)).toEqual(["NODEB Offline", "NODEB Online"]);
    await driver.pass(15 * MINUTE);
    expect(state(driver)).toEqual(["Online", "NODEB"]);
    expect(driver.world.state.mailboxServer.storageGroups.map((group) => copySummary(driver.world.state, group))).toEqual(["Healthy", "Healthy"]);
    expect(driver.world.state.breaches.map(({ invariant }) => invariant)).toEqual(["I5"]);
  });

  test("the mark of a pause survives a restart, and a paused node takes nothing over", async () => {
    const driver = suffered({ kind: "pause", node: "NODEB" }, { kind: "restart", node: "NODEB" });
    await driver.pass(15 * MINUTE);
    expect(nodeOf(driver.world.state, "NODEB")).toMatchObject({ membership: "Up", paused: true });
    driver.world.suffer([{ kind: "restart", node: "NODEA" }]);
    await driver.pass(MINUTE);
    expect(state(driver)).toEqual(["Offline", "NODEA"]);
  });

  test("one that is switched off stays off until it is switched on", async () => {
    const driver = suffered({ kind: "power-off", node: "NODEB" });
    await driver.pass(60 * MINUTE);
    expect(nodeOf(driver.world.state, "NODEB")).toMatchObject({ power: "off", membership: "Down" });
    driver.world.suffer([{ kind: "power-on", node: "NODEB" }]);
    await driver.pass(15 * MINUTE);
    expect(nodeOf(driver.world.state, "NODEB")).toMatchObject({ power: "on", membership: "Up" });
  });

  test("a disabled Cluster service keeps a node out of the cluster after a restart", async () => {
    const driver = suffered({ kind: "service", node: "NODEB", name: "ClusSvc", startMode: "Disabled" }, { kind: "restart", node: "NODEB" });
    await driver.pass(15 * MINUTE);
    expect(nodeOf(driver.world.state, "NODEB")).toMatchObject({ power: "on", membership: "Down" });
  });
});

describe("quorum", () => {
  test("the loss of the witness alone costs nothing", async () => {
    const driver = suffered({ kind: "witness", reachable: false });
    await driver.pass(MINUTE);
    expect(state(driver)).toEqual(["Online", "NODEA"]);
  });

  test("two votes of three that are lost take everything offline; one that returns brings it back", async () => {
    const driver = suffered({ kind: "witness", reachable: false }, { kind: "power-off", node: "NODEB" });
    await driver.pass(MINUTE);
    expect(state(driver)).toEqual(["Offline", "NODEA"]);
    expect(owners(driver)[1]).toBe("NODEA Offline");
    driver.world.suffer([{ kind: "witness", reachable: true }]);
    await driver.pass(5 * MINUTE);
    expect(state(driver)).toEqual(["Online", "NODEA"]);
    expect(owners(driver)[1]).toBe("NODEA Online");
  });
});

describe("the mailbox server", () => {
  test("a store that stops is started again in place", async () => {
    const driver = suffered({ kind: "service", node: "NODEA", name: "MSExchangeIS", state: "Stopped" });
    expect(state(driver)).toEqual(["Online Pending", "NODEA"]);
    await driver.pass(5 * MINUTE);
    expect(state(driver)).toEqual(["Online", "NODEA"]);
  });

  test("one that is disabled where it ran goes to the other node", async () => {
    const driver = suffered({ kind: "service", node: "NODEA", name: "MSExchangeIS", startMode: "Disabled", state: "Stopped" });
    await driver.pass(5 * MINUTE);
    expect(state(driver)).toEqual(["Online", "NODEB"]);
  });

  test("one that can run on neither node bounces once and is Failed, until somebody starts it", async () => {
    const disabled = ["NODEA", "NODEB"].map((node): Fault => ({ kind: "service", node, name: "MSExchangeIS", startMode: "Disabled" }));
    const driver = suffered(...disabled, { kind: "fail-over", to: "NODEB" });
    await driver.pass(60 * MINUTE);
    expect(state(driver)[0]).toBe("Failed");
    driver.world.suffer(["NODEA", "NODEB"].map((node): Fault => ({ kind: "service", node, name: "MSExchangeIS", startMode: "Manual" })));
    await driver.pass(60 * MINUTE);
    expect(state(driver)[0]).toBe("Failed");
    expect((await driver.cmdlet("local", "Start-ClusteredMailboxServer", { Identity: "EXCLUS1" })).kind).toBe("ok");
    expect(state(driver)[0]).toBe("Online");
  });

  test("an unplanned failover to a broken copy leaves its database dismounted", async () => {
    const driver = suffered({ kind: "copy", storageGroup: "Second Storage Group", status: "Failed", message: "" }, { kind: "fail-over", to: "NODEB" });
    await driver.pass(5 * MINUTE);
    expect(state(driver)).toEqual(["Partially Online", "NODEB"]);
  });

  test("a failover to a node that cannot take it does not happen", () => {
    expect(state(suffered({ kind: "power-off", node: "NODEB" }, { kind: "fail-over", to: "NODEB" }))).toEqual(["Online", "NODEA"]);
  });
});

test("a group with failback returns to its preferred owner when that joins", async () => {
  const world = exampleWorld("two-node", { groups: { "Cluster Group": { owner: "NODEA" }, Tapes: { owner: "NODEB", preferred_owners: ["NODEB"], failback: true, resources: ["Tape Library"] } } });
  const driver = new Driver(world);
  const owner = (): unknown => driver.world.state.cluster.groups.find(({ name }) => name === "Tapes")?.owner;
  driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
  await driver.pass(MINUTE);
  expect(owner()).toBe("NODEA");
  await driver.pass(15 * MINUTE);
  expect(owner()).toBe("NODEB");
});

test("a copy that lags at the beginning catches up", async () => {
  const driver = new Driver(exampleWorld("lagging-copy"));
  const copies = async (): Promise<unknown> => (await driver.records("NODEB", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, "SummaryCopyStatus", "CopyQueueLength")).map((record) => [record["SummaryCopyStatus"], record["CopyQueueLength"]]);
  expect(await copies()).toEqual([["Initializing", 120], ["Initializing", 80]]);
  await driver.pass(20 * MINUTE);
  expect(await copies()).toEqual([["Healthy", 0], ["Healthy", 0]]);
});

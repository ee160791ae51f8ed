import { describe, expect, test } from "vitest";
import type { EventFile } from "../../src/simulator/event-schema.ts";
import { LOG_ENTRIES, logEvent, type LoggedEvent } from "../../src/simulator/event-log.ts";
import type { Fault } from "../../src/simulator/fault.ts";
import { nodeOf } from "../../src/simulator/world-state.ts";
import { Driver, exampleWorld, moveTo } from "./a-world.ts";

const MINUTE = 60_000;
const driverOf = (...events: readonly EventFile[]): Driver => new Driver(exampleWorld("two-node", { events }));
const entries = (driver: Driver, node: string, source: string): readonly LoggedEvent[] => nodeOf(driver.world.state, node).eventLog.filter((entry) => entry.source === source);
const numbers = (driver: Driver, node: string, source: string): readonly number[] => entries(driver, node, source).map(({ id }) => id);
const suffer = async (driver: Driver, ms: number, ...faults: readonly Fault[]): Promise<void> => {
  driver.world.suffer(faults, "event");
  await driver.pass(ms);
};

test("a healthy node writes nothing", async () => {
  const driver = driverOf();
  await driver.pass(24 * 60 * MINUTE);
  expect(driver.world.state.nodes.map(({ eventLog }) => eventLog)).toEqual([[], []]);
});

describe("a move", () => {
  test("is written on its target with its real duration and its comment", async () => {
    const driver = driverOf();
    await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    const [outage] = driver.world.state.outages;
    const seconds = Math.round(((outage?.toMs ?? 0) - (outage?.fromMs ?? 0)) / 1000);
    expect(entries(driver, "NODEB", "MSExchangeRepl")).toMatchObject([{ log: "Application", id: 100, type: "Information", message: `The move of EXCLUS1 from NODEA to NODEB took ${seconds} seconds. Comment: Applying update rollup` }]);
    expect(entries(driver, "NODEA", "MSExchangeRepl")).toEqual([]);
  });

  test("that fails is not written as done", async () => {
    const driver = driverOf({ on: { command: "Move-ClusteredMailboxServer" }, move: { dismounted: ["Archive Database"] } });
    await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    expect(entries(driver, "NODEB", "MSExchangeRepl")).toEqual([]);
  });
});

test("a stop of the mailbox server is written with its reason", async () => {
  const driver = driverOf();
  await driver.cmdlet("NODEB", "Stop-ClusteredMailboxServer", { Identity: "EXCLUS1", StopReason: "new disks", Confirm: false });
  expect(entries(driver, "NODEA", "MSExchangeRepl")).toMatchObject([{ message: "EXCLUS1 was stopped. Reason: new disks" }]);
});

describe("Windows Installer", () => {
  test.each<[string, EventFile["install"], readonly number[]]>([
    ["an update", {}, [1022]],
    ["an update that needs a restart", { exit_code: 3010 }, [1022, 1029]],
    ["an update that fails", { exit_code: 1603 }, [1024]],
  ])("writes %s", async (_, install, expected) => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, install: install ?? {} });
    await driver.install("NODEB");
    await driver.ended("NODEB");
    expect(numbers(driver, "NODEB", "MsiInstaller")).toEqual(expected);
    expect(entries(driver, "NODEB", "MsiInstaller")[0]?.message).toContain("KB945684");
  });

  test("writes a package that it refuses, with the code", async () => {
    const driver = driverOf();
    for (const node of driver.world.state.nodes) node.files.push({ path: "D:\\ur\\rollup.msp", bytes: 3, sha256: "0", text: "no" });
    await driver.install("NODEB", "job", ["/update", "C:\\Windows\\other.msp", "/quiet"]);
    await driver.ended("NODEB");
    expect(entries(driver, "NODEB", "MsiInstaller")).toEqual([]);
    nodeOf(driver.world.state, "NODEB").files.push({ path: "C:\\Windows\\other.msp", bytes: 3, sha256: "0", text: "no" });
    await driver.install("NODEB", "again", ["/update", "C:\\Windows\\other.msp", "/quiet"]);
    await driver.ended("NODEB", "again");
    expect(entries(driver, "NODEB", "MsiInstaller")).toMatchObject([{ id: 1024, message: expect.stringContaining("1636") }]);
  });
});

describe("a restart", () => {
  test("that was asked for is written with its comment, as one in order", async () => {
    const driver = driverOf();
    await driver.run("NODEB", "shutdown.exe", "/r", "/t", "0", "/c", "update rollup");
    await driver.pass(20 * MINUTE);
    expect(entries(driver, "NODEB", "USER32")).toMatchObject([{ log: "System", id: 1074, message: expect.stringContaining("update rollup") }]);
    expect(numbers(driver, "NODEB", "EventLog")).toEqual([6006, 6005]);
  });

  test("that nobody asked for is written as unexpected", async () => {
    const driver = driverOf();
    await suffer(driver, 20 * MINUTE, { kind: "restart", node: "NODEB" });
    expect(numbers(driver, "NODEB", "EventLog")).toEqual([6005, 6008]);
    expect(numbers(driver, "NODEA", "ClusSvc")).toEqual([1135]);
  });
});

describe("the Cluster service", () => {
  test("writes that the quorum is lost", async () => {
    const driver = driverOf();
    await suffer(driver, MINUTE, { kind: "power-off", node: "NODEB" }, { kind: "witness", reachable: false });
    expect(numbers(driver, "NODEA", "ClusSvc")).toEqual([1135, 1177]);
  });

  test("writes a mailbox server that does not come up on a node", async () => {
    const driver = driverOf();
    await suffer(driver, 10 * MINUTE, { kind: "service", node: "NODEB", name: "MSExchangeIS", startMode: "Disabled" }, { kind: "fail-over", to: "NODEB" });
    expect(entries(driver, "NODEB", "ClusSvc")).toMatchObject([{ id: 1069, message: expect.stringContaining("Exchange Information Store Instance (EXCLUS1)") }]);
  });
});

describe("the log", () => {
  const entry = { log: "Application", source: "Backup", id: 1, type: "Error", message: "" } as const;

  test("keeps the newest entries only", () => {
    const { state } = exampleWorld();
    const node = nodeOf(state, "NODEB");
    for (let id = 1; id <= LOG_ENTRIES + 3; id += 1) logEvent(state, node, { ...entry, id });
    expect([node.eventLog.length, node.eventLog[0]?.id]).toEqual([LOG_ENTRIES, 4]);
  });

  test("takes nothing while the node is off", () => {
    const { state } = exampleWorld();
    const node = nodeOf(state, "NODEB");
    node.power = "off";
    logEvent(state, node, entry);
    expect(node.eventLog).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import type { Fault } from "../../../src/simulator/fault.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../../../src/simulator/rules/mailbox-server.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import type { WorldFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleText, exampleWorld, moveTo, worldFile } from "../a-world.ts";

const MINUTE = 60_000;
const base = worldFile(exampleText("two-node"));
const withServer = (more: Partial<WorldFile["mailbox_server"]>): Driver => new Driver(exampleWorld("two-node", { mailbox_server: { ...base.mailbox_server, ...more } }));
const stands = ({ world: { state } }: Driver): readonly string[] => [mailboxServerStatus(state), ownerOfMailboxServer(state).name];
const suffer = async (driver: Driver, ms: number, ...faults: readonly Fault[]): Promise<void> => {
  driver.world.suffer(faults, "event");
  await driver.pass(ms);
};
const cluster = async (driver: Driver, ...args: readonly string[]): Promise<number> => (await driver.run("NODEB", "cluster.exe", ...args)).exitCode;

describe("a mailbox server that does not run", () => {
  test("moves with its group, and stays offline until it is started there", async () => {
    const driver = withServer({ state: "Offline" });
    expect(await cluster(driver, "group", "EXCLUS1", "/moveto:NODEB", "/wait:60")).toBe(0);
    expect(stands(driver)).toEqual(["Offline", "NODEB"]);
    expect((await driver.cmdlet("NODEB", "Start-ClusteredMailboxServer", { Identity: "EXCLUS1", Confirm: false })).kind).toBe("ok");
    expect(stands(driver)).toEqual(["Online", "NODEB"]);
  });

  test("leaves a node that goes down like any other group", async () => {
    const driver = withServer({ state: "Offline" });
    await suffer(driver, MINUTE, { kind: "power-off", node: "NODEA" });
    expect(stands(driver)).toEqual(["Offline", "NODEB"]);
  });

  test("leaves it too where it is Failed, and is Failed still", async () => {
    const driver = new Driver(exampleWorld());
    const disabled = ["NODEA", "NODEB"].map((node): Fault => ({ kind: "service", node, name: "MSExchangeIS", startMode: "Disabled" }));
    await suffer(driver, 60 * MINUTE, ...disabled, { kind: "fail-over", to: "NODEB" });
    const [status, owner = ""] = stands(driver);
    expect(status).toBe("Failed");
    await suffer(driver, MINUTE, { kind: "power-off", node: owner });
    expect(stands(driver)).toEqual(["Failed", owner === "NODEA" ? "NODEB" : "NODEA"]);
  });

  test("stays where the other node is paused", async () => {
    const driver = withServer({ state: "Offline" });
    await suffer(driver, MINUTE, { kind: "pause", node: "NODEB" }, { kind: "power-off", node: "NODEA" });
    expect(stands(driver)).toEqual(["Offline", "NODEA"]);
  });
});

describe("a mailbox server with failback", () => {
  test("returns to its node when that joins, whoever moved it away, and nobody's command answers for that", async () => {
    const driver = withServer({ failback: "nodea" });
    await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    await driver.pass(30 * MINUTE);
    expect(stands(driver)).toEqual(["Online", "NODEB"]);
    await driver.run("NODEA", "shutdown.exe", "/r", "/t", "0");
    await driver.pass(30 * MINUTE);
    expect(stands(driver)).toEqual(["Online", "NODEA"]);
    expect(driver.world.state.outages.map(({ cause, by, what }) => [cause, by, what]).slice(1)).toEqual([["fault", "event", "failback of EXCLUS1"]]);
  });

  test("stays where it is while its node is paused", async () => {
    const driver = withServer({ failback: "NODEA" });
    await suffer(driver, 30 * MINUTE, { kind: "pause", node: "NODEA" }, { kind: "restart", node: "NODEA" });
    await suffer(driver, 30 * MINUTE, { kind: "resume", node: "NODEA" }, { kind: "fail-over", to: "NODEB" });
    expect(stands(driver)[1]).toBe("NODEB");
  });
});

test("the active node can be restarted, and the outage is there to be seen", async () => {
  const driver = new Driver(exampleWorld());
  await driver.run("NODEA", "shutdown.exe", "/r", "/t", "0", "/d", "p:4:17", "/c", "patches");
  await driver.pass(20 * MINUTE);
  expect(stands(driver)).toEqual(["Online", "NODEB"]);
  expect(driver.world.state.outages).toMatchObject([{ cause: "fault", by: "call", what: expect.stringContaining("shutdown.exe") }]);
  expect(nodeOf(driver.world.state, "NODEA")).toMatchObject({ power: "on", membership: "Up" });
});

describe("cluster.exe ends with", () => {
  test.each<[string, number, readonly string[], readonly Fault[]]>([
    ["5005 where no node is left that a move could go to", 5005, ["group", "Cluster Group", "/move"], [{ kind: "power-off", node: "NODEA" }]],
    ["5012 where the mailbox server's group is on its way", 5012, ["group", "EXCLUS1", "/moveto:NODEA"], [{ kind: "fail-over", to: "NODEB" }]],
    ["5016 where the named node does not own the group", 5016, ["group", "Available Storage", "/online:NODEA"], []],
    ["5042 where the named node is not there", 5042, ["group", "Available Storage", "/online:NODEC"], []],
    ["5005 where the owner of the group is down", 5005, ["group", "EXCLUS1", "/online"], [{ kind: "pause", node: "NODEB" }, { kind: "power-off", node: "NODEA" }]],
  ])("%s", async (_, error, args, faults) => {
    const driver = new Driver(exampleWorld());
    driver.world.suffer(faults, "event");
    expect(await cluster(driver, ...args)).toBe(error);
  });

  test("0 where the named node owns it", async () => {
    expect(await cluster(new Driver(exampleWorld()), "group", "Available Storage", "/online:NODEB", "/wait:60")).toBe(0);
  });

  test("0 a second or two after a pause was asked for", async () => {
    const driver = new Driver(exampleWorld());
    const beforeMs = driver.world.state.nowMs;
    await cluster(driver, "node", "NODEA", "/pause");
    expect(driver.world.state.nowMs - beforeMs).toBeGreaterThanOrEqual(1_000);
    expect(driver.world.state.nowMs - beforeMs).toBeLessThanOrEqual(2_000);
  });
});

describe("another administrator's setup", () => {
  test("runs through its phases like one of ours, and no list of our jobs has it", async () => {
    const driver = new Driver(exampleWorld());
    await suffer(driver, 90 * MINUTE, { kind: "setup", node: "NODEB", kb: "945684" });
    expect(nodeOf(driver.world.state, "NODEB").exchange.fileBuild).toBe("8.1.263.1");
    const jobs = await driver.until(driver.transports.to("NODEB").jobs({ kind: "jobs" }, { limitMs: 60_000, onOutput: () => undefined, signal: new AbortController().signal }));
    expect(jobs).toEqual({ kind: "ok", value: { jobs: [] } });
  });

  test("keeps ours from starting", async () => {
    const driver = new Driver(exampleWorld());
    await suffer(driver, MINUTE, { kind: "setup", node: "NODEB", kb: "945684" });
    await driver.install("NODEB");
    expect(await driver.ended("NODEB")).toMatchObject({ exitCode: 1618 });
  });
});

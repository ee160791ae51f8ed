import { describe, expect, test } from "vitest";
import type { NodeFile, WorldFile } from "../../../src/simulator/world-schema.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { Driver, exampleWorld } from "../a-world.ts";

const MINUTE = 60_000;
const SEARCH = "MSExchangeSearch";
/** A cluster whose NODEB is as it says. */
const withNode = (node: NodeFile, more: Partial<WorldFile> = {}): Driver => new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: node }, ...more }));
const stateOf = (driver: Driver, name: string): string | undefined => nodeOf(driver.world.state, "NODEB").services.find((service) => service.name === name)?.state;
const logged = (driver: Driver): readonly string[] => nodeOf(driver.world.state, "NODEB").eventLog.map(({ log, source, id }) => `${log} ${source} ${id}`);
/** Managed services never connect in time. */
const TOO_SLOW = { durations: { managed_start: "31s" } };
const NO_LISTS = { crl_reachable: false, services: { [SEARCH]: { state: "Stopped" } } } as const;

describe("without revocation lists a managed service that takes longer than thirty seconds", () => {
  test("is Start Pending, then Stopped again, and the event log tells it", async () => {
    const driver = withNode(NO_LISTS, TOO_SLOW);
    expect((await driver.run("NODEB", "sc.exe", "start", SEARCH)).exitCode).toBe(0);
    await driver.pass(28_000);
    expect(stateOf(driver, SEARCH)).toBe("Start Pending");
    await driver.pass(2_000);
    expect(stateOf(driver, SEARCH)).toBe("Stopped");
    expect(logged(driver)).toEqual(["System Service Control Manager 7009", "System Service Control Manager 7000", "Application MSExchange Common 4999"]);
  });

  test.each<[string, NodeFile, Partial<WorldFile>, string]>([
    ["starts where it is quick enough", NO_LISTS, { durations: { managed_start: "29s" } }, SEARCH],
    ["starts where the lists can be fetched", { ...NO_LISTS, crl_reachable: true }, TOO_SLOW, SEARCH],
    ["starts where the account does not check for revocation", { ...NO_LISTS, revocation_check: "off" }, TOO_SLOW, SEARCH],
    ["starts where it is not of managed code", { crl_reachable: false, services: { "msftesql-Exchange": { state: "Stopped" }, [SEARCH]: { state: "Stopped" } } }, TOO_SLOW, "msftesql-Exchange"],
  ])("%s", async (_, node, more, name) => {
    const driver = withNode(node, more);
    await driver.run("NODEB", "sc.exe", "start", name);
    await driver.pass(MINUTE);
    expect(stateOf(driver, name)).toBe("Running");
    expect(logged(driver)).toEqual([]);
  });

  test("may start the next time: how long it takes is drawn anew", async () => {
    const driver = withNode(NO_LISTS, { durations: { managed_start: "10s..50s" } });
    const outcomes = new Set<string | undefined>();
    for (let times = 0; times < 12; times += 1) {
      await driver.run("NODEB", "sc.exe", "start", SEARCH);
      await driver.pass(MINUTE);
      outcomes.add(stateOf(driver, SEARCH));
      await driver.run("NODEB", "sc.exe", "stop", SEARCH);
      await driver.pass(MINUTE);
    }
    expect(outcomes).toEqual(new Set(["Running", "Stopped"]));
  });

  test("does not run after setup, with those that need it", async () => {
    const driver = withNode({ crl_reachable: false }, TOO_SLOW);
    await driver.install("NODEB");
    expect(await driver.ended("NODEB")).toMatchObject({ exitCode: 0 });
    expect(["MSExchangeADTopology", "MSExchangeServiceHost", "msftesql-Exchange", "Winmgmt"].map((name) => stateOf(driver, name))).toEqual(["Stopped", "Stopped", "Running", "Running"]);
  });

  test("does not run after a restart, and the node is in the cluster all the same", async () => {
    const driver = withNode({ crl_reachable: false }, TOO_SLOW);
    driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
    await driver.pass(15 * MINUTE);
    expect([stateOf(driver, "MSExchangeRepl"), nodeOf(driver.world.state, "NODEB").membership]).toEqual(["Stopped", "Up"]);
    expect(logged(driver).filter((entry) => entry.endsWith("4999"))).toHaveLength(1);
  });
});

describe("a service with a delayed start", () => {
  const delayed = { services: { [SEARCH]: { delayed: true } } } as const;

  test("follows two minutes after the boot, and Windows calls it Auto", async () => {
    const driver = withNode(delayed, { durations: { node_boot: "5m" } });
    driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
    await driver.pass(6 * MINUTE);
    expect([stateOf(driver, SEARCH), stateOf(driver, "MSExchangeRepl")]).toEqual(["Stopped", "Running"]);
    await driver.pass(2 * MINUTE);
    expect(stateOf(driver, SEARCH)).toBe("Running");
    expect(await driver.records("NODEB", "Get-WmiObject", { Class: "Win32_Service", Filter: `Name='${SEARCH}'` }, "StartMode")).toEqual([{ StartMode: "Auto" }]);
  });

  test("waits anew where the node restarted meanwhile", async () => {
    const driver = withNode(delayed, { durations: { node_boot: "30s", delayed_start: "2m" } });
    driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
    await driver.pass(MINUTE);
    driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
    await driver.pass(100_000);
    expect(stateOf(driver, SEARCH)).toBe("Stopped");
    await driver.pass(MINUTE);
    expect(stateOf(driver, SEARCH)).toBe("Running");
  });

  test("does not follow where the node went down again meanwhile", async () => {
    const driver = withNode(delayed, { durations: { node_boot: "5m" } });
    driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
    await driver.pass(6 * MINUTE);
    driver.world.suffer([{ kind: "power-off", node: "NODEB" }]);
    await driver.pass(10 * MINUTE);
    expect(stateOf(driver, SEARCH)).toBe("Stopped");
  });
});

test("a service that is given up takes those down that need it", async () => {
  const driver = withNode({}, { events: [{ on: { command: "msiexec.exe" }, install: { not_started: ["MSExchangeADTopology"] } }] });
  await driver.install("NODEB");
  await driver.ended("NODEB");
  expect(nodeOf(driver.world.state, "NODEB").services.filter(({ exchange, state }) => exchange && state === "Running").map(({ name }) => name)).toEqual(["msftesql-Exchange"]);
  expect(logged(driver)).toContain("System Service Control Manager 7001");
});

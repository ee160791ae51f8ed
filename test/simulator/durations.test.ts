import { describe, expect, test } from "vitest";
import { TIMINGS, parseRange, type TimingName } from "../../src/simulator/timings.ts";
import { Driver, exampleWorld, moveTo } from "./a-world.ts";

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const driverOf = (seed: number): Driver => new Driver(exampleWorld("two-node", { seed }));
const lasted = async (driver: Driver, what: Promise<unknown>): Promise<number> => {
  const beganMs = driver.world.state.nowMs;
  await what;
  return driver.world.state.nowMs - beganMs;
};

/** What takes time, from its beginning to its end as it is seen from outside, with the ranges that add up to it. */
const SEEN: readonly (readonly [string, (driver: Driver) => Promise<number>, readonly TimingName[]])[] = [
  ["a move of the mailbox server", async (driver) => {
    await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    const [outage] = driver.world.state.outages;
    return (outage?.toMs ?? 0) - (outage?.fromMs ?? 0);
  }, ["mailbox_move"]],
  ["a failover", async (driver) => {
    driver.world.suffer([{ kind: "fail-over", to: "NODEB" }]);
    await driver.pass(600_000);
    const [outage] = driver.world.state.outages;
    return (outage?.toMs ?? 0) - (outage?.fromMs ?? 0);
  }, ["mailbox_failover"]],
  ["a move that is refused", (driver) => lasted(driver, driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEA"))), ["cmdlet", "move_checks"]],
  ["a move of a group", (driver) => lasted(driver, driver.run("NODEB", "cluster.exe", "group", "Cluster Group", "/moveto:NODEB", "/wait:60")), ["group_move"]],
  ["a boot", async (driver) => {
    driver.world.suffer([{ kind: "restart", node: "NODEB" }]);
    const beganMs = driver.world.state.nowMs;
    await driver.pass(900_000);
    return (driver.world.state.nodes[1]?.lastBootMs ?? 0) - beganMs;
  }, ["node_boot"]],
  ["a whole setup", async (driver) => {
    await driver.install("NODEB");
    const { startedAt, endedAt } = await driver.ended("NODEB");
    return Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  }, ["install_check", "install_prepare", "install_stop", "install_patch", "install_images", "install_restore", "install_register"]],
];

describe.each(SEEN)("%s", (_, seen, names) => {
  test("lasts as long as the table of the domain page says, otherwise for each seed, and alike for the same", async () => {
    const ranges = names.map((name) => parseRange(TIMINGS[name]) ?? { fromMs: 0, toMs: 0 });
    const [fromMs, toMs] = [ranges.reduce((sum, range) => sum + range.fromMs, 0), ranges.reduce((sum, range) => sum + range.toMs, 0)];
    const lengths: number[] = [];
    for (const seed of SEEDS) lengths.push(await seen(driverOf(seed)));
    expect(lengths.filter((ms) => ms < fromMs || ms > toMs)).toEqual([]);
    expect(new Set(lengths).size).toBe(SEEDS.length);
    expect(await seen(driverOf(1))).toBe(lengths[0]);
  });
});

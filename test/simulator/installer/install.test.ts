import { describe, expect, test } from "vitest";
import type { NodeState } from "../../../src/simulator/node-state.ts";
import type { EventFile } from "../../../src/simulator/event-schema.ts";
import { brokenInvariants } from "../../../src/simulator/broken-invariants.ts";
import { copySummary } from "../../../src/simulator/rules/copies.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import type { NodeFile, WorldFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleText, INSTALL, worldFile, worldOf } from "../a-world.ts";

/** Phases of fixed length, so that a moment of the installation can be named: stop from 2m on, patch from 4m, images from 8m, restore from 18m, end at 21m. */
const durations = { install_check: "1m", install_prepare: "1m", install_stop: "2m", install_patch: "4m", install_images: "10m", install_restore: "2m", install_register: "1m", install_roll_back: "5m", node_join: "20s", copy_initializing: "90s", program: "0s" };
const base = worldFile(exampleText("two-node"));
const calm: Partial<WorldFile> = { durations, copy_rate: "1GB", groups: { "Cluster Group": { owner: "NODEA" } } };

function driverOf(more: Partial<WorldFile> = {}, nodeB: NodeFile = {}): Driver {
  return new Driver(worldOf({ ...base, ...calm, nodes: { NODEA: {}, NODEB: nodeB }, ...more }));
}
const onInstall = (event: EventFile): Partial<WorldFile> => ({ events: [{ on: { command: "msiexec.exe /update" }, ...event }] });
const exchange = (node: NodeState): NodeState["services"] => node.services.filter((service) => service.exchange);
const at = (driver: Driver): NodeState => nodeOf(driver.world.state, "NODEB");

test("an installation disables and stops the services, takes the node out of the cluster, and brings everything back", async () => {
  const driver = driverOf();
  const before = exchange(at(driver)).map(({ name, startMode, state }) => ({ name, startMode, state }));
  expect(await driver.install("NODEB")).toMatchObject({ kind: "ok", value: { name: "job", state: "running", program: "msiexec.exe" } });
  await driver.pass(90_000);
  expect(exchange(at(driver)).map(({ name, startMode, state }) => ({ name, startMode, state }))).toEqual(before);
  await driver.pass(60_000);
  expect(new Set(exchange(at(driver)).map(({ startMode }) => startMode))).toEqual(new Set(["Disabled"]));
  expect(at(driver).membership).toBe("Up");
  await driver.pass(2 * 60_000);
  expect(new Set(exchange(at(driver)).map(({ state }) => state))).toEqual(new Set(["Stopped"]));
  expect(at(driver).membership).toBe("Down");
  expect(driver.world.state.mailboxServer.storageGroups.map((group) => copySummary(driver.world.state, group))).toEqual(["ServiceDown", "ServiceDown"]);
  await driver.pass(14 * 60_000);
  expect(exchange(at(driver)).map(({ startMode }) => startMode)).toEqual(before.map(({ startMode }) => startMode));
  expect(at(driver).exchange.fileBuild).toBe("8.1.240.6");
  expect(await driver.ended("NODEB")).toMatchObject({ state: "ended", exitCode: 0, startedAt: "2008-03-15T09:00:00.058Z", endedAt: "2008-03-15T09:21:00.058Z" });
  expect(exchange(at(driver)).map(({ name, startMode, state }) => ({ name, startMode, state }))).toEqual(before);
  expect(at(driver)).toMatchObject({ membership: "Up", exchange: { fileBuild: "8.1.263.1", patches: [{ kb: "945684", build: "8.1.263.1" }] } });
  await driver.pass(2 * 60_000);
  expect(driver.world.state.mailboxServer.storageGroups.map((group) => copySummary(driver.world.state, group))).toEqual(["Healthy", "Healthy"]);
  expect(driver.world.state.outages).toEqual([]);
  expect(brokenInvariants(driver.world.state, { kind: "halted" })).toEqual([]);
});

test("its log grows while it runs and ends with its exit code; it is a file that can be fetched", async () => {
  const driver = driverOf();
  await driver.install("NODEB");
  const log = async (): Promise<{ readonly bytes: number; readonly tail: string }> => {
    const outcome = await driver.until(driver.transports.to("NODEB").jobs({ kind: "jobs" }, { limitMs: 1000, onOutput: () => undefined, signal: new AbortController().signal }));
    const job = outcome.kind === "ok" ? outcome.value.jobs[0] : undefined;
    return { bytes: job?.logBytes ?? 0, tail: job?.logTail ?? "" };
  };
  const sizes: number[] = [];
  for (let minutes = 0; minutes < 25; minutes += 5) {
    await driver.pass(5 * 60_000);
    sizes.push((await log()).bytes);
  }
  expect(sizes.slice(0, 4)).toEqual(sizes.slice(0, 4).toSorted((a, b) => a - b));
  expect(new Set(sizes.slice(0, 4)).size).toBe(4);
  expect((await log()).tail).toMatch(/MainEngineThread is returning 0\r\n$/);
  const options = { limitMs: 1000, onOutput: () => undefined, signal: new AbortController().signal };
  const fetched = await driver.until(driver.transports.to("NODEB").get({ kind: "get", from: "D:\\ur\\rollup.log", limitBytes: 200 }, options));
  expect(fetched).toMatchObject({ kind: "ok", value: { path: "/run/rollup.log", bytes: 200 } });
  expect(driver.kept[0]?.text).toHaveLength(200);
});

describe("what it refuses before it changes anything", () => {
  test.each([
    ["a file that is not there", ["/update", "D:\\ur\\nothing.msp", "/quiet"], {}, {}, 1635],
    ["a log in a folder that is not there", ["/update", "D:\\ur\\rollup.msp", "/quiet", "/l*vx", "D:\\logs\\rollup.log"], {}, {}, 1622],
    ["an argument that it does not know", ["/update", "D:\\ur\\rollup.msp", "/quietly"], {}, {}, 1639],
    ["no patch", ["/quiet"], {}, {}, 1639],
    ["a file that is no patch", ["/update", "D:\\ur\\text.msp", "/quiet"], {}, { files: { "D:\\ur\\text.msp": { text: "<html>" } } }, 1636],
    ["a patch for another service pack", INSTALL, { mailbox_server: { ...base.mailbox_server, version: "8.2.176.2" } }, {}, 1642],
    ["a patch for another architecture", INSTALL, {}, { architecture: "x86" }, 1633],
    ["an installed interim update", INSTALL, {}, { interim_updates: ["950235"] }, 1648],
    ["an account without the right", INSTALL, {}, { administrator: false }, 1625],
  ] as const)("%s", async (_, args, more: Partial<WorldFile>, nodeB: NodeFile, exitCode) => {
    const driver = driverOf(more, nodeB);
    const before = structuredClone(exchange(at(driver)));
    await driver.install("NODEB", "job", args);
    expect((await driver.ended("NODEB")).exitCode).toBe(exitCode);
    expect(exchange(at(driver))).toEqual(before);
    expect(at(driver)).toMatchObject({ membership: "Up", exchange: { fileBuild: at(driver).exchange.base } });
  });

  test("another installation, of ours or not", async () => {
    const driver = driverOf();
    await driver.install("NODEB", "first");
    await driver.install("NODEB", "second");
    expect((await driver.ended("NODEB", "second")).exitCode).toBe(1618);
    expect((await driver.ended("NODEB", "first")).exitCode).toBe(0);
    const busy = driverOf({ events: [{ at: "0s", does: [{ installer_busy: { node: "NODEB", for: "10m" } }] }] });
    await busy.install("NODEB", "too early");
    expect((await busy.ended("NODEB", "too early")).exitCode).toBe(1618);
    await busy.pass(10 * 60_000);
    await busy.install("NODEB", "later");
    expect((await busy.ended("NODEB", "later")).exitCode).toBe(0);
  });
});

describe("how it can go otherwise", () => {
  test("a failure rolls everything back", async () => {
    const driver = driverOf(onInstall({ install: { exit_code: 1603, fails_in: "images" } }));
    const before = structuredClone(exchange(at(driver)));
    await driver.install("NODEB");
    const job = await driver.ended("NODEB");
    expect(job).toMatchObject({ exitCode: 1603, endedAt: "2008-03-15T09:23:00.058Z" });
    expect(job.logTail).toContain("Return value 3");
    expect(exchange(at(driver))).toEqual(before);
    expect(at(driver).exchange).toMatchObject({ fileBuild: "8.1.240.6", patches: [] });
    await driver.pass(60_000);
    expect(at(driver).membership).toBe("Up");
  });

  test("a failure can leave every service disabled", async () => {
    const driver = driverOf(onInstall({ install: { exit_code: 1603, services: "disabled" } }));
    await driver.install("NODEB");
    await driver.ended("NODEB");
    await driver.pass(60_000);
    expect(new Set(exchange(at(driver)).map(({ startMode, state }) => `${startMode} ${state}`))).toEqual(new Set(["Disabled Stopped"]));
    expect(at(driver).membership).toBe("Up");
    const disabled = brokenInvariants(driver.world.state, { kind: "succeeded", build: "8.1.263.1" }).filter(({ invariant }) => invariant === "I8");
    expect(disabled).toHaveLength(exchange(at(driver)).length);
  });

  test("what it disabled before a crash stays disabled for the next installation", async () => {
    const driver = driverOf(onInstall({ after: "5m", does: [{ restart: "NODEB" }] }));
    await driver.install("NODEB");
    expect(await driver.ended("NODEB")).toMatchObject({ state: "lost" });
    expect(await driver.ended("NODEB")).not.toHaveProperty("exitCode");
    await driver.pass(10 * 60_000);
    expect(at(driver)).toMatchObject({ power: "on", membership: "Up", exchange: { fileBuild: "8.1.240.6", patches: [] } });
    await driver.install("NODEB", "again");
    expect((await driver.ended("NODEB", "again")).exitCode).toBe(0);
    expect(new Set(exchange(at(driver)).map(({ startMode }) => startMode))).toEqual(new Set(["Disabled"]));
  });

  test("a needed restart is noted, and done by the installer where it may", async () => {
    const driver = driverOf(onInstall({ install: { exit_code: 3010 } }));
    await driver.install("NODEB");
    expect((await driver.ended("NODEB")).exitCode).toBe(3010);
    expect(at(driver)).toMatchObject({ restartEvidence: ["file_rename"], exchange: { fileBuild: "8.1.263.1" } });
    const restarting = driverOf(onInstall({ install: { exit_code: 3010 } }));
    await restarting.install("NODEB", "job", INSTALL.filter((arg) => arg !== "/norestart"));
    expect((await restarting.ended("NODEB")).exitCode).toBe(1641);
    await restarting.pass(15 * 60_000);
    expect(at(restarting)).toMatchObject({ power: "on", membership: "Up", restartEvidence: [] });
    expect(at(restarting).lastBootMs).toBeGreaterThan(restarting.world.state.epochMs);
  });

  test("it registers a patch whose files it did not replace", async () => {
    const driver = driverOf(onInstall({ install: { files: "old" } }));
    await driver.install("NODEB");
    expect((await driver.ended("NODEB")).exitCode).toBe(0);
    expect(at(driver).exchange).toMatchObject({ fileBuild: "8.1.240.6", patches: [{ build: "8.1.263.1" }] });
  });

  test("services do not start, have another startup type, or the Cluster service is left", async () => {
    const driver = driverOf(onInstall({ install: { not_started: ["MSExchangeServiceHost"], start_modes: { MSExchangeSearch: "Manual" }, cluster_service: "stopped" } }));
    await driver.install("NODEB");
    await driver.ended("NODEB");
    await driver.pass(5 * 60_000);
    const service = (name: string): unknown => at(driver).services.find((known) => known.name === name);
    expect(service("MSExchangeServiceHost")).toMatchObject({ state: "Stopped", startMode: "Auto" });
    expect(service("MSExchangeSearch")).toMatchObject({ startMode: "Manual" });
    expect(at(driver).membership).toBe("Down");
  });

  test("the native images take long, by a fault or where revocation lists cannot be fetched", async () => {
    const endOf = async (driver: Driver): Promise<string | undefined> => {
      await driver.install("NODEB");
      return (await driver.ended("NODEB")).endedAt;
    };
    expect(await endOf(driverOf(onInstall({ install: { images: "45m" } })))).toBe("2008-03-15T09:56:00.058Z");
    expect(await endOf(driverOf({}, { crl_reachable: false }))).toBe("2008-03-15T09:41:00.058Z");
  });

  test.each([
    ["that nobody told it to leave out", {}, INSTALL.filter((arg) => arg !== "/quiet"), "Up"],
    ["of its own", onInstall({ install: { hangs_in: "patch" } }), INSTALL, "Down"],
  ] as const)("it stops for good at a dialog %s, and its log grows no more", async (_, more: Partial<WorldFile>, args, membership) => {
    const driver = driverOf(more);
    await driver.install("NODEB", "job", args);
    await driver.pass(60 * 60_000);
    const options = { limitMs: 1000, onOutput: () => undefined, signal: new AbortController().signal };
    const look = (): Promise<unknown> => driver.until(driver.transports.to("NODEB").jobs({ kind: "jobs" }, options));
    const first = await look();
    await driver.pass(5 * 60 * 60_000);
    expect(await look()).toEqual(first);
    expect(at(driver)).toMatchObject({ jobs: [{ state: "running" }], membership });
  });
});

describe("what may not be", () => {
  test("setup on the active node is noted, and takes the mailbox server down or away", async () => {
    const driver = driverOf();
    await driver.install("NODEA");
    await driver.ended("NODEA");
    await driver.pass(5 * 60_000);
    expect(driver.world.state.breaches).toMatchObject([{ invariant: "I1", because: "setup started on NODEA, which owned Cluster Group, EXCLUS1" }, { invariant: "I5" }, { invariant: "I4" }]);
    expect(driver.world.state.outages).toHaveLength(1);
    expect(driver.world.state.cluster.groups.map(({ owner }) => owner)).toEqual(["NODEB", "NODEB"]);
  });

  test("two nodes that are patched at once lose the quorum", async () => {
    const driver = driverOf();
    await driver.install("NODEB");
    await driver.install("NODEA");
    await driver.ended("NODEA");
    expect(new Set(driver.world.state.breaches.map(({ invariant }) => invariant))).toEqual(new Set(["I1", "I2", "I4", "I5"]));
  });

  test("without the witness the other node loses the quorum, and finds it again", async () => {
    const driver = driverOf({ cluster: { name: "EXCHCLUS", witness_reachable: false } });
    await driver.install("NODEB");
    await driver.pass(10 * 60_000);
    expect(driver.world.state.cluster.quorum).toBe(false);
    expect(driver.world.state.mailboxServer.phase).toBe("offline");
    expect(driver.world.state.cluster.groups.find(({ kind }) => kind === "core")?.status).toBe("Offline");
    await driver.ended("NODEB");
    await driver.pass(5 * 60_000);
    expect(driver.world.state.mailboxServer.phase).toBe("online");
    expect(driver.world.state.cluster.groups.find(({ kind }) => kind === "core")?.status).toBe("Online");
  });
});

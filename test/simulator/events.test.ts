import { describe, expect, test } from "vitest";
import type { EventFile } from "../../src/simulator/event-schema.ts";
import type { FaultFile } from "../../src/simulator/fault-schema.ts";
import type { FAULT_SCHEMA } from "../../src/simulator/fault-schema.ts";
import { describeWorld } from "../../src/simulator/describe-world.ts";
import { nodeOf, type WorldState } from "../../src/simulator/world-state.ts";
import { Driver, exampleWorld, moveTo, options } from "./a-world.ts";

const driverOf = (...events: readonly EventFile[]): Driver => new Driver(exampleWorld("two-node", { events }));
const owner = (driver: Driver): string | undefined => driver.world.state.cluster.groups.find(({ kind }) => kind === "core")?.owner;
const moveGroup = (driver: Driver, to: string): ReturnType<Driver["run"]> => driver.run("NODEA", "cluster.exe", "group", "Cluster Group", `/moveto:${to}`, "/wait:300");

describe("at a time", () => {
  /** What each fault leaves, seen from the state a minute later. */
  const EFFECTS: Readonly<Record<keyof typeof FAULT_SCHEMA.properties, readonly [FaultFile, (state: WorldState) => unknown, unknown]>> = {
    restart: [{ restart: "NODEB" }, (state) => nodeOf(state, "NODEB").power, "restarting"],
    power_off: [{ power_off: "NODEB" }, (state) => nodeOf(state, "NODEB").power, "off"],
    power_on: [{ power_on: "NODEB" }, (state) => nodeOf(state, "NODEB").power, "on"],
    unreachable: [{ unreachable: { node: "NODEB", for: "1h" } }, (state) => nodeOf(state, "NODEB").unreachableUntilMs > state.nowMs, true],
    pause: [{ pause: "NODEB" }, (state) => nodeOf(state, "NODEB").paused, true],
    resume: [{ resume: "NODEB" }, (state) => nodeOf(state, "NODEB").paused, false],
    move_group: [{ move_group: { group: "Cluster Group", to: "NODEB" } }, (state) => state.cluster.groups.find(({ kind }) => kind === "core")?.owner, "NODEB"],
    failback: [{ failback: { group: "EXCLUS1", to: "nodeb" } }, (state) => state.cluster.groups.filter(({ failback }) => failback).map(({ name, preferredOwners }) => [name, ...preferredOwners]), [["EXCLUS1", "NODEB"]]],
    fail_over: [{ fail_over: "NODEB" }, (state) => state.mailboxServer.phase, "online-pending"],
    hand_over: [{ hand_over: "NODEB" }, (state) => state.mailboxServer.move?.to, "NODEB"],
    witness: [{ witness: "unreachable" }, (state) => state.cluster.witness.reachable, false],
    copy: [{ copy: { storage_group: "Second Storage Group", status: "Seeding", message: "reseeded" } }, (state) => state.mailboxServer.storageGroups.map(({ copy }) => copy.trouble?.status), [undefined, "Seeding"]],
    service: [{ service: { node: "NODEA", name: "MSExchangeSearch", start_mode: "Disabled", state: "Stopped" } }, (state) => nodeOf(state, "NODEA").services.filter(({ startMode }) => startMode === "Disabled").map(({ name, state: stands }) => `${name} ${stands}`), ["MSExchangeSearch Stopped"]],
    dismount: [{ dismount: "Archive Database" }, (state) => state.mailboxServer.storageGroups.map(({ dismounted }) => dismounted), [false, true]],
    mount: [{ mount: "Archive Database" }, (state) => state.mailboxServer.storageGroups.map(({ dismounted }) => dismounted), [false, false]],
    backup: [{ backup: { for: "2h" } }, (state) => state.mailboxServer.storageGroups.every(({ backupUntilMs }) => (backupUntilMs ?? 0) > state.nowMs), true],
    load: [{ load: { storage_group: "Second Storage Group", log_rate: 30 } }, (state) => state.mailboxServer.storageGroups.map(({ logRate }) => logRate), [2, 30]],
    setup: [{ setup: { node: "NODEB", kb: "945684" } }, (state) => nodeOf(state, "NODEB").jobs.map(({ foreign, state: stands }) => [foreign, stands]), [[true, "running"]]],
    installer_busy: [{ installer_busy: { node: "NODEB", for: "10m" } }, (state) => nodeOf(state, "NODEB").installerBusyUntilMs > state.nowMs, true],
    restart_pending: [{ restart_pending: "NODEB" }, (state) => nodeOf(state, "NODEB").restartEvidence.length > 0, true],
    log_event: [{ log_event: { node: "NODEA", source: "MSExchangeIS", id: 9877 } }, (state) => nodeOf(state, "NODEA").eventLog.map(({ log, source, id, type }) => `${log} ${source} ${id} ${type}`), ["Application MSExchangeIS 9877 Error"]],
    mail_flow: [{ mail_flow: "failing" }, (state) => state.mailFlow, "failing"],
    remove_file: [{ remove_file: { node: "NODEB", path: "D:\\UR\\notes.txt" } }, (state) => nodeOf(state, "NODEB").files, []],
  };

  test.each(Object.entries(EFFECTS))("%s", async (name, [fault, look, expected]) => {
    const undone: Partial<Record<string, FaultFile>> = { power_on: { power_off: "NODEB" }, resume: { pause: "NODEB" }, mount: { dismount: "Archive Database" } };
    const before = undone[name];
    const driver = new Driver(exampleWorld("two-node", {
      nodes: { NODEA: {}, NODEB: { files: { "D:\\ur\\notes.txt": { text: "x" } } } },
      durations: { node_boot: name === "power_on" ? "30s" : "5m" },
      events: [...(before === undefined ? [] : [{ at: "10m", does: [before] }]), { at: "12m", does: [fault] }],
    }));
    await driver.pass(12 * 60_000 - 1);
    expect(look(driver.world.state)).not.toEqual(expected);
    await driver.pass(60_000);
    expect(look(driver.world.state)).toEqual(expected);
  });

  test("several come in the order of their times, those of one time in the order of the file", async () => {
    const driver = driverOf({ at: "2m", does: [{ pause: "NODEB" }, { resume: "NODEB" }] }, { at: "1m", does: [{ pause: "NODEB" }] });
    await driver.pass(60_000);
    expect(nodeOf(driver.world.state, "NODEB").paused).toBe(true);
    await driver.pass(60_000);
    expect(nodeOf(driver.world.state, "NODEB").paused).toBe(false);
  });
});

describe("on a call", () => {
  test("a bad answer comes without the effect, a good one likewise if the event says so", async () => {
    const driver = driverOf(
      { on: { command: "cluster.exe group /move" }, reply: { exit_code: 5, stdout: "no\n" } },
      { on: { command: "cluster.exe group /move", nth: 2 }, reply: { effect: "none" } },
    );
    expect(await moveGroup(driver, "NODEB")).toEqual({ exitCode: 5, out: "no\r\n" });
    expect(await moveGroup(driver, "NODEB")).toEqual({ exitCode: 0, out: "" });
    expect(owner(driver)).toBe("NODEA");
    expect((await moveGroup(driver, "NODEB")).exitCode).toBe(0);
    expect(owner(driver)).toBe("NODEB");
  });

  test("the effect comes without a good answer", async () => {
    const driver = driverOf(
      { on: { command: "cluster.exe group" }, reply: { effect: "done", exit_code: 258 } },
      { on: { command: "Move-ClusteredMailboxServer" }, reply: { effect: "done", fail: { code: "cmdlet_error", because: "who knows" } } },
    );
    expect((await moveGroup(driver, "NODEB")).exitCode).toBe(258);
    expect(owner(driver)).toBe("NODEB");
    expect(await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"))).toEqual({ kind: "failed", failure: { code: "cmdlet_error", because: "who knows" } });
    expect(driver.world.state.mailboxServer.move?.result).toBe("done");
  });

  test("a failure comes in place of an answer, without the effect", async () => {
    const driver = driverOf({ on: { command: "Move-ClusteredMailboxServer" }, reply: { fail: { code: "denied", because: "no" } } });
    expect(await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"))).toEqual({ kind: "failed", failure: { code: "denied", because: "no" } });
    expect(driver.world.state.mailboxServer.move).toBeUndefined();
  });

  test("the reply is slow, or never comes; the effect is there", async () => {
    const driver = driverOf({ on: { command: "cluster.exe group /move" }, reply: { slow: "10m" } }, { on: { command: "cluster.exe group /move", nth: 2 }, reply: { lost: true } });
    expect((await moveGroup(driver, "NODEB")).exitCode).toBe(0);
    expect(driver.world.state.nowMs - driver.world.state.epochMs).toBeGreaterThan(600_000);
    expect(owner(driver)).toBe("NODEB");
    await expect(moveGroup(driver, "NODEA")).rejects.toThrow('"kind":"lost"');
    expect(owner(driver)).toBe("NODEA");
  });

  test("the installer ends with another exit code, with the effect and without", async () => {
    const driver = driverOf({ on: { command: "msiexec /update" }, reply: { exit_code: 1618 } }, { on: { command: "msiexec /update", nth: 2 }, reply: { effect: "done", exit_code: 1603 } });
    await driver.install("NODEB", "first");
    expect(await driver.ended("NODEB", "first")).toMatchObject({ exitCode: 1618, logTail: expect.stringContaining("is returning 1618") });
    expect(nodeOf(driver.world.state, "NODEB").exchange.fileBuild).toBe("8.1.240.6");
    await driver.install("NODEB", "second");
    expect(await driver.ended("NODEB", "second")).toMatchObject({ exitCode: 1603 });
    expect(nodeOf(driver.world.state, "NODEB").exchange.fileBuild).toBe("8.1.263.1");
  });

  test("the start of a job gets no reply, and the job runs", async () => {
    const driver = driverOf({ on: { command: "msiexec.exe" }, reply: { lost: true } });
    expect(await driver.install("NODEB")).toMatchObject({ kind: "lost" });
    expect(await driver.ended("NODEB")).toMatchObject({ exitCode: 0 });
  });

  test("what arrives of a file is damaged, and is not seen in what was sent", async () => {
    const driver = driverOf({ on: { command: "put" }, file: "damaged" });
    const put = { kind: "put", from: "/packages/rollup.msp", to: "D:\\rollup.msp" } as const;
    const hash = async (): Promise<unknown> => {
      const outcome = await driver.until(driver.transports.to("NODEB").put(put, options()));
      return outcome.kind === "ok" ? outcome.value.sha256 : outcome;
    };
    expect(await hash()).not.toBe(await hash());
  });

  test("a group takes long, or ends in another state", async () => {
    const driver = driverOf({ on: { command: "cluster.exe group /moveto:NODEB" }, group: { takes: "4m", state: "Partially Online" } });
    expect((await moveGroup(driver, "NODEB")).out).toMatch(/NODEB +Partially Online/);
    expect(driver.world.state.nowMs - driver.world.state.epochMs).toBe(240_000);
    expect((await moveGroup(driver, "NODEA")).out).toMatch(/NODEA +Online/);
  });

  test("faults come directly before the call, or a while after its beginning", async () => {
    const driver = driverOf(
      { on: { command: "cluster.exe group /move" }, does: [{ pause: "NODEB" }] },
      { on: { command: "cluster.exe group /move", nth: 2 }, after: "1m", does: [{ resume: "NODEB" }] },
    );
    expect((await moveGroup(driver, "NODEB")).exitCode).toBe(5070);
    expect((await moveGroup(driver, "NODEB")).exitCode).toBe(5070);
    await driver.pass(60_000);
    expect((await moveGroup(driver, "NODEB")).exitCode).toBe(0);
  });

  test("only the node, the words and the count that it names are met; readings are not counted", async () => {
    const driver = driverOf({ on: { command: "cluster.exe group \"Cluster Group\" /moveto:NODEB", node: "NODEB", nth: 2, times: 2 }, reply: { exit_code: 1 } });
    const call = async (node: string, group: string, to: string): Promise<number> => (await driver.run(node, "cluster.exe", "group", group, `/moveto:${to}`, "/wait:300")).exitCode;
    const codes: number[] = [];
    codes.push(await call("NODEA", "Cluster Group", "NODEB"), await call("NODEB", "Available Storage", "NODEA"), await call("NODEB", "Cluster Group", "NODEA"));
    for (let i = 0; i < 4; i += 1) {
      await driver.run("NODEB", "cluster.exe", "group", "Cluster Group", "/status");
      codes.push(await call("NODEB", "Cluster Group", "NODEB"));
    }
    expect(codes).toEqual([0, 0, 0, 0, 1, 1, 0]);
  });
});

test("a world can be told apart from another by what is not under `clock`", async () => {
  const first = new Driver(exampleWorld());
  const second = new Driver(exampleWorld());
  await second.pass(60_000);
  const clockless = ({ world }: Driver): unknown => ({ ...(describeWorld(world.state) as object), clock: undefined });
  expect(clockless(second)).toEqual(clockless(first));
  await moveGroup(second, "NODEB");
  expect(clockless(second)).not.toEqual(clockless(first));
  await moveGroup(second, "NODEA");
  expect(clockless(second)).toEqual(clockless(first));
});

import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import type { EventFile } from "../../../src/simulator/event-schema.ts";
import type { Fault } from "../../../src/simulator/fault.ts";
import { copySummary } from "../../../src/simulator/rules/copies.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../../../src/simulator/rules/mailbox-server.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { Driver, exampleText, exampleWorld, moveTo, worldFile, worldOf } from "../a-world.ts";

const MOVE = "Move-ClusteredMailboxServer";
const base = worldFile(exampleText("two-node"));
const driverOf = (...events: readonly EventFile[]): Driver => new Driver(exampleWorld("two-node", { durations: { mailbox_move: "100s", copy_initializing: "90s", cmdlet: "1s" }, events }));
const onMove = (event: EventFile): EventFile => ({ on: { command: MOVE }, ...event });
const seen = (driver: Driver): readonly string[] => [mailboxServerStatus(driver.world.state), ownerOfMailboxServer(driver.world.state).name, ...driver.world.state.mailboxServer.storageGroups.map((group) => copySummary(driver.world.state, group))];
const store = (driver: Driver, node: string): readonly string[] => nodeOf(driver.world.state, node).services.filter(({ name }) => name === "MSExchangeIS" || name === "MSExchangeSA").map(({ state }) => state);

test("a move goes from Online over both pending states to Online on the other node, and the copies begin anew there", async () => {
  const driver = driverOf();
  const move = driver.begun("NODEB", MOVE, moveTo("NODEB"));
  await driver.pass(20_000);
  expect(seen(driver)).toEqual(["Offline Pending", "NODEA", "Healthy", "Healthy"]);
  await driver.pass(20_000);
  expect(seen(driver)).toEqual(["Online Pending", "NODEB", "Initializing", "Initializing"]);
  expect([store(driver, "NODEA"), store(driver, "NODEB")]).toEqual([["Stopped", "Stopped"], ["Start Pending", "Start Pending"]]);
  expect(await driver.until(move)).toEqual({ kind: "ok", value: { records: [] } });
  expect(seen(driver)).toEqual(["Online", "NODEB", "Initializing", "Initializing"]);
  expect(store(driver, "NODEB")).toEqual(["Running", "Running"]);
  await driver.pass(60_000);
  expect(seen(driver)).toEqual(["Online", "NODEB", "Healthy", "Healthy"]);
  const { outages, breaches } = driver.world.state;
  expect(outages.map(({ cause, fromMs, toMs }) => [cause, (toMs ?? 0) - fromMs])).toEqual([["move", 100_000]]);
  expect(breaches).toEqual([]);
});

describe("what Exchange refuses", () => {
  test.each([
    ["a machine that is no member", [], "NODEC", "no member of the cluster"],
    ["the node that is active", [], "NODEA", "hosts a clustered mailbox server already"],
    ["a node that is down", [{ kind: "power-off", node: "NODEB" }], "NODEB", "the node is down"],
    ["a node that is paused", [{ kind: "pause", node: "NODEB" }], "NODEB", "the node is paused"],
    ["a failed copy", [{ kind: "copy", status: "Failed", message: "" }], "NODEB", "is Failed"],
    ["a suspended copy", [{ kind: "copy", status: "Suspended", message: "" }], "NODEB", "is Suspended"],
    ["a copy that is seeded", [{ kind: "copy", status: "Seeding", message: "" }], "NODEB", "is Seeding"],
    ["a copy that is being synchronised", [{ kind: "copy", status: "Resynchronizing", message: "" }], "NODEB", "is Resynchronizing"],
    ["a copy that is initialised", [{ kind: "copy", status: "Initializing", message: "" }], "NODEB", "is Initializing"],
    ["a replication service that does not run", [{ kind: "service", node: "NODEB", name: "MSExchangeRepl", state: "Stopped" }], "NODEB", "replication service"],
    ["a dismounted database", [{ kind: "dismount", database: "Archive Database" }], "NODEB", "Archive Database is dismounted"],
    ["a cluster without a quorum", [{ kind: "witness", reachable: false }, { kind: "power-off", node: "NODEB" }], "NODEA", "not formed"],
  ] as const)("%s", async (_, faults: readonly Fault[], target, because) => {
    const driver = driverOf();
    driver.world.suffer(faults);
    await driver.pass(1000);
    const before = seen(driver);
    expect(await driver.cmdlet("local", MOVE, moveTo(target))).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error", because: expect.stringContaining(because) } });
    expect(seen(driver)).toEqual(before);
    expect(driver.world.state.mailboxServer.move).toBeUndefined();
  });

  test("a move while another one is under way", async () => {
    const driver = driverOf();
    const first = driver.begun("NODEB", MOVE, moveTo("NODEB"));
    await driver.pass(10_000);
    expect(await driver.cmdlet("NODEA", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "failed", failure: { because: expect.stringContaining("its state is Offline Pending") } });
    expect((await driver.until(first)).kind).toBe("ok");
  });

  test("missing parameters, and rights that are missing", async () => {
    expect(await driverOf().cmdlet("NODEB", MOVE, { Identity: "EXCLUS1", Confirm: false })).toMatchObject({ kind: "failed", failure: { because: expect.stringContaining("TargetMachine, MoveComment") } });
    const driver = new Driver(exampleWorld("two-node", { account: { exchange_role: false } }));
    expect(await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "failed", failure: { code: "denied" } });
  });
});

describe("its parameters", () => {
  const call = (driver: Driver, more: Readonly<Record<string, Json>>): ReturnType<Driver["cmdlet"]> => {
    const { Confirm: _, ...rest } = moveTo("NODEB");
    return driver.cmdlet("NODEB", MOVE, { ...rest, ...more });
  };

  test("without `-Confirm:$false` it prompts and never answers", async () => {
    const driver = driverOf();
    expect(await call(driver, {})).toMatchObject({ kind: "timeout" });
    expect(seen(driver)).toEqual(["Online", "NODEA", "Healthy", "Healthy"]);
  });

  test.each(["WhatIf", "ValidateOnly"])("with `-%s` it makes the checks and moves nothing", async (name) => {
    const driver = driverOf();
    expect(await call(driver, { [name]: true })).toEqual({ kind: "ok", value: { records: [] } });
    driver.world.suffer([{ kind: "pause", node: "NODEB" }]);
    expect(await call(driver, { [name]: true })).toMatchObject({ kind: "failed" });
    expect(driver.world.state.outages).toEqual([]);
  });

  test("with `-IgnoreDismounted` a dismounted database is left out of the checks", async () => {
    const driver = driverOf();
    driver.world.suffer([{ kind: "dismount", database: "Archive Database" }]);
    expect((await call(driver, { Confirm: false, IgnoreDismounted: true })).kind).toBe("ok");
    expect(seen(driver).slice(0, 2)).toEqual(["Partially Online", "NODEB"]);
  });

  test("RTM has no `-Confirm`, and does not prompt", async () => {
    const rtm = (): Driver => new Driver(worldOf({ ...base, packages: [], mailbox_server: { ...base.mailbox_server, version: "8.0.813.0" } }));
    expect(await call(rtm(), { Confirm: false })).toMatchObject({ kind: "failed", failure: { because: expect.stringContaining("'Confirm'") } });
    expect((await call(rtm(), {})).kind).toBe("ok");
  });

  test("it never had `-TerminateOnWarning`", async () => {
    expect(await call(driverOf(), { TerminateOnWarning: false })).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  });
});

describe("what else a move can come to", () => {
  test("the logs that are still queued are copied first, which takes its time, and none is lost", async () => {
    const driver = driverOf();
    driver.world.suffer([{ kind: "copy", status: "Healthy", message: "", queue: 120 }]);
    await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"));
    const [outage] = driver.world.state.outages;
    expect((outage?.toMs ?? 0) - (outage?.fromMs ?? 0)).toBe(100_000 + 3 * 60_000);
    expect([...new Set(driver.world.state.breaches.map(({ invariant }) => invariant))]).toEqual(["I3"]);
  });

  test("a running backup is stopped, and that is noted", async () => {
    const driver = driverOf();
    driver.world.suffer([{ kind: "backup", forMs: 3_600_000 }]);
    await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"));
    expect(driver.world.state.breaches.map(({ invariant }) => invariant)).toEqual(["I10", "I10"]);
    expect(await driver.records("NODEB", "Get-MailboxDatabase", { Server: "EXCLUS1", Status: true }, "BackupInProgress")).toEqual([{ BackupInProgress: false }, { BackupInProgress: false }]);
    const stopped = (node: string): readonly string[] => nodeOf(driver.world.state, node).eventLog.filter(({ source, id }) => source === "ESE" && id === 214).map(({ message }) => message.split(":")[0] ?? "");
    expect([stopped("NODEA"), stopped("NODEB")]).toEqual([["First Storage Group", "Second Storage Group"], []]);
  });

  test("it fails late: the mailbox server is on the target, and databases stay dismounted", async () => {
    const driver = driverOf(onMove({ move: { dismounted: ["Archive Database"] } }));
    expect(await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "failed", failure: { code: "cmdlet_error", because: expect.stringContaining("Archive Database") } });
    expect(seen(driver).slice(0, 2)).toEqual(["Partially Online", "NODEB"]);
    await driver.cmdlet("NODEB", "Mount-Database", { Identity: "Archive Database" });
    expect(seen(driver).slice(0, 2)).toEqual(["Online", "NODEB"]);
  });

  test("it stays Online Pending; who stops waiting does not stop it", async () => {
    const driver = driverOf(onMove({ move: { online_pending: "90m" } }));
    expect(await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "timeout" });
    expect(seen(driver).slice(0, 2)).toEqual(["Online Pending", "NODEB"]);
    await driver.pass(60 * 60_000);
    expect(seen(driver).slice(0, 2)).toEqual(["Online", "NODEB"]);
  });

  test("the copies do not come up in their new direction", async () => {
    const driver = driverOf(onMove({ move: { copies: "Failed" } }));
    expect((await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"))).kind).toBe("ok");
    await driver.pass(10 * 60_000);
    expect(seen(driver)).toEqual(["Online", "NODEB", "Failed", "Failed"]);
  });

  test("the target goes away before the handover: the mailbox server comes up on its node again", async () => {
    const driver = driverOf(onMove({ after: "10s", does: [{ power_off: "NODEB" }] }));
    expect(await driver.cmdlet("local", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "failed", failure: { because: expect.stringContaining("can no longer take") } });
    await driver.pass(10 * 60_000);
    expect(seen(driver).slice(0, 2)).toEqual(["Online", "NODEA"]);
  });

  test("the target goes away after the handover: the source takes the mailbox server back", async () => {
    const driver = driverOf(onMove({ after: "60s", does: [{ power_off: "NODEB" }] }));
    expect(await driver.cmdlet("local", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "failed" });
    await driver.pass(10 * 60_000);
    expect(seen(driver).slice(0, 2)).toEqual(["Online", "NODEA"]);
  });

  test("the source crashes during the move: the target takes over, and what was not copied is lost", async () => {
    const driver = driverOf(onMove({ after: "10s", does: [{ power_off: "NODEA" }] }));
    driver.world.suffer([{ kind: "copy", status: "Healthy", message: "", queue: 60 }]);
    await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"));
    await driver.pass(10 * 60_000);
    expect(seen(driver)).toEqual(["Partially Online", "NODEB", "ServiceDown", "ServiceDown"]);
    expect(driver.world.state.breaches.map(({ invariant }) => invariant)).toContain("I6");
  });

  test("the store is disabled on the target: it fails there, and comes back", async () => {
    const driver = driverOf();
    driver.world.suffer([{ kind: "service", node: "NODEB", name: "MSExchangeIS", startMode: "Disabled" }]);
    expect(await driver.cmdlet("NODEA", MOVE, moveTo("NODEB"))).toMatchObject({ kind: "failed", failure: { because: expect.stringContaining("do not start on NODEB") } });
    await driver.pass(10 * 60_000);
    expect(seen(driver).slice(0, 2)).toEqual(["Online", "NODEA"]);
  });

  test("it goes well, and the mailbox server falls back by itself", async () => {
    const driver = driverOf(onMove({ after: "5m", does: [{ fail_over: "NODEA" }] }));
    expect((await driver.cmdlet("NODEB", MOVE, moveTo("NODEB"))).kind).toBe("ok");
    await driver.pass(10 * 60_000);
    expect(seen(driver).slice(0, 2)).toEqual(["Online", "NODEA"]);
    expect(driver.world.state.outages.map(({ cause }) => cause)).toEqual(["move", "fault"]);
  });
});

import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../../src/simulator/broken-invariants.ts";
import { restoreWorld, type World } from "../../src/simulator/world.ts";
import { Driver, exampleWorld, moveTo } from "./a-world.ts";

/** A part of the procedure, with as many more looks as are wanted. */
async function act(driver: Driver, looks = 0): Promise<void> {
  const look = async (): Promise<void> => {
    for (let i = 0; i < looks; i += 1) await driver.run("NODEA", "cluster.exe", "group", "/status");
  };
  await look();
  await driver.run("NODEB", "cluster.exe", "group", "Available Storage", "/moveto:NODEA", "/wait:60");
  await look();
  await driver.install("NODEB");
  await driver.pass(10 * 60_000);
}

describe("chance", () => {
  const durations = (driver: Driver): unknown => driver.world.state.nodes.flatMap(({ jobs }) => jobs.map(({ startedMs, history }) => history.map(({ atMs, text }) => [atMs - startedMs, text])));

  test("the same world, driven in the same way, is the same to the last byte", async () => {
    const [first, second] = [new Driver(exampleWorld()), new Driver(exampleWorld())];
    await act(first);
    await act(second);
    expect(second.world.snapshot()).toEqual(first.world.snapshot());
  });

  test("more looks shift no duration", async () => {
    const [first, second] = [new Driver(exampleWorld()), new Driver(exampleWorld())];
    await act(first);
    await act(second, 7);
    expect(durations(second)).toEqual(durations(first));
  });

  test("looking changes nothing but the time", async () => {
    const driver = new Driver(exampleWorld());
    const before = driver.world.snapshot();
    for (let i = 0; i < 5; i += 1) await driver.run("NODEB", "cluster.exe", "node");
    await driver.records("NODEB", "Get-StorageGroupCopyStatus", { Server: "EXCLUS1" }, "CopyQueueLength");
    expect(driver.world.snapshot()).toEqual({ ...(before as object), nowMs: driver.clock.now() });
  });

  test("another seed gives other durations", async () => {
    const [first, second] = [new Driver(exampleWorld()), new Driver(exampleWorld("two-node", { seed: 1 }))];
    await act(first);
    await act(second);
    expect(durations(second)).not.toEqual(durations(first));
  });
});

describe("a saved world", () => {
  const restored = (world: World): World => {
    const result = restoreWorld(JSON.parse(JSON.stringify(world.snapshot())) as ReturnType<World["snapshot"]>);
    if (result.kind === "error") throw new Error(result.error);
    return result.value;
  };

  test("goes on as if it had never been put away, in the middle of an installation and of a move", async () => {
    const driver = new Driver(exampleWorld());
    await act(driver);
    const again = new Driver(restored(driver.world));
    for (const one of [driver, again]) {
      await one.ended("NODEB");
      await one.pass(3 * 60_000);
    }
    expect(again.world.snapshot()).toEqual(driver.world.snapshot());
    const call = driver.begun("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    await driver.pass(5_000);
    const half = new Driver(restored(driver.world));
    expect(half.world.state.mailboxServer.phase).toBe("offline-pending");
    await half.pass(10 * 60_000);
    expect((await driver.until(call)).kind).toBe("ok");
    await driver.pass(10 * 60_000);
    expect(half.world.state.outages).toEqual(driver.world.state.outages);
  });

  test("of another version is refused", () => {
    expect(restoreWorld({ v: 1 })).toEqual({ kind: "error", error: "the saved state of the world is of another version" });
    expect(restoreWorld([])).toMatchObject({ kind: "error" });
  });

  test("a clone has a life of its own", async () => {
    const driver = new Driver(exampleWorld());
    const before = driver.world.snapshot();
    const clone = new Driver(driver.world.clone());
    await act(clone);
    expect(driver.world.snapshot()).toEqual(before);
    expect(clone.world.snapshot()).not.toEqual(before);
  });
});

test("listeners are told at the beginning and at the end of what changes the system, and of nothing else", async () => {
  const driver = new Driver(exampleWorld());
  let told = 0;
  const stop = driver.world.onChange(() => {
    told += 1;
  });
  await driver.run("NODEB", "cluster.exe", "group");
  expect(told).toBe(0);
  await driver.run("NODEB", "cluster.exe", "group", "Cluster Group", "/moveto:NODEB", "/wait:60");
  expect(told).toBe(2);
  driver.world.suffer([{ kind: "pause", node: "NODEB" }]);
  expect(told).toBe(3);
  stop();
  driver.world.suffer([{ kind: "resume", node: "NODEB" }]);
  expect(told).toBe(3);
});

describe("invariants of the procedure", () => {
  const succeeded = { kind: "succeeded", build: "8.1.263.1" } as const;

  test("both nodes updated, and the mailbox server online: all hold", () => {
    expect(brokenInvariants(exampleWorld("both-updated-not-back").state, succeeded)).toEqual([]);
  });

  test("one node is not updated", () => {
    expect(brokenInvariants(exampleWorld("moved").state, succeeded)).toEqual([
      { invariant: "I7", because: "NODEA has 8.1.240.6 registered, not 8.1.263.1" },
      { invariant: "I7", because: "the files of NODEA have 8.1.240.6, not 8.1.263.1" },
    ]);
  });

  test("something is left as it was not before", () => {
    const world = exampleWorld("both-updated-not-back");
    world.suffer([{ kind: "pause", node: "NODEA" }, { kind: "restart-pending", node: "NODEA" }, { kind: "service", node: "NODEA", name: "MSExchangeSearch", startMode: "Disabled" }, { kind: "dismount", database: "Archive Database" }, { kind: "copy", status: "Suspended", message: "" }]);
    const broken = brokenInvariants(world.state, succeeded).map(({ invariant, because }) => `${invariant} ${because}`);
    expect(broken).toEqual([
      "I5 the mailbox server was Partially Online on NODEB, outside of a move", "I13 EXCLUS1 is Partially Online", "I8 MSExchangeSearch on NODEA is Disabled, was Auto",
      "I9 Archive Database is dismounted", "I9 the copy of First Storage Group is Suspended", "I9 the copy of Second Storage Group is Suspended", "I9 NODEA is paused", "I9 a restart of NODEA is due",
    ]);
  });

  test("while the procedure is under way only what was noted counts", () => {
    const world = exampleWorld("moved");
    expect(brokenInvariants(world.state)).toEqual([]);
    world.suffer([{ kind: "fail-over", to: "NODEA" }]);
    expect(brokenInvariants(world.state).map(({ invariant }) => invariant)).toEqual(["I5"]);
    expect(brokenInvariants(world.state, { kind: "halted" }).map(({ invariant }) => invariant)).toEqual(["I5", "I13"]);
  });
});

import { describe, expect, test } from "vitest";
import type { Cause } from "../../src/simulator/cause.ts";
import type { Fault } from "../../src/simulator/fault.ts";
import { brokenInvariants } from "../../src/simulator/broken-invariants.ts";
import { callCause } from "../../src/simulator/cause.ts";
import { sha256 } from "../../src/core/digest.ts";
import { Driver, exampleWorld, INSTALL, moveTo, options, PACKAGE_CONTENT } from "./a-world.ts";

const MINUTE = 60_000;
const healthy = (): Driver => new Driver(exampleWorld());
const noted = (driver: Driver, invariant: string): readonly (Cause & { readonly because: string })[] => driver.world.state.breaches.filter((breach) => breach.invariant === invariant).map(({ by, what, because }) => ({ by, what, because }));
const doers = (driver: Driver, invariant: string): readonly string[] => [...new Set(noted(driver, invariant).map(({ by }) => by))];

/** The package lies on both nodes from the beginning. */
function withPackage(driver: Driver): Driver {
  for (const node of driver.world.state.nodes) node.files.push({ path: "D:\\ur\\rollup.msp", ...PACKAGE_CONTENT });
  return driver;
}
const setup = (driver: Driver, node: string): Promise<unknown> => driver.until(driver.transports.to(node).startJob(`on ${node}`, { kind: "job", program: "msiexec.exe", args: INSTALL, log: "D:\\ur\\rollup.log" }, options()));
const suffer = async (driver: Driver, ms: number, ...faults: readonly Fault[]): Promise<void> => {
  driver.world.suffer(faults, "event");
  await driver.pass(ms);
};

const drained = (driver: Driver): Promise<unknown> => driver.run("NODEB", "cluster.exe", "group", "Available Storage", "/moveto:NODEA", "/wait:60");

/** For each invariant that a world can tell: a command of a run that breaks it, and something else that does. */
const CASES: readonly {
  readonly invariant: string;
  readonly byCall: (driver: Driver) => Promise<unknown>;
  /** A part of the call that answers for it. */
  readonly call: string;
  readonly byEvent: (driver: Driver) => Promise<unknown>;
}[] = [
  {
    invariant: "I1", call: "msiexec.exe /update",
    byCall: (driver) => setup(driver, "NODEA"),
    byEvent: (driver) => suffer(driver, MINUTE, { kind: "setup", node: "NODEA", kb: "945684" }),
  },
  {
    invariant: "I2", call: "on NODEA",
    byCall: async (driver) => {
      await setup(driver, "NODEB");
      await setup(driver, "NODEA");
      await driver.pass(10 * MINUTE);
    },
    byEvent: (driver) => suffer(driver, 10 * MINUTE, { kind: "setup", node: "NODEB", kb: "945684" }, { kind: "setup", node: "NODEA", kb: "945684" }),
  },
  {
    invariant: "I3", call: "cluster.exe group EXCLUS1 /moveto:NODEB on NODEA",
    byCall: (driver) => driver.run("NODEA", "cluster.exe", "group", "EXCLUS1", "/moveto:NODEB"),
    byEvent: (driver) => suffer(driver, MINUTE, { kind: "move-group", group: "EXCLUS1", to: "NODEB" }),
  },
  {
    invariant: "I4", call: "cluster.exe node NODEA /stop",
    byCall: async (driver) => {
      await drained(driver);
      await setup(driver, "NODEB");
      await driver.pass(6 * MINUTE);
      await driver.run("NODEA", "cluster.exe", "node", "NODEA", "/stop");
      await driver.pass(MINUTE);
    },
    byEvent: async (driver) => {
      await drained(driver);
      await setup(driver, "NODEB");
      await driver.pass(6 * MINUTE);
      await suffer(driver, MINUTE, { kind: "power-off", node: "NODEA" });
    },
  },
  {
    invariant: "I5", call: "Stop-ClusteredMailboxServer -Identity EXCLUS1 -StopReason tests -Confirm false on NODEA",
    byCall: (driver) => driver.cmdlet("NODEA", "Stop-ClusteredMailboxServer", { Identity: "EXCLUS1", StopReason: "tests", Confirm: false }),
    byEvent: (driver) => suffer(driver, MINUTE, { kind: "service", node: "NODEA", name: "MSExchangeIS", state: "Stopped" }),
  },
  {
    invariant: "I6", call: "cluster.exe group EXCLUS1 /moveto:NODEB",
    byCall: async (driver) => {
      driver.world.suffer([{ kind: "copy", status: "Suspended", message: "", queue: 7 }], "event");
      await driver.run("NODEA", "cluster.exe", "group", "EXCLUS1", "/moveto:NODEB", "/wait:600");
    },
    byEvent: (driver) => suffer(driver, MINUTE, { kind: "copy", status: "Suspended", message: "", queue: 7 }, { kind: "power-off", node: "NODEA" }),
  },
  {
    invariant: "I10", call: "Move-ClusteredMailboxServer",
    byCall: async (driver) => {
      driver.world.suffer([{ kind: "backup", forMs: 60 * MINUTE }], "event");
      await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    },
    byEvent: (driver) => suffer(driver, MINUTE, { kind: "backup", forMs: 60 * MINUTE }, { kind: "dismount", database: "Archive Database" }),
  },
];

describe.each(CASES)("$invariant", ({ invariant, byCall, call, byEvent }) => {
  test("is seen to be broken by a command of a run, which answers for it", async () => {
    const driver = withPackage(healthy());
    await byCall(driver);
    expect(doers(driver, invariant)).toEqual(["call"]);
    expect(noted(driver, invariant)[0]?.what).toContain(call);
  });

  test("is told apart where something else breaks it", async () => {
    const driver = withPackage(healthy());
    await byEvent(driver);
    expect(doers(driver, invariant)).toEqual(["event"]);
  });

  test("is kept by a run that does everything right", async () => {
    const driver = withPackage(healthy());
    await drained(driver);
    await setup(driver, "NODEB");
    await driver.ended("NODEB", "on NODEB");
    await driver.pass(5 * MINUTE);
    expect((await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"))).kind).toBe("ok");
    expect(noted(driver, invariant)).toEqual([]);
  });
});

describe("who answers", () => {
  test("a person answers for what a person does", () => {
    const driver = healthy();
    driver.world.suffer([{ kind: "fail-over", to: "NODEB" }]);
    expect(noted(driver, "I5")).toMatchObject([{ by: "person", what: "fail-over" }]);
  });

  test("an event that a call sets off is no deed of the call's", async () => {
    const driver = new Driver(exampleWorld("two-node", { events: [{ on: { command: "cluster.exe group" }, does: [{ fail_over: "NODEB" }] }, { on: { command: "cluster.exe group", nth: 2 }, after: "1m", does: [{ dismount: "Archive Database" }] }] }));
    await driver.run("NODEA", "cluster.exe", "group", "Available Storage", "/moveto:NODEA");
    await driver.pass(10 * MINUTE);
    await driver.run("NODEA", "cluster.exe", "group", "Available Storage", "/moveto:NODEB");
    await driver.pass(2 * MINUTE);
    expect(noted(driver, "I5").map(({ by, what }) => [by, what])).toEqual([["event", "fail-over"], ["event", "dismount"]]);
  });

  test("a call answers for what follows from it much later", async () => {
    const driver = healthy();
    await driver.run("NODEA", "shutdown.exe", "/r", "/t", "0");
    await driver.pass(5 * MINUTE);
    expect(noted(driver, "I5")).toMatchObject([{ by: "call", what: "shutdown.exe /r /t 0 on NODEA" }]);
  });

  test("the same sentence is noted once of each who can say it", async () => {
    const driver = healthy();
    for (const by of ["event", "person", "event"] as const) {
      driver.world.suffer([{ kind: "fail-over", to: "NODEB" }], by);
      await driver.pass(10 * MINUTE);
      driver.world.suffer([{ kind: "hand-over", to: "NODEA" }], by);
      await driver.pass(10 * MINUTE);
    }
    expect(doers(driver, "I5")).toEqual(["event", "person"]);
    expect(noted(driver, "I5")).toHaveLength(2);
  });

  test("a world that begins with its mailbox server offline blames nobody for that", async () => {
    const driver = new Driver(exampleWorld("two-node", { mailbox_server: { name: "EXCLUS1", active: "NODEA", state: "Offline", version: "8.1.240.6", storage_groups: { One: { database: "DB" } } } }));
    await driver.run("NODEA", "cluster.exe", "group", "Available Storage", "/moveto:NODEA");
    expect(driver.world.state.outages).toMatchObject([{ cause: "stop", by: "event" }]);
    expect(driver.world.state.breaches).toEqual([]);
  });

  test("the text of a call is kept short, and quotes what has blanks", () => {
    expect(callCause(["cluster.exe", "group", "Cluster Group"], "NODEA").what).toBe('cluster.exe group "Cluster Group" on NODEA');
    expect(callCause(["script", sha256("x").repeat(10)], undefined).what).toHaveLength(200 + " on local".length);
  });
});

describe("a node that went down under its setup", () => {
  const half = async (): Promise<Driver> => {
    const driver = withPackage(healthy());
    await setup(driver, "NODEB");
    await driver.pass(9 * MINUTE);
    await suffer(driver, 20 * MINUTE, { kind: "restart", node: "NODEB" });
    expect(noted(driver, "I2")).toEqual([]);
    return driver;
  };

  test("is in between still: a setup on the other node breaks I2", async () => {
    const driver = await half();
    await setup(driver, "NODEA");
    await driver.pass(10 * MINUTE);
    expect(noted(driver, "I2")).toMatchObject([{ by: "call", because: "NODEA and NODEB were patched at the same time" }]);
  });

  test("is through once a setup there has ended", async () => {
    const driver = await half();
    for (const service of driver.world.state.nodes[1]?.services ?? []) if (service.name === "ClusSvc") service.state = "Running";
    await driver.until(driver.transports.to("NODEB").startJob("again", { kind: "job", program: "msiexec.exe", args: INSTALL }, options()));
    await driver.ended("NODEB", "again");
    await setup(driver, "NODEA");
    await driver.pass(10 * MINUTE);
    expect(noted(driver, "I2")).toEqual([]);
  });
});

describe("I13 where the procedure halts", () => {
  const i13 = (driver: Driver): readonly unknown[] => brokenInvariants(driver.world.state, { kind: "halted" }).filter(({ invariant }) => invariant === "I13").map(({ by }) => by);

  test("is the run's where its own command took the mailbox server down", async () => {
    const driver = healthy();
    await driver.cmdlet("NODEA", "Stop-ClusteredMailboxServer", { Identity: "EXCLUS1", Confirm: false });
    expect(i13(driver)).toEqual(["call"]);
  });

  test.each<[string, (driver: Driver) => Promise<unknown>]>([
    ["took it down", (driver) => suffer(driver, MINUTE, { kind: "power-off", node: "NODEA" }, { kind: "power-off", node: "NODEB" })],
    ["struck during the run's own move", async (driver) => {
      const moved = driver.begun("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
      await driver.pass(10_000);
      await suffer(driver, MINUTE, { kind: "power-off", node: "NODEB" }, { kind: "witness", reachable: false });
      await driver.until(moved);
    }],
  ])("is not the run's where a fault %s", async (_, happens) => {
    const driver = healthy();
    await happens(driver);
    expect(i13(driver)).toEqual(["event"]);
  });

  test("is not the run's where the world lets a database stay dismounted after the run's move", async () => {
    const driver = new Driver(exampleWorld("two-node", { events: [{ on: { command: "Move-ClusteredMailboxServer" }, move: { dismounted: ["Archive Database"] } }] }));
    await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
    expect(i13(driver)).toEqual(["event"]);
  });
});

test("a mailbox server that the world keeps Online Pending is not the run's, who only began the move", async () => {
  const driver = new Driver(exampleWorld("two-node", { events: [{ on: { command: "Move-ClusteredMailboxServer" }, move: { online_pending: "3h" } }] }));
  await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
  expect(brokenInvariants(driver.world.state, { kind: "halted" })).toMatchObject([{ invariant: "I13", because: "EXCLUS1 is Online Pending", by: "event" }]);
});

test("a move of a copy that is not whole breaks I3, also where Exchange's own cmdlet lets it pass", async () => {
  const driver = healthy();
  await suffer(driver, 0, { kind: "dismount", database: "Archive Database" }, { kind: "copy", storageGroup: "Second Storage Group", status: "Failed", message: "" });
  expect((await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", { ...moveTo("NODEB"), IgnoreDismounted: true })).kind).toBe("ok");
  expect(noted(driver, "I3")).toMatchObject([{ by: "call", because: "EXCLUS1 was moved to NODEB while the copy of Second Storage Group was Failed" }]);
});

test("I5 is about each outage: one above the agreed limit is broken, two that are long together are not", async () => {
  const driver = healthy();
  await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
  await driver.pass(10 * MINUTE);
  await driver.cmdlet("NODEA", "Move-ClusteredMailboxServer", moveTo("NODEA"));
  const [first = 0, second = 0] = driver.world.state.outages.map(({ fromMs, toMs }) => (toMs ?? 0) - fromMs);
  const long = (outageLimitMs: number): readonly string[] => brokenInvariants(driver.world.state, { kind: "halted", outageLimitMs }).map(({ invariant }) => invariant);
  expect(long(Math.max(first, second))).toEqual([]);
  expect(long(Math.max(first, second) - 1)).toEqual(first === second ? ["I5", "I5"] : ["I5"]);
  expect(long(Math.min(first, second) - 1)).toEqual(["I5", "I5"]);
});

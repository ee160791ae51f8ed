import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/core/port.ts";
import { nodeOf } from "../../src/simulator/world-state.ts";
import { Driver, exampleWorld, moveTo, options, PACKAGE_CONTENT } from "./a-world.ts";

const HOSTNAME = { kind: "program", program: "hostname.exe", args: [] } as const;
const MOVE_GROUP = { kind: "program", program: "cluster.exe", args: ["group", "Cluster Group", "/moveto:NODEB", "/wait:300"] } as const;
const elapsed = (driver: Driver): number => driver.clock.now() - driver.world.state.epochMs;

describe("a call", () => {
  test("takes the world's time, and answers from the state at its end", async () => {
    const driver = new Driver(exampleWorld("two-node", { durations: { program: "10s" }, events: [{ at: "5s", does: [{ pause: "NODEB" }] }] }));
    expect((await driver.run("NODEA", "cluster.exe", "node", "/status")).out).toContain("Paused");
    expect(elapsed(driver)).toBe(10_000);
  });

  test("hands its output on", async () => {
    const driver = new Driver(exampleWorld());
    const told: string[] = [];
    const asked = { ...options(), onOutput: (stream: "stdout" | "stderr", text: string) => told.push(`${stream} ${text}`) };
    await driver.until(driver.transports.to("NODEB").run(HOSTNAME, asked));
    await driver.until(driver.transports.to("NODEB").run({ kind: "program", program: "reg.exe", args: ["query", "HKLM\\Nothing"] }, asked));
    expect(told).toEqual(["stdout NODEB\r\n", "stderr ERROR: The system was unable to find the specified registry key or value.\r\n"]);
  });

  test("that is over its limit is in doubt, and what it began goes on", async () => {
    const driver = new Driver(exampleWorld("two-node", { durations: { group_move: "60s" } }));
    const outcome = await driver.until(driver.transports.to("NODEB").run(MOVE_GROUP, options(30_000)));
    expect(outcome).toEqual({ kind: "timeout", because: "NODEB did not answer within 30s" });
    expect(elapsed(driver)).toBe(30_000);
    await driver.pass(60_000);
    expect(driver.world.state.cluster.groups.find(({ kind }) => kind === "core")?.owner).toBe("NODEB");
  });

  test("that is given up ends at once, and what it began goes on", async () => {
    const driver = new Driver(exampleWorld());
    const stop = new AbortController();
    const call = driver.transports.to("NODEB").cmdlet({ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: moveTo("NODEB"), properties: [] }, { ...options(), signal: stop.signal });
    await driver.pass(5_000);
    stop.abort();
    expect(await call).toMatchObject({ kind: "lost" });
    expect(elapsed(driver)).toBe(5_000);
    await driver.pass(5 * 60_000);
    expect(driver.world.state.mailboxServer.move?.result).toBe("done");
  });
});

describe("a node that cannot be reached", () => {
  const ask = (driver: Driver, address: string, limitMs?: number): Promise<Outcome<unknown>> => driver.until(driver.transports.to(address).run(HOSTNAME, options(limitMs)));

  test("that is off, or that the world does not have, is unreachable after a while", async () => {
    const driver = new Driver(exampleWorld("two-node", { durations: { connect_timeout: "20s" } }));
    driver.world.suffer([{ kind: "power-off", node: "NODEB" }]);
    expect(await ask(driver, "NODEB")).toMatchObject({ kind: "failed", failure: { code: "unreachable" } });
    expect(await ask(driver, "NODEC")).toMatchObject({ kind: "failed", failure: { code: "unreachable" } });
    expect(elapsed(driver)).toBe(40_000);
    expect(await ask(driver, "NODEC", 5_000)).toMatchObject({ kind: "timeout" });
  });

  test("loses the calls that are under way when it goes away", async () => {
    const driver = new Driver(exampleWorld("two-node", { durations: { group_move: "5m" }, events: [{ at: "30s", does: [{ restart: "NODEB" }] }] }));
    expect(await driver.until(driver.transports.to("NODEB").run(MOVE_GROUP, options()))).toMatchObject({ kind: "lost" });
    expect(elapsed(driver)).toBe(30_000);
  });

  test("whose channel is broken goes on working", async () => {
    const driver = new Driver(exampleWorld("two-node", { events: [{ at: "1m", does: [{ unreachable: { node: "NODEB", for: "30m" } }] }] }));
    await driver.install("NODEB");
    await driver.pass(5 * 60_000);
    expect(await ask(driver, "NODEB")).toMatchObject({ kind: "failed", failure: { code: "unreachable" } });
    await driver.pass(60 * 60_000);
    expect(await driver.ended("NODEB")).toMatchObject({ exitCode: 0 });
  });
});

describe("files", () => {
  const transports = (driver: Driver) => driver.transports.to("NODEB");
  const put = (driver: Driver, from = "/packages/rollup.msp", limitMs?: number) => driver.until(transports(driver).put({ kind: "put", from, to: "D:/ur/rollup.msp" }, options(limitMs)));
  const stat = (driver: Driver, path: string) => driver.until(transports(driver).stat({ kind: "stat", path }, options()));
  const ABSENT = { kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } };

  test("a file that was put lies there with its size and hash, under a path without case", async () => {
    const driver = new Driver(exampleWorld());
    expect(await stat(driver, "D:\\ur\\rollup.msp")).toEqual(ABSENT);
    expect(await put(driver)).toEqual({ kind: "ok", value: { exists: true, folder: false, ...PACKAGE_CONTENT } });
    expect(await stat(driver, "d:\\UR\\Rollup.msp")).toEqual({ kind: "ok", value: { exists: true, folder: false, ...PACKAGE_CONTENT } });
    expect(await stat(driver, "D:\\ur\\")).toMatchObject({ kind: "ok", value: { exists: true, folder: true } });
  });

  test("a package takes as long as the real one would", async () => {
    const driver = new Driver(exampleWorld("two-node", { copy_rate: "1MB", durations: { program: "0s" } }));
    await put(driver);
    expect(elapsed(driver)).toBe(58_000);
  });

  test("a copy that does not end in time leaves nothing", async () => {
    const driver = new Driver(exampleWorld("two-node", { copy_rate: "1MB" }));
    expect(await put(driver, undefined, 10_000)).toMatchObject({ kind: "timeout" });
    await driver.pass(10 * 60_000);
    expect(await stat(driver, "D:\\ur\\rollup.msp")).toEqual(ABSENT);
  });

  test("a file that the runner does not have cannot be put; the runner's own files take no time", async () => {
    const driver = new Driver(exampleWorld());
    expect(await put(driver, "/packages/nothing.zip")).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await driver.transports.source("/packages/rollup.msp")).toMatchObject({ kind: "ok", value: PACKAGE_CONTENT });
    expect(elapsed(driver)).toBe(0);
  });

  test("only what the world made itself has a content that can be fetched", async () => {
    const driver = new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: { files: { "C:\\notes.txt": { text: "hello" }, "D:\\rollup.msp": { kb: "945684" } } } } }));
    const get = (from: string) => driver.until(transports(driver).get({ kind: "get", from, limitBytes: 4 }, options()));
    expect(await get("C:\\notes.txt")).toMatchObject({ kind: "ok", value: { path: "/run/notes.txt", bytes: 4 } });
    expect(driver.kept).toEqual([{ name: "notes.txt", text: "ello" }]);
    expect(await get("D:\\rollup.msp")).toMatchObject({ kind: "failed", failure: { code: "unreadable" } });
    expect(await get("D:\\nothing")).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  });
});

test("the runner's machine has no services, files or jobs of the system", async () => {
  const driver = new Driver(exampleWorld());
  const local = driver.transports.to("local");
  expect(await driver.until(local.startJob("job", { kind: "job", program: "msiexec.exe", args: [] }, options()))).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  expect(await driver.until(local.jobs({ kind: "jobs" }, options()))).toEqual({ kind: "ok", value: { jobs: [] } });
  expect(await driver.until(local.stat({ kind: "stat", path: "C:\\Windows" }, options()))).toMatchObject({ kind: "ok", value: { exists: false } });
  expect((await driver.run("local", "cluster.exe", "group")).exitCode).toBe(1722);
});

test("a job of another program ends after its time with its exit code", async () => {
  const driver = new Driver(exampleWorld("two-node", { programs: [{ command: "defrag.exe", exit_code: 4, takes: "3m" }] }));
  await driver.until(driver.transports.to("NODEB").startJob("job", { kind: "job", program: "defrag", args: [] }, options()));
  expect(nodeOf(driver.world.state, "NODEB").jobs).toMatchObject([{ state: "running" }]);
  expect(await driver.ended("NODEB")).toMatchObject({ state: "ended", exitCode: 4, logBytes: 0, logTail: "" });
});

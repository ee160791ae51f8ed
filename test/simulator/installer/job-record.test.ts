import { expect, test } from "vitest";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { Driver, exampleWorld, INSTALL, options } from "../a-world.ts";

test("a job is started once under its name, and found afterwards", async () => {
  const driver = new Driver(exampleWorld());
  const begun = await driver.install("NODEB");
  const changes = driver.world.state.changes;
  await driver.pass(60_000);
  const found = await driver.until(driver.transports.to("NODEB").startJob("job", { kind: "job", program: "msiexec.exe", args: INSTALL }, options()));
  expect(found).toMatchObject({ kind: "ok", value: { startedAt: begun.kind === "ok" ? begun.value.startedAt : "" } });
  expect([nodeOf(driver.world.state, "NODEB").jobs.length, driver.world.state.changes]).toEqual([1, changes]);
});

test("a job that has ended is forgotten by its name, and its log and what it did stay; one that runs is left", async () => {
  const driver = new Driver(exampleWorld());
  const node = driver.transports.to("NODEB");
  let told = 0;
  driver.world.onChange(() => (told += 1));
  await driver.install("NODEB");
  const changes = driver.world.state.changes;
  expect(await driver.until(node.forgetJobs(["job", "another"], options()))).toEqual({ kind: "ok", value: ["job"] });
  await driver.ended("NODEB");
  told = 0;
  expect(await driver.until(node.forgetJobs(["job", "another"], options()))).toEqual({ kind: "ok", value: [] });
  expect([told, driver.world.state.changes]).toEqual([1, changes]);
  expect(await driver.until(node.jobs({ kind: "jobs" }, options()))).toEqual({ kind: "ok", value: { jobs: [] } });
  expect(await driver.until(node.stat({ kind: "stat", path: "D:\\ur\\rollup.log" }, options()))).toMatchObject({ value: { exists: true } });
  expect(await driver.until(node.startJob("job", { kind: "job", program: "msiexec.exe", args: INSTALL }, options()))).toMatchObject({ kind: "ok", value: { state: "running" } });
  expect(await driver.ended("NODEB")).toMatchObject({ state: "ended" });
});

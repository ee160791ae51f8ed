import { expect, test } from "vitest";
import { describeWorld } from "../../src/simulator/describe-world.ts";
import { PLAIN } from "../../src/views/style.ts";
import { worldLines } from "../../src/views/world-text.ts";
import { Driver, exampleWorld, moveTo } from "../simulator/a-world.ts";

const shown = (driver: Driver, extent: "what matters" | "all" = "what matters"): readonly string[] => worldLines("exclus1", describeWorld(driver.world.state), extent, { ...PLAIN, columns: 80 });

test("a healthy system is told in a screen, without a word of what is not the matter", () => {
  const lines = shown(new Driver(exampleWorld()));
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines.join("\n")).not.toMatch(/backup|UNREACHABLE|Event log|Outages|broken/);
});

test("what an operator would look for is there: the witness, a backup, who took the server down, and all outages together", async () => {
  const driver = new Driver(exampleWorld());
  driver.world.suffer([{ kind: "fail-over", to: "NODEB" }], "event");
  await driver.pass(20 * 60_000);
  await driver.cmdlet("NODEA", "Move-ClusteredMailboxServer", moveTo("NODEA"));
  await driver.pass(20 * 60_000);
  driver.world.suffer([{ kind: "witness", reachable: false }, { kind: "backup", forMs: 3_600_000 }], "event");
  const lines = shown(driver);
  const text = lines.join("\n");
  expect(text).toContain("quorum with 2 votes, the witness is UNREACHABLE");
  expect(text).toMatch(/backup +running: First Storage Group, Second Storage Group\n/);
  expect(text).toMatch(/ an event +from 2008-03-15 09:00:00 UTC\n +\S+ +move +from .*\n +\S+ +in all/);
  expect(text).toMatch(/I5 +an event +the mailbox server was Online Pending on NODEB/);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test("with everything come the newest entries of the event logs", async () => {
  const driver = new Driver(exampleWorld());
  await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
  driver.world.suffer([{ kind: "restart", node: "NODEA" }]);
  await driver.pass(20 * 60_000);
  const lines = shown(driver, "all");
  expect(lines.join("\n")).toMatch(/Event log of NODEB\n +2008-03-15 09:0.:.. UTC +MSExchangeRepl 100\s+The move of EXCLUS1/);
  expect(lines.join("\n")).toMatch(/EventLog 6008\s+Error: The previous system/);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

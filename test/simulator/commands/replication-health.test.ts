import { expect, test } from "vitest";
import type { Fault } from "../../../src/simulator/fault.ts";
import { Driver, exampleWorld } from "../a-world.ts";

const copy = (status: "Suspended" | "Failed" | "Initializing" | "Healthy", queue?: number): Fault => ({ kind: "copy", status, message: "", queue, forMs: status === "Initializing" ? 3_600_000 : undefined });

/** What befalls a healthy cluster, and every check that fails then. */
test.each<[string, readonly Fault[], readonly string[]]>([
  ["nothing", [], []],
  ["the passive node loses its power", [{ kind: "power-off", node: "NODEB" }], ["PassiveNodeUp", "ReplayService"]],
  ["a node is paused", [{ kind: "pause", node: "NODEB" }], ["NodePaused"]],
  ["the witness is gone", [{ kind: "witness", reachable: false }], ["FileShareQuorum"]],
  ["the quorum is gone", [{ kind: "witness", reachable: false }, { kind: "power-off", node: "NODEB" }], ["PassiveNodeUp", "QuorumGroup", "FileShareQuorum", "CmsGroup", "ReplayService"]],
  ["a database is dismounted", [{ kind: "dismount", database: "Archive Database" }], ["CmsGroup", "DBMountedFailover"]],
  ["the replication service of the passive node stops", [{ kind: "service", node: "NODEB", name: "MSExchangeRepl", state: "Stopped" }], ["ReplayService"]],
  ["the copies are suspended", [copy("Suspended")], ["SGCopySuspended"]],
  ["the copies fail", [copy("Failed")], ["SGCopyFailed"]],
  ["the copies begin anew", [copy("Initializing")], ["SGInitializing"]],
  ["many logs are not copied", [copy("Healthy", 500)], ["SGCopyQueueLength"]],
])("`Test-ReplicationHealth` follows the model: %s", async (_, faults, expected) => {
  const driver = new Driver(exampleWorld());
  driver.world.suffer(faults, "event");
  await driver.pass(20_000);
  const rows = await driver.records("NODEA", "Test-ReplicationHealth", {}, "Check", "Result");
  expect(rows.filter((row) => row["Result"] !== "Passed").map((row) => row["Check"])).toEqual(expected);
});

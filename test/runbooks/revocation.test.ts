import { expect, test } from "vitest";
import type { NodeFile } from "../../src/simulator/world-schema.ts";
import { baseWorld, clusterOf, type Cluster } from "./exchange-world.ts";

const RUNBOOK = "test/runbooks/without-revocation-lists.yml";

const clusterWith = (node: NodeFile): Promise<Cluster> => clusterOf({ ...baseWorld(), nodes: { NODEA: {}, NODEB: node } });

test.each<[string, NodeFile, boolean, readonly string[]]>([
  ["is left out for a while, and comes back", { crl_reachable: false }, false, ["unchecked", "checked"]],
  ["is left out for a while, and goes where nothing was set", { crl_reachable: false, revocation_check: "unset" }, false, ["unchecked", "checked"]],
  ["stays out where it was out", { crl_reachable: false, revocation_check: "off" }, false, []],
  ["is left alone where the lists can be fetched", {}, true, []],
])("the check for revoked certificates %s", async (_title, node, meanwhile, changed) => {
  const cluster = await clusterWith(node);
  const before = structuredClone(cluster.world.state.nodes[1]?.machine);
  const ran = await cluster.run(RUNBOOK);
  expect(ran.end.result, ran.end.because).toBe(changed.length === 0 ? "nothing to do" : "succeeded");
  expect(ran.end.outputs).toEqual({ meanwhile });
  expect(ran.changed).toEqual(changed);
  expect(cluster.world.state.nodes[1]?.machine).toEqual(before);
});

test("a registry that takes nothing fails the step, and what was there stays", async () => {
  const cluster = await clusterOf({
    ...baseWorld(),
    nodes: { NODEA: {}, NODEB: { crl_reachable: false } },
    events: [{ on: { command: "reg.exe add", times: 2 }, reply: { exit_code: 1, stderr: "ERROR: Access is denied." } }],
  });
  const before = structuredClone(cluster.world.state.nodes[1]?.machine);
  const ran = await cluster.run(RUNBOOK);
  expect(ran.end.result).toBe("stopped");
  expect(ran.end.because).toContain("reg.exe said: ERROR: Access is denied.");
  expect(cluster.world.state.nodes[1]?.machine).toEqual(before);
});

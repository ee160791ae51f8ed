import { describe, expect, test } from "vitest";
import type { WorldFile } from "../../src/simulator/world-schema.ts";
import { worldWith, type Start } from "./changed-world.ts";
import { clusterOf, type Cluster } from "./exchange-world.ts";

const UNDO = "runbooks/ccr-rollup-undo.yml";
const BASE = "8.1.240.6";
const NEW = "8.1.263.1";
const UNDO_A = ["undo_a/remove"];
const BOTH = ["NODEA", "NODEB"] as const;

function buildsOf({ world }: Cluster): readonly (readonly [string, string, number])[] {
  return world.state.nodes.map(({ name, exchange }) => [name, exchange.fileBuild, exchange.patches.length] as const);
}

/** Paths that changed something, but for the groups that only some starts have to move. */
function withoutGroups(changed: readonly string[]): readonly string[] {
  return changed.filter((path) => !path.endsWith("/groups"));
}

describe("undoing the CCR procedure", () => {
  test("takes back what a run of it did: remove, hand back, remove, with one outage", async () => {
    const cluster = await clusterOf(worldWith({}));
    expect((await cluster.run("runbooks/ccr-rollup.yml")).end.result).toBe("succeeded");
    const ran = await cluster.run(UNDO);
    expect(ran.end.because).toBe("every step is done and the goal holds");
    expect(withoutGroups(ran.changed)).toEqual(["undo_a/remove", "handover/move", "undo_b/remove"]);
    expect(ran.end.outages.map(({ step }) => step)).toEqual(["handover/move"]);
    expect(ran.end.outputs).toEqual({ active_node: "NODEA", node_a_after: BASE, node_b_after: BASE });
    expect(buildsOf(cluster)).toEqual([["NODEA", BASE, 0], ["NODEB", BASE, 0]]);
    expect(cluster.world.state.breaches).toEqual([]);
  });

  test("has nothing to do the second time", async () => {
    const cluster = await clusterOf(worldWith({ updated: BOTH, active: "NODEB" }));
    await cluster.run(UNDO);
    const again = await cluster.run(UNDO);
    expect(again.end.result).toBe("nothing to do");
    expect(again.changed).toEqual([]);
  });

  test("leaves what the procedure can do again", async () => {
    const cluster = await clusterOf(worldWith({ updated: BOTH, active: "NODEB" }));
    await cluster.run(UNDO);
    const again = await cluster.run("runbooks/ccr-rollup.yml");
    expect(again.end.result).toBe("succeeded");
    expect(again.end.outputs).toMatchObject({ active_node: "NODEB", node_a_after: NEW, node_b_after: NEW });
  });

  const HALF_DONE: Readonly<Record<string, { readonly start: Start; readonly inputs?: Readonly<Record<string, string>>; readonly changed: readonly string[]; readonly active: string }>> = {
    "NodeB has the rollup and serves, and the update of NodeA failed (F35)": { start: { updated: ["NODEB"], active: "NODEB" }, changed: ["handover/move", "undo_b/remove"], active: "NODEA" },
    "only NodeB has the rollup, and is passive": { start: { updated: ["NODEB"] }, changed: ["undo_b/remove"], active: "NODEA" },
    "only NodeA has the rollup, and is passive": { start: { updated: ["NODEA"], active: "NODEB" }, changed: ["undo_a/remove"], active: "NODEB" },
    "both have it, and the mailbox server was moved back": { start: { updated: BOTH }, inputs: { node_a: "NODEB", node_b: "NODEA" }, changed: ["undo_a/remove", "handover/move", "undo_b/remove"], active: "NODEB" },
  };
  test.each(Object.entries(HALF_DONE))("does what is left where %s", async (_sentence, { start, inputs = {}, changed, active }) => {
    const cluster = await clusterOf(worldWith(start));
    const ran = await cluster.run(UNDO, inputs);
    expect(ran.end.because).toBe("every step is done and the goal holds");
    expect(withoutGroups(ran.changed)).toEqual(changed);
    expect(ran.end.outputs).toMatchObject({ active_node: active, node_a_after: BASE, node_b_after: BASE });
    expect(buildsOf(cluster)).toEqual([["NODEA", BASE, 0], ["NODEB", BASE, 0]]);
    expect(cluster.world.state.breaches).toEqual([]);
  });

  test("brings back the rollup that was covered, and says beforehand where that is not the wanted one", async () => {
    const cluster = await clusterOf(withEarlierRollup());
    const refused = await cluster.run(UNDO, { to_build: BASE });
    expect(refused.end.result).toBe("stopped");
    expect(refused.statuses.get("undo_a/remove")).toBe("failed");
    expect(refused.end.because).toContain("would be at 8.1.250.0, not at 8.1.240.6");
    const ran = await cluster.run(UNDO, { to_build: "8.1.250.0" });
    expect(ran.end.result).toBe("succeeded");
    expect(ran.end.outputs).toMatchObject({ node_a_after: "8.1.250.0", node_b_after: "8.1.250.0" });
  });
});

/** Both nodes with the rollup over an older one, NODEB active. */
function withEarlierRollup(): WorldFile {
  const world = worldWith({ updated: BOTH, active: "NODEB" });
  const rollup = world.packages?.[0];
  if (rollup === undefined) throw new Error("the base world has no package");
  const { display_name: _name, ...older } = rollup;
  const nodes = Object.fromEntries(Object.entries(world.nodes).map(([name, node]) => [name, { ...node, updates: ["900000", rollup.kb] }]));
  return { ...world, nodes, packages: [rollup, { ...older, kb: "900000", build: "8.1.250.0" }] };
}

const AFTER: Start = { updated: BOTH, active: "NODEB" };
/** Where it stops, what it says, and what it had changed by then. */
const STOPPING: Readonly<Record<string, { readonly start: Start; readonly inputs?: Readonly<Record<string, string>>; readonly at: string; readonly because: string; readonly changed?: readonly string[] }>> = {
  "the cluster is a single copy cluster": { start: { ...AFTER, storage: "scc" }, at: "is_ccr", because: "only for CCR" },
  "the nodes are named the wrong way round": { start: { updated: BOTH }, at: "roles", because: "--set node_a=NODEB --set node_b=NODEA" },
  "a newer rollup lies above": { start: AFTER, inputs: { build: "8.1.250.0" }, at: "level_a", because: "--set build=8.1.263.1" },
  "the witness is away": { start: { ...AFTER, witness: "unreachable" }, at: "sound/votes", because: "witness" },
  "somebody says no to the outage": {
    start: { ...AFTER, people: [{ name: "Abe", answers: [{ kind: "approve", question: "Move EXCLUS1", answer: "no", reason: "not today" }] }] },
    at: "handover/approve", because: "not today", changed: UNDO_A,
  },
  "a policy forbids to remove rollups": {
    start: { ...AFTER, events: [{ on: { command: "msiexec.exe /package", node: "NODEA" }, reply: { exit_code: 1649 } }] },
    at: "undo_a/remove", because: "1649", changed: UNDO_A,
  },
  "setup leaves the newer files": {
    start: { ...AFTER, events: [{ on: { command: "msiexec.exe /package", node: "NODEA" }, install: { files: "old" } }] },
    at: "undo_a/remove", because: "the files did not go back to 8.1.240.6", changed: UNDO_A,
  },
};

describe("undoing stops, with the mailboxes online, where", () => {
  test.each(Object.entries(STOPPING))("%s", async (_sentence, { start, inputs = {}, at, because, changed = [] }) => {
    const cluster = await clusterOf(worldWith(start));
    const { end, statuses, changed: paths } = await cluster.run(UNDO, inputs);
    expect({ result: end.result, status: statuses.get(at), changed: withoutGroups(paths), outages: end.outages, breaches: cluster.world.state.breaches })
      .toEqual({ result: "stopped", status: "failed", changed, outages: [], breaches: [] });
    expect(end.because).toContain(because);
  });

  test("a rollup cannot be removed, before anything was stopped for it", async () => {
    const world = worldWith(AFTER);
    const cluster = await clusterOf({ ...world, packages: (world.packages ?? []).map((known) => ({ ...known, removable: false })) });
    const ran = await cluster.run(UNDO);
    expect(ran.end.result).toBe("stopped");
    expect(ran.end.because).toContain("cannot be removed");
    expect(cluster.world.state.nodes.flatMap(({ jobs }) => jobs)).toEqual([]);
  });

  test("setup fails, and gives the services back what they had; begun again it does what is left", async () => {
    const cluster = await clusterOf(worldWith({ ...AFTER, events: [{ on: { command: "msiexec.exe /package", node: "NODEB" }, install: { exit_code: 1603, services: "disabled" } }] }));
    const first = await cluster.run(UNDO);
    expect(first.end.result).toBe("stopped");
    expect(first.end.because).toContain("1603");
    expect(withoutGroups(first.changed)).toEqual(["undo_a/remove", "handover/move", "undo_b/remove", "undo_b/services_back"]);
    expect(cluster.world.state.nodes.flatMap(({ services }) => services.filter(({ startMode }) => startMode === "Disabled"))).toEqual([]);
    const second = await cluster.run(UNDO);
    expect(second.end.because).toBe("every step is done and the goal holds");
    expect(withoutGroups(second.changed)).toEqual(["undo_b/remove"]);
  });
});

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlanNode } from "../../src/core/plan.ts";
import { matchesTemplate } from "../../src/interpreter/plan/matches.ts";
import { PROJECT } from "../docs/project.ts";
import { changesOf } from "../kit/changes.ts";
import { freshWorld, runOnWorld, type CcrTrial } from "../kit/ccr-kit.ts";

/** Every world that the project has. */
const WORLDS: readonly string[] = [
  ...readdirSync(join(PROJECT, "examples/worlds")).filter((name) => name.endsWith(".world.yml")).map((name) => name.replace(".world.yml", "")),
  ...readdirSync(join(PROJECT, "test/worlds")).filter((name) => name.endsWith(".world.yml")).map((name) => `test/worlds/${name}`),
];

const UPDATE_B = ["NODEB moves Available Storage", "NODEB put", "NODEB msiexec.exe"];
const MOVE_TO_B = ["NODEB Move-ClusteredMailboxServer"];
const UPDATE_A = ["NODEA moves Available Storage", "NODEA moves Cluster Group", "NODEA put", "NODEA msiexec.exe"];

describe("on a healthy cluster the procedure", () => {
  test("updates the passive node, hands over, updates the other node, and says what it cost", async () => {
    const world = await freshWorld("two-node");
    const { end, events } = await runOnWorld(world);
    expect(end).toMatchObject({ result: "succeeded", exitCode: 0 });
    expect(changesOf(events)).toEqual([...UPDATE_B, ...MOVE_TO_B, ...UPDATE_A]);
    expect(end.outputs).toEqual({
      active_node: "NODEB", node_a_before: "8.1.240.6", node_a_after: "8.1.263.1", node_a_after_by_registry: "8.1.263.1", node_a_after_by_files: "8.1.263.1", node_b_before: "8.1.240.6", node_b_after: "8.1.263.1", node_b_after_by_registry: "8.1.263.1", node_b_after_by_files: "8.1.263.1",
      services_of_a_as_before: true, services_of_b_as_before: true,
    });
    expect(end.outages).toHaveLength(1);
    expect(end.outages[0]).toMatchObject({ probe: "mailbox", step: "handover/move", open: false });
    expect(end.openItems.map(({ step }) => step)).toEqual(["address_book", "backup_after"]);
    expect(world.state.breaches).toEqual([]);
  });

  test("run again has nothing to do and enters no step", async () => {
    const world = await freshWorld("two-node");
    await runOnWorld(world);
    const { end, events } = await runOnWorld(world);
    expect(end).toMatchObject({ result: "nothing to do", exitCode: 0 });
    expect(changesOf(events)).toEqual([]);
    expect(events.filter((event) => event.type === "step-started" && event.phase !== "goal")).toEqual([]);
  });

  test("moves back where that is asked for", async () => {
    const { end, events } = await runOnWorld(await freshWorld("two-node"), { inputs: { move_back: "true" } });
    expect(end.result).toBe("succeeded");
    expect(changesOf(events)).toEqual([...UPDATE_B, ...MOVE_TO_B, ...UPDATE_A, "NODEA Move-ClusteredMailboxServer"]);
    expect(end.outages).toHaveLength(2);
    expect(end.outputs["active_node"]).toBe("NODEA");
  });

  test("gives the same events for the same world", async () => {
    const [one, other] = [await runOnWorld(await freshWorld("two-node")), await runOnWorld(await freshWorld("two-node"))];
    expect(one.events).toEqual(other.events);
  });
});

describe("begun in a half-done state it does exactly what is left", () => {
  test.each<[string, Record<string, string>, readonly string[], number]>([
    ["node-b-updated", {}, [...MOVE_TO_B, ...UPDATE_A], 1],
    ["moved", {}, UPDATE_A, 0],
    ["both-updated-not-back", { move_back: "true" }, ["NODEA Move-ClusteredMailboxServer"], 1],
    ["lagging-copy", {}, [...UPDATE_B, ...MOVE_TO_B, ...UPDATE_A], 1],
  ])("%s %j", async (name, inputs, expected, outages) => {
    const { end, events } = await runOnWorld(await freshWorld(name), { inputs });
    expect(end.result).toBe("succeeded");
    expect(changesOf(events)).toEqual(expected);
    expect(end.outages).toHaveLength(outages);
  });
});

describe("before a wrong change it stops, and says why", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["scc", [], /storage type of EXCLUS1 is Shared.*only for CCR/],
    ["unhealthy-copy", [], /Second Storage Group is Failed/],
    ["group-returns", ["NODEB moves Available Storage", "NODEB put"], /NODEB owns Available Storage.*Find out what keeps them here.*then go on/],
    ["failover-before-install", ["NODEB moves Available Storage", "NODEB put"], /EXCLUS1 .*NODEB/],
    ["move-refused", [...UPDATE_B, ...MOVE_TO_B], /NODEA still owns EXCLUS1.*do not move it with cluster\.exe/],
  ])("%s", async (name, expected, because) => {
    const world = await freshWorld(name);
    const { end, events } = await runOnWorld(world);
    expect(end.exitCode).toBe(1);
    expect(end.because).toMatch(because);
    expect(changesOf(events)).toEqual(expected);
    // An outage that the fault itself made is no doing of the run's.
    expect(world.state.breaches.filter(({ invariant }) => invariant !== "I5")).toEqual([]);
  });

  test("a question that nobody answers ends the run waiting, and the next run goes on from there", async () => {
    const world = await freshWorld("no-people");
    const { end, events } = await runOnWorld(world);
    expect(end).toMatchObject({ result: "waiting", exitCode: 5 });
    expect(changesOf(events)).toEqual(UPDATE_B);
    const again = await runOnWorld(world);
    expect(changesOf(again.events)).toEqual([]);
    expect(again.end.result).toBe("waiting");
  });
});

/** Every planned action by path, loops as `[…]` too. */
function planned(nodes: readonly PlanNode[], into = new Map<string, PlanNode["actions"][number][]>()): ReadonlyMap<string, PlanNode["actions"][number][]> {
  for (const node of nodes) {
    into.set(node.path, [...(into.get(node.path) ?? []), ...node.actions]);
    planned(node.children, into);
  }
  return into;
}

function unplanned({ plan, events }: CcrTrial): readonly string[] {
  const known = planned(plan.nodes);
  return events.flatMap((event) => {
    if (event.type !== "action-started") return [];
    const path = event.step.replace(/(^|\/)goal\//g, "$1");
    const entries = known.get(path) ?? known.get(path.replace(/\[[^\]]*\]/g, "[…]")) ?? [];
    return entries.some((entry) => entry.name === event.action.name && entry.effect === event.effect && matchesTemplate(entry.template, event.action.what)) ? [] : [`${event.step} ${event.action.name}`];
  });
}

describe("the plan is the closed set of actions", () => {
  test.each(WORLDS)("on %s", async (name) => {
    const trial = await runOnWorld(await freshWorld(name));
    expect(unplanned(trial)).toEqual([]);
  });
});

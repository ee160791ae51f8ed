import { describe, expect, test } from "vitest";
import { pacemakerMove } from "../../../src/builtins/pacemaker/move.ts";
import type { Past, PastAct } from "../../../src/core/builtin.ts";
import { cluster, HEALTHY, recorded, turn } from "../pacemaker-pair.ts";
import { acted, ended, LOST, printed, refused } from "../turns.ts";

/** `core` runs on `node2`. */
function there(): ReturnType<typeof printed> {
  const text = recorded("healthy");
  const [begin, end] = [text.indexOf('<group id="core"'), text.indexOf('<group id="cms"')];
  return printed(text.slice(0, begin) + text.slice(begin, end).replaceAll('name="node1"', 'name="node2"') + text.slice(end));
}

function decide(facts: Readonly<Record<string, ReturnType<typeof printed>>> = {}, past: Partial<Past> = {}, inputs: Readonly<Record<string, unknown>> = {}) {
  return turn(pacemakerMove, { group: "core", to: "node2", ...inputs }, { ...HEALTHY, ...facts }, past);
}

const MOVED: PastAct = acted("move", { fill: { from: "node1" }, result: ended(0) });
const RULE = { constraints: printed(recorded("constraints-moved")) };

test("a group that runs elsewhere is moved", () => {
  const { decision, actions } = decide();
  expect(decision).toMatchObject({ kind: "act", because: "core is started on node1", actions: [{ action: "move", fill: { from: "node1" } }] });
  expect(actions).toEqual([{ kind: "program", program: "crm_resource", args: ["--move", "--resource", "core", "--node", "node2"] }]);
});

test("one that is there already is left alone", () => {
  expect(decide({ cluster: there() }).decision).toMatchObject({ kind: "done", outputs: { groups: expect.arrayContaining([{ name: "core", kind: "group", state: "started", nodes: ["node2"], promoted: [] }]) as unknown } });
  expect(decide({}, {}, { to: "node1" }).decision.kind).toBe("done");
});

test("a group on its way is waited for", () => {
  expect(decide(RULE, { acts: [MOVED] }).decision).toEqual({ kind: "wait", because: "core is started on node1, not yet on node2", everyMs: 1_000 });
});

test("a move whose answer was lost is waited for where its rule stands, and made again where it does not", () => {
  expect(decide(RULE, { acts: [acted("move", { fill: { from: "node1" }, outcome: "lost" })] }).decision.kind).toBe("wait");
  expect(decide({}, { acts: [acted("move", { fill: { from: "node1" }, outcome: "lost" })] }).decision.kind).toBe("act");
});

test("the rule that the move left is taken away, and only then it is done", () => {
  const { decision, actions } = decide({ ...RULE, cluster: there() }, { acts: [MOVED] });
  expect(decision.kind).toBe("act");
  expect(actions).toEqual([{ kind: "program", program: "crm_resource", args: ["--clear", "--resource", "core"] }]);
  expect(decide({ cluster: there() }, { acts: [MOVED, acted("clear", { result: ended(0) })] }).decision).toMatchObject({ kind: "done", outputs: { from: "node1" } });
});

test("a rule that somebody else left is not taken away", () => {
  expect(decide({ ...RULE, cluster: there() }).decision.kind).toBe("done");
});

test("a group that does not come is given up after a while: first the rule is taken back, then the step fails", () => {
  expect(decide(RULE, { acts: [MOVED], elapsedMs: 180_000 }).decision).toMatchObject({ kind: "act", actions: [{ action: "clear" }] });
  expect(decide({}, { acts: [MOVED, acted("clear", { result: ended(0) })], elapsedMs: 180_000 }).decision).toMatchObject({ kind: "fail", code: "not_moved", because: expect.stringContaining("crm_mon -1rf") as string });
});

test("a move that the cluster refused fails with what it said", () => {
  expect(decide({}, { acts: [acted("move", { fill: { from: "node1" }, result: ended(105, "", "Resource 'core' not found") })] }).decision).toMatchObject({ kind: "fail", code: "move_refused", because: expect.stringContaining("not found") as string });
});

test("that the rule stands already is no refusal", () => {
  expect(decide(RULE, { acts: [acted("move", { fill: { from: "node1" }, result: ended(108) })] }).decision.kind).toBe("wait");
});

describe("refuses", () => {
  test.each([
    ["an unknown group, with the nearest name", {}, { group: "cor" }, "not_found", "did you mean `core`?"],
    ["a part of a group", {}, { group: "core-ip" }, "not_found", "part of the group `core`"],
    ["an unknown node", {}, { to: "node3" }, "not_found", "did you mean `node1`?"],
    ["a group that follows the leading copy", {}, { group: "cms" }, "follows_promoted", "postgres.switchover"],
    ["the clone itself", {}, { group: "db-clone" }, "follows_promoted", "postgres.switchover"],
    ["a node in standby", { cluster: cluster(['<node name="node2" id="2" online="true" standby="false"', '<node name="node2" id="2" online="true" standby="true"']) }, {}, "target_node_standby", "--delete"],
    ["a node that is down", { cluster: cluster(['<node name="node2" id="2" online="true"', '<node name="node2" id="2" online="false"']) }, {}, "target_node_down", "offline"],
    ["a cluster without quorum", { cluster: cluster(['with_quorum="true"', 'with_quorum="false"']) }, {}, "no_quorum", "no quorum"],
    ["a cluster in maintenance", { cluster: cluster(['maintenance-mode="false"', 'maintenance-mode="true"']) }, {}, "maintenance", "maintenance mode"],
    ["a group of which a part failed", { cluster: cluster(['<resource id="core-name" resource_agent="ocf:pacemaker:Dummy" role="Started" active="true" orphaned="false" blocked="false" managed="true" failed="false"', '<resource id="core-name" resource_agent="ocf:pacemaker:Dummy" role="Started" active="true" orphaned="false" blocked="false" managed="true" failed="true"']) }, {}, "move_refused", "--cleanup"],
    ["a node on which no cluster runs", { cluster: printed("", 102) }, {}, "unreachable", "systemctl start pacemaker"],
  ])("%s", (_case, facts, inputs, code, because) => {
    expect(decide(facts, {}, inputs).decision).toMatchObject({ kind: "refuse", code, because: expect.stringContaining(because) as string });
  });

  test("a rule that an earlier move left for another node, with the command that takes it away", () => {
    const rule = recorded("constraints").replace("</constraints>", '<rsc_location id="cli-prefer-core" rsc="core" role="Started" node="node1" score="INFINITY"/></constraints>');
    expect(decide({ constraints: printed(rule) }).decision).toMatchObject({ kind: "refuse", code: "rule_in_the_way", because: expect.stringContaining("crm_resource --clear --resource core") as string });
  });

  test("a ban of that node", () => {
    const rule = recorded("constraints").replace("</constraints>", '<rsc_location id="cli-ban-core-on-node2" rsc="core" role="Started" node="node2" score="-INFINITY"/></constraints>');
    expect(decide({ constraints: printed(rule) }).decision).toMatchObject({ kind: "refuse", code: "rule_in_the_way" });
  });
});

test.each([["lost", LOST, 5_000], ["refused", refused("denied", "not root"), 15_000]])("a reading that is %s refuses before the move and is made again after it, sooner where nobody answered", (_case, fact, everyMs) => {
  expect(turn(pacemakerMove, { group: "core", to: "node2" }, { ...HEALTHY, cluster: fact }).decision.kind).toBe("refuse");
  expect(turn(pacemakerMove, { group: "core", to: "node2" }, { ...HEALTHY, cluster: fact }, { acts: [MOVED] }).decision).toMatchObject({ kind: "wait", everyMs });
});

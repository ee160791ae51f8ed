import { describe, expect, test } from "vitest";
import { postgresSwitchover } from "../../../src/builtins/postgres/switchover.ts";
import type { Facts, Past } from "../../../src/core/builtin.ts";
import { cluster, HEALTHY, recorded, turn } from "../pacemaker-pair.ts";
import { acted, ended, printed, refused } from "../turns.ts";
import { DOWN, primary, standby } from "./servers.ts";

const INPUTS = { resource: "db-clone", max_lag: "16MiB", port: 5432, account: "postgres" };
const MOVED = acted("move", { fill: { from: "node1", to: "node2" }, result: ended(0) });
const RULE = { constraints: printed(recorded("constraints").replace("</constraints>", '<rsc_location id="cli-prefer-db-clone" rsc="db-clone" role="Promoted" node="node2" score="INFINITY"/></constraints>')) };
/** The scores as the agents set them once they have looked again. */
const SETTLED = [['name="master-db" value="1000"', 'name="master-db" value="new"'], ['name="master-db" value="1001"', 'name="master-db" value="1000"'], ['name="master-db" value="new"', 'name="master-db" value="1001"']] as const;
const SWAPPED = { cluster: cluster(['role="Promoted"', 'role="X"'], ['role="Unpromoted"', 'role="Promoted"'], ['role="X"', 'role="Unpromoted"'], ...SETTLED), server: primary({ standbys: [{ name: "node1", state: "streaming", behind: 0 }] }) };
const AWAY = { cluster: cluster(['role="Promoted"', 'role="Stopped"'], ['role="Unpromoted"', 'role="Promoted"']), server: primary({ standbys: [] }) };

function decide(facts: Facts = {}, past: Partial<Past> = {}, inputs: Readonly<Record<string, unknown>> = {}) {
  return turn(postgresSwitchover, { ...INPUTS, ...inputs }, { own_name: printed("node2\n"), ...HEALTHY, server: standby(), ...facts }, past);
}

test("a standby that keeps up is made the primary", () => {
  const { decision, actions } = decide();
  expect(decision).toMatchObject({ kind: "act", because: "db-clone is promoted on node1, a copy runs on node2; on node2 the server is a standby that receives, 0B behind" });
  expect(actions).toEqual([{ kind: "program", program: "crm_resource", args: ["--move", "--promoted", "--resource", "db-clone", "--node", "node2"] }]);
});

test("one that leads already is left alone", () => {
  expect(decide(SWAPPED).decision).toMatchObject({ kind: "done", outputs: { primary: "node2", standbys: ["node1"] } });
});

test("it is through when the former primary follows, and the rule of the move is gone", () => {
  expect(decide({ ...AWAY, ...RULE }, { acts: [MOVED] }).decision.kind).toBe("wait");
  const { decision, actions } = decide({ ...SWAPPED, ...RULE }, { acts: [MOVED] });
  expect(decision.kind).toBe("act");
  expect(actions).toEqual([{ kind: "program", program: "crm_resource", args: ["--clear", "--resource", "db-clone"] }]);
  expect(decide(SWAPPED, { acts: [MOVED, acted("clear", { result: ended(0) })] }).decision).toMatchObject({ kind: "done", outputs: { from: "node1", primary: "node2", standbys: ["node1"] } });
});

test("a move that nobody knows to have been heard is given again where its rule does not show", () => {
  const doubt = { ...MOVED, outcome: "in-doubt" } as const;
  expect(decide(RULE, { acts: [doubt] }).decision.kind).toBe("wait");
  expect(decide({}, { acts: [doubt] }).decision).toMatchObject({ kind: "act", actions: [{ action: "move" }] });
  expect(postgresSwitchover.actions["move"]?.settlesWithinMs).toBeLessThanOrEqual(10_000);
});

test("the rule stays while the cluster would move the lead back without it", () => {
  const early = cluster(['role="Promoted"', 'role="X"'], ['role="Unpromoted"', 'role="Promoted"'], ['role="X"', 'role="Unpromoted"']);
  expect(decide({ ...SWAPPED, cluster: early, ...RULE }, { acts: [MOVED] }).decision).toMatchObject({ kind: "wait", because: expect.stringContaining("would still rather have node1 lead") as string });
  expect(decide({ ...SWAPPED, cluster: early, ...RULE }, { acts: [MOVED], elapsedMs: 300_000 }).decision).toMatchObject({ kind: "act", actions: [{ action: "clear" }] });
});

test("the cluster's word is not enough: the server itself must say that it is the primary", () => {
  expect(decide({ ...SWAPPED, server: standby() }, { acts: [MOVED] }).decision.kind).toBe("wait");
});

test("a switchover that is not through after a while takes its rule back and fails", () => {
  expect(decide(RULE, { acts: [MOVED], elapsedMs: 300_000 }).decision).toMatchObject({ kind: "act", actions: [{ action: "clear" }] });
  expect(decide({}, { acts: [MOVED, acted("clear", { result: ended(0) })], elapsedMs: 300_000 }).decision).toMatchObject({ kind: "fail", code: "not_moved", because: expect.stringContaining("nothing was forced") as string });
});

describe("refuses", () => {
  test.each([
    ["a standby that receives from nobody", { server: standby({ receiver: null, behind: null }) }, {}, "not_in_sync"],
    ["a standby whose replay is paused", { server: standby({ paused: true }) }, {}, "not_in_sync"],
    ["a server that is down", { server: DOWN }, {}, "not_in_sync"],
    ["a server that says that it is a primary while another node leads", { server: primary() }, {}, "split"],
    ["a node in standby", { cluster: cluster(['<node name="node2" id="2" online="true" standby="false"', '<node name="node2" id="2" online="true" standby="true"']) }, {}, "target_node_standby"],
    ["a cluster without quorum", { cluster: cluster(['with_quorum="true"', 'with_quorum="false"']) }, {}, "no_quorum"],
    ["a group that is no clone", {}, { resource: "core" }, "not_promotable"],
    ["an unknown clone", {}, { resource: "pg-clone" }, "not_found"],
    ["two nodes that lead", { cluster: cluster(['role="Unpromoted"', 'role="Promoted"']) }, {}, "split"],
    ["a node that does not know its name", { own_name: printed("", 1, "crm_node: not connected") }, {}, "unreadable"],
    ["a ban of the leading role there", { constraints: printed(recorded("constraints").replace("</constraints>", '<rsc_location id="cli-ban-db-clone-on-node2" rsc="db-clone" role="Promoted" node="node2" score="-INFINITY"/></constraints>')) }, {}, "rule_in_the_way"],
    ["a reading that is denied", { server: refused("denied", "not root") }, {}, "denied"],
  ])("%s", (_case, facts, inputs, code) => {
    expect(decide(facts, {}, inputs).decision).toMatchObject({ kind: "refuse", code });
  });
});

test.each([
  ["too far behind", { server: standby({ behind: 2 ** 25 }) }, "behind"],
  ["no candidate of the cluster", { cluster: cluster(['name="master-db" value="1000"', 'name="master-db" value="-1000"']) }, "not_a_candidate"],
  ["without a score", { cluster: cluster(['name="master-db" value="1000"', 'name="other" value="1000"']) }, "not_a_candidate"],
])("a standby that is %s is waited for a minute, then refused", (_case, facts, code) => {
  expect(decide(facts, { elapsedMs: 59_000 }).decision.kind).toBe("wait");
  expect(decide(facts, { elapsedMs: 60_000 }).decision).toMatchObject({ kind: "refuse", code });
});

test("a move that the cluster refused fails with what it said", () => {
  expect(decide({}, { acts: [{ ...MOVED, result: ended(1, "", "Resource 'db-clone' is not promotable") }] }).decision).toMatchObject({ kind: "fail", code: "move_refused" });
});

describe("a promotion that the resource agent refuses after the demotion", () => {
  const FAILED = { cluster: printed(recorded("promotion-failed")) };
  const NOBODY = { cluster: printed(recorded("promotion-failed").replaceAll('role="Promoted"', 'role="Unpromoted"')) };
  const past = { acts: [{ ...MOVED, fill: { ...MOVED.fill, failed: "" } }] };
  test("has its rule taken back before the cluster tries again by itself", () => {
    expect(decide({ ...NOBODY, ...RULE }, past).decision).toMatchObject({ kind: "act", actions: [{ action: "clear" }] });
  });

  test("fails once somebody leads again, with the agent's words and what to do", () => {
    expect(decide(NOBODY, past).decision.kind).toBe("wait");
    // The cluster may still call the copy that failed the leading one.
    expect(decide({ cluster: printed(recorded("promotion-failed").replaceAll('role="Promoted"', 'role="X"').replaceAll('role="Unpromoted"', 'role="Promoted"').replaceAll('role="X"', 'role="Unpromoted"')) }, past).decision.kind).toBe("wait");
    expect(decide(FAILED, past).decision).toMatchObject({ kind: "fail", code: "promotion_refused", because: expect.stringMatching(/Switchover has been canceled from pre-promote action.*crm_resource --cleanup/) as string });
  });

  test("is no reason against another try, and is not taken for that one's failure", () => {
    const again = decide(FAILED).decision;
    expect(again).toMatchObject({ kind: "act", actions: [{ action: "move", fill: { failed: "2026-11-30 18:51:26Z" } }] });
    expect(decide({ ...FAILED, ...RULE }, { acts: [{ ...MOVED, fill: { ...MOVED.fill, failed: "2026-11-30 18:51:26Z" } }] }).decision.kind).toBe("wait");
  });
});

import { expect, test } from "vitest";
import { pacemakerNode } from "../../../src/builtins/pacemaker/node.ts";
import { cluster, HEALTHY, recorded, turn } from "../pacemaker-pair.ts";
import { acted, ended, printed } from "../turns.ts";

const STANDBY = { cluster: printed(recorded("standby")) };
const ON_ITS_WAY = { cluster: cluster(['<node name="node2" id="2" online="true" standby="false"', '<node name="node2" id="2" online="true" standby="true"']) };

test("a node that only follows is put into standby, and waited for until nothing runs there", () => {
  const inputs = { node: "node2", state: "standby" };
  const { decision, actions } = turn(pacemakerNode, inputs, HEALTHY);
  expect(decision).toMatchObject({ kind: "act", because: "node2 is online and runs db-clone" });
  expect(actions).toEqual([{ kind: "program", program: "crm_attribute", args: ["--node", "node2", "--name", "standby", "--update", "on", "--lifetime", "forever"] }]);
  const acts = [acted("standby", { result: ended(0) })];
  expect(turn(pacemakerNode, inputs, HEALTHY, { acts }).decision.kind).toBe("wait");
  expect(turn(pacemakerNode, inputs, ON_ITS_WAY, { acts }).decision).toMatchObject({ kind: "wait", because: "node2 is standby and runs db-clone" });
  expect(turn(pacemakerNode, inputs, STANDBY, { acts }).decision).toMatchObject({ kind: "done", outputs: { state: "standby" } });
});

test("a node in standby is brought back", () => {
  const { decision, actions } = turn(pacemakerNode, { node: "node2", state: "online" }, STANDBY);
  expect(decision.kind).toBe("act");
  expect(actions[0]).toMatchObject({ args: ["--node", "node2", "--name", "standby", "--delete", "--lifetime", "forever"] });
  expect(turn(pacemakerNode, { node: "node2", state: "online" }, HEALTHY).decision).toMatchObject({ kind: "done", outputs: { state: "online" } });
});

test.each([
  ["the node that leads", "node1", HEALTHY, "is_promoted"],
  ["the last node that is online", "node1", STANDBY, "no_other_node"],
  ["a node without a quorum", "node2", { cluster: cluster(['with_quorum="true"', 'with_quorum="false"']) }, "no_quorum"],
  ["a node that is away", "node2", { cluster: cluster(['<node name="node2" id="2" online="true"', '<node name="node2" id="2" online="false"']) }, "node_down"],
  ["an unknown node", "node9", HEALTHY, "not_found"],
])("%s is not put into standby", (_case, node, facts, code) => {
  expect(turn(pacemakerNode, { node, state: "standby" }, facts).decision).toMatchObject({ kind: "refuse", code });
});

test("an order that the cluster refused fails with what it said", () => {
  expect(turn(pacemakerNode, { node: "node2", state: "standby" }, HEALTHY, { acts: [acted("standby", { result: ended(4, "", "Permission denied") })] }).decision).toMatchObject({ kind: "fail", code: "node_refused", because: "`crm_attribute` ended with 4: Permission denied" });
});

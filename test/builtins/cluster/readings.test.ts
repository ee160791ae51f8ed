import { describe, expect, test } from "vitest";
import { clusterGroups } from "../../../src/builtins/cluster/groups.ts";
import { clusterNodes } from "../../../src/builtins/cluster/nodes.ts";
import { clusterQuorum } from "../../../src/builtins/cluster/quorum.ts";
import { GARBLED, groupTable, LOST, nodeTable, PAIR, printed, resourcesOfPair, turn } from "../exchange/ccr-pair.ts";

test("groups come with owner and state, and their owners in order", () => {
  expect(turn(clusterGroups, {}, PAIR).decision).toEqual({
    kind: "done",
    outputs: {
      groups: [{ name: "Cluster Group", owner: "NODEA", state: "Online" }, { name: "Available Storage", owner: "NODEA", state: "Offline" }, { name: "EXCLUS1", owner: "NODEA", state: "Online" }],
      owners: ["NODEA"],
      troubled: [],
    },
    because: "Cluster Group is Online on NODEA, Available Storage is Offline on NODEA, EXCLUS1 is Online on NODEA",
  });
});

test("a group that is Failed or Partially Online is named, one that is Offline is not", () => {
  const rows = ["Cluster Group        NODEA           Partially Online", "Available Storage    NODEB           Offline", "Print                NODEB           Failed"];
  expect(turn(clusterGroups, {}, { ...PAIR, "cluster.exe group /status": groupTable(...rows) }).decision).toMatchObject({ outputs: { troubled: ["Cluster Group is Partially Online on NODEA", "Print is Failed on NODEB"] } });
});

test.each([
  ["both Up", ["NODEA                1 Up", "NODEB                2 Up"], true, [], []],
  ["one paused", ["NODEA                1 Up", "NODEB                2 Paused"], false, ["NODEB"], ["NODEB is Paused"]],
  ["one joining", ["NODEA                1 Up", "NODEB                2 Joining"], false, [], ["NODEB is Joining"]],
])("nodes: %s", (_case, rows, allUp, paused, notUp) => {
  expect(turn(clusterNodes, {}, { ...PAIR, "cluster.exe node /status": nodeTable(...rows) }).decision).toMatchObject({ kind: "done", outputs: { all_up: allUp, paused, not_up: notUp } });
});

test.each([
  ["everything is there", {}, { votes: 3, of: 3, witness_online: true }],
  ["the witness failed", { "cluster.exe res /status": resourcesOfPair("Failed") }, { votes: 2, of: 3, witness_online: false }],
  ["a node is down", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Down") }, { votes: 2, of: 3, witness_online: true }],
])("quorum: %s", (_case, changes, outputs) => {
  expect(turn(clusterQuorum, {}, { ...PAIR, ...changes }).decision).toMatchObject({ kind: "done", outputs });
});

describe.each([["cluster.groups", clusterGroups, "cluster.exe group /status"], ["cluster.nodes", clusterNodes, "cluster.exe node /status"], ["cluster.quorum", clusterQuorum, "cluster.exe res /status"]] as const)("%s", (_name, builtin, command) => {
  test.each(Object.entries(GARBLED))("refuses %s as unreadable", (_case, fact) => {
    expect(turn(builtin, {}, { ...PAIR, [command]: fact }).decision).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
  test("refuses a stopped Cluster service as unreachable", () => {
    const decision = turn(builtin, {}, { ...PAIR, [command]: printed("", 1753, "System error 1753 has occurred (0x000006d9).") }).decision;
    expect(decision).toMatchObject({ kind: "refuse", code: "unreachable", because: expect.stringContaining("the Cluster service is not running on this node") as string });
  });
  test("refuses a lost answer as unreachable", () => {
    expect(turn(builtin, {}, { ...PAIR, [command]: LOST }).decision).toEqual({ kind: "refuse", code: "unreachable", because: "the channel broke" });
  });
});

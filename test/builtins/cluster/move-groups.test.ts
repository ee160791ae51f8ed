import { describe, expect, test } from "vitest";
import { clusterMoveGroups } from "../../../src/builtins/cluster/move-groups.ts";
import type { Fact, PastAct } from "../../../src/core/builtin.ts";
import { act, failed, GARBLED, groupTable, nodeTable, PAIR, past, printed, turn } from "../exchange/ccr-pair.ts";

const GROUPS = "cluster.exe group /status";
const CORE_A = "Cluster Group        NODEA           Online";
const CORE_B = "Cluster Group        NODEB           Online";
const STORAGE_A = "Available Storage    NODEA           Offline";
const STORAGE_B = "Available Storage    NODEB           Offline";
const CMS_A = "EXCLUS1              NODEA           Online";

function moved(group: string, exitCode: number, changes: Partial<PastAct> = {}): PastAct {
  return act("move", "ok", { fill: { group, state: "Online" }, result: { exitCode, stdout: "", stderr: "", droppedBytes: 0 }, ...changes });
}

function decide(rows: readonly string[], acts: readonly PastAct[] = [], changes: Readonly<Record<string, Fact>> = {}, inputs: Readonly<Record<string, unknown>> = {}) {
  return turn(clusterMoveGroups, { to: "NODEB", ...inputs }, { ...PAIR, [GROUPS]: groupTable(...rows), ...changes }, past({ acts }));
}

test("every group moves but the mailbox server's own", () => {
  const { decision, actions } = decide([CORE_A, STORAGE_A, CMS_A]);
  expect(decision).toMatchObject({ kind: "act", because: "NODEA owns Cluster Group, NODEA owns Available Storage" });
  expect(actions).toEqual(["Cluster Group", "Available Storage"].map((group) => ({ kind: "program", program: "cluster.exe", args: ["group", group, "/moveto:NODEB", "/wait:60"] })));
});

test("a group in `except` stays, in whatever case it is written", () => {
  expect(decide([CORE_A, STORAGE_A, CMS_A], [], {}, { except: ["cluster group"] }).actions).toHaveLength(1);
});

test("the state before the move is kept with its intent", () => {
  expect(decide([STORAGE_A, CMS_A, CORE_B]).decision).toMatchObject({ kind: "act", actions: [{ action: "move", fill: { group: "Available Storage", state: "Offline" } }] });
});

describe("done", () => {
  test("when the target owns everything and nothing was tried", () => {
    expect(decide([CORE_B, STORAGE_B, CMS_A]).decision).toMatchObject({ kind: "done", outputs: { moved: [], left: ["EXCLUS1"] }, because: "NODEB owns Cluster Group, Available Storage; left alone: EXCLUS1" });
  });
  test("when the moved groups are in their states again", () => {
    const acts = [moved("Cluster Group", 0), moved("Available Storage", 0, { fill: { group: "Available Storage", state: "Offline" } })];
    expect(decide([CORE_B, STORAGE_B, CMS_A], acts).decision).toMatchObject({ kind: "done", outputs: { moved: ["Cluster Group", "Available Storage"] } });
  });
  test("when a group that failed to answer has moved nevertheless", () => {
    expect(decide([CORE_B, STORAGE_B, CMS_A], [moved("Cluster Group", 1722)]).decision).toMatchObject({ kind: "done", outputs: { moved: ["Cluster Group"] } });
  });
});

test.each([
  ["it is pending", "Cluster Group        NODEB           Pending", 0],
  ["it is only partially online", "Cluster Group        NODEB           Partially Online", 0],
  ["it failed on its target", "Cluster Group        NODEB           Failed", 0],
  ["it is still pending on its source after the wait ended", "Cluster Group        NODEA           Pending", 258],
])("a moved group is waited for while %s", (_case, row, exitCode) => {
  expect(decide([row, STORAGE_B, CMS_A], [moved("Cluster Group", exitCode)]).decision).toMatchObject({ kind: "wait", because: expect.stringContaining("it was Online before the move") as string });
});

test("a group that is pending by itself is not moved now", () => {
  expect(decide(["Cluster Group        NODEA           Pending", STORAGE_A, CMS_A]).decision).toMatchObject({ kind: "wait", because: expect.stringMatching(/^Cluster Group is Pending on NODEA\. `cluster\.exe group` shows it\./) as string });
});

test.each([[258], [997]])("exit code %i is no failure: the same move is asked for again", (exitCode) => {
  expect(decide([CORE_A, STORAGE_B, CMS_A], [moved("Cluster Group", exitCode)]).decision).toMatchObject({ kind: "act", actions: [{ fill: { group: "Cluster Group" } }] });
});

test.each([["lost"], ["in-doubt"]] as const)("a move whose outcome is %s is asked for again where the owner has not changed", (outcome) => {
  expect(decide([CORE_A, STORAGE_B, CMS_A], [act("move", outcome, { fill: { group: "Cluster Group", state: "Online" } })]).decision.kind).toBe("act");
});

test.each([
  [0, "group_returned"], [5, "denied"], [5012, "move_refused"], [5050, "target_node_down"], [5070, "target_node_paused"], [5013, "not_found"], [1, "move_refused"],
])("a move that ended with %i and left the group where it was fails as %s", (exitCode, code) => {
  expect(decide([CORE_A, STORAGE_B, CMS_A], [moved("Cluster Group", exitCode)]).decision).toMatchObject({ kind: "fail", code, because: expect.stringContaining("Cluster Group") as string });
});

test("a program that cannot be run ends the step with its failure", () => {
  const acts = [act("move", "failed", { fill: { group: "Cluster Group", state: "Online" }, failure: { code: "denied", because: "Access is denied." } })];
  expect(decide([CORE_A, STORAGE_B, CMS_A], acts).decision).toEqual({ kind: "fail", code: "denied", because: "Access is denied." });
});

test("a failure of an earlier attempt does not end this one", () => {
  const decision = turn(clusterMoveGroups, { to: "NODEB" }, { ...PAIR }, past({ attempt: 2, acts: [moved("Cluster Group", 5)] })).decision;
  expect(decision.kind).toBe("act");
});

test.each([
  ["Paused", "target_node_paused"], ["Down", "target_node_down"], ["Joining", "target_node_down"],
])("a target node that is %s is refused", (state, code) => {
  expect(decide([CORE_A, STORAGE_A, CMS_A], [], { "cluster.exe node /status": nodeTable("NODEA 1 Up", `NODEB 2 ${state}`) }).decision).toMatchObject({ kind: "refuse", code });
});

test("a paused node that owns everything already is fine", () => {
  expect(decide([CORE_B, STORAGE_B, CMS_A], [], { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Paused") }).decision.kind).toBe("done");
});

test("an unknown node and an unknown group are refused with the nearest name", () => {
  expect(decide([CORE_A, STORAGE_A, CMS_A], [], {}, { to: "NODEC" }).decision).toMatchObject({ kind: "refuse", code: "not_found", because: "NODEC is no node of this cluster; did you mean `NODEA`?" });
  expect(decide([CORE_A, STORAGE_A, CMS_A], [], {}, { except: ["Cluster Grop"] }).decision).toMatchObject({ kind: "refuse", code: "not_found", because: "`except` names the group `Cluster Grop`, which is not there; did you mean `Cluster Group`?" });
});

describe.each([[GROUPS], ["cluster.exe node /status"], ["cluster.exe res /status"]])("%s", (command) => {
  test.each(Object.entries(GARBLED))("with %s is refused as unreadable", (_case, fact) => {
    expect(decide([CORE_A, STORAGE_A, CMS_A], [], { [command]: fact }).decision).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
  test("that is not answered after a move is waited for", () => {
    expect(decide([CORE_A, STORAGE_A, CMS_A], [moved("Cluster Group", 0)], { [command]: failed("unreachable", "no answer") }).decision).toMatchObject({ kind: "wait", because: "nothing can be told now: no answer" });
  });
  test("that fails before a move is refused", () => {
    expect(decide([CORE_A], [], { [command]: printed("", 5) }).decision).toMatchObject({ kind: "refuse", code: "denied" });
  });
});

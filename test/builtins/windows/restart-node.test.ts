import { expect, test } from "vitest";
import { windowsRestartNode } from "../../../src/builtins/windows/restart-node.ts";
import type { Fact, Past } from "../../../src/core/builtin.ts";
import { acted, ended, LOST, pastOf, PLACE, printed, read, records } from "../turns.ts";
import { groups, NODES, system } from "./a-node.ts";

const BEFORE = "2008-03-01T00:00:00.000Z";
const AFTER = "2008-03-15T09:05:00.000Z";
const NODE: Readonly<Record<string, Fact>> = {
  system: system(BEFORE),
  nodes: NODES,
  groups: groups(["Cluster Group", "NODEA"], ["EXCLUS1", "NODEA"]),
  jobs: read({ jobs: [] }),
  processes: records(),
};
const told = acted("restart", { fill: { last_start: BEFORE }, result: ended(0) });
const lost = acted("restart", { fill: { last_start: BEFORE }, outcome: "lost" });
const installer = { name: "j1", state: "running", program: "msiexec.exe", args: [], startedAt: AFTER, logBytes: 0, logTail: "" } as const;

test.each<[string, Readonly<Record<string, Fact>>, Partial<Past>, object]>([
  ["a node that owns nothing is restarted", {}, {}, { kind: "act", actions: [{ action: "restart", fill: { last_start: BEFORE } }] }],
  ["one that owns a group is not", { groups: groups(["Cluster Group", "NODEB"], ["EXCLUS1", "NODEA"]) }, {}, { kind: "refuse", code: "owns_groups", because: "NODEB owns Cluster Group; move the groups to another node first, with cluster.move_groups" }],
  ["one on which an installation runs is not", { jobs: read({ jobs: [installer] }) }, {}, { kind: "refuse", code: "installer_running" }],
  ["one on which somebody installs something by hand is not", { processes: records({ ProcessId: 4, CommandLine: "C:\\Windows\\system32\\msiexec.exe /V" }, { ProcessId: 8, CommandLine: "msiexec.exe /i D:\\other.msi" }) }, {}, { kind: "refuse", code: "installer_running", because: expect.stringContaining("msiexec.exe /i D:\\other.msi") }],
  ["one whose Windows Installer service lingers is", { processes: records({ ProcessId: 4, CommandLine: "C:\\Windows\\system32\\msiexec.exe /V" }) }, {}, { kind: "act" }],
  ["one whose Cluster service is stopped owns nothing", { nodes: printed("", 1753, "System error 1753 has occurred (0x000006d9)."), groups: printed("", 1753) }, {}, { kind: "act" }],
  ["groups that cannot be read are no permission", { groups: printed("?") }, {}, { kind: "refuse", code: "unreadable" }],
  ["a node that does not answer is refused at first", { system: LOST }, {}, { kind: "refuse", code: "unreachable" }],
  ["a node that is away afterwards is waited for", { system: LOST, nodes: LOST, groups: LOST, jobs: LOST }, { acts: [told] }, { kind: "wait", because: expect.stringContaining("away") }],
  ["a node that is still up afterwards is waited for", {}, { acts: [told] }, { kind: "wait", because: expect.stringContaining("has not been restarted yet") }],
  ["a newer start is the end of it", { system: system(AFTER) }, { acts: [told] }, { kind: "done", outputs: { booted_at: AFTER } }],
  ["it is done although the cluster does not answer yet", { system: system(AFTER), nodes: LOST, groups: LOST }, { acts: [told] }, { kind: "done" }],
  ["a start time that drifts with the clock is not newer", { system: system("2008-03-01T00:00:09.000Z") }, { acts: [told] }, { kind: "wait" }],
  ["a lost order that was carried out is done", { system: system(AFTER) }, { acts: [lost] }, { kind: "done" }],
  ["a lost order that is not seen is given again", {}, { acts: [lost] }, { kind: "act" }],
  ["a lost order is not given again to a node that owns groups now", { groups: groups(["Cluster Group", "NODEB"]) }, { acts: [lost] }, { kind: "fail", code: "owns_groups" }],
  ["without the start before, the time of the order counts", { system: system(AFTER) }, { acts: [acted("restart", { result: ended(0), startedMs: Date.parse("2008-03-15T09:00:00Z") })] }, { kind: "done" }],
  ["what Windows refuses has failed", {}, { acts: [acted("restart", { fill: { last_start: BEFORE }, result: ended(1115, "", "A system shutdown is in progress.(1115)\r\n") })] }, { kind: "fail", code: "restart_refused", because: expect.stringContaining("1115") }],
  ["a restart of an earlier attempt is not repeated", { system: system(AFTER) }, { attempt: 2, acts: [told] }, { kind: "done" }],
])("%s", (_title, changes, past, decision) => {
  expect(windowsRestartNode.decide({ comment: "because" }, { ...NODE, ...changes }, pastOf(past), PLACE)).toMatchObject(decision);
});

test.each<[string, Readonly<Record<string, Fact>>, Partial<Past>, readonly string[]]>([
  ["first for its last start", {}, {}, ["system"]],
  ["then for what could stand against a restart", { system: system(BEFORE) }, {}, ["system", "nodes", "groups", "jobs", "processes"]],
  ["for no more while it is away", { system: LOST }, { acts: [told] }, ["system"]],
  ["for no more while it is about to go", { system: system(BEFORE) }, { acts: [told] }, ["system"]],
  ["for no more when it is back", { system: system(AFTER) }, { acts: [lost] }, ["system"]],
  ["again for all before a second order", { system: system(BEFORE) }, { acts: [lost] }, ["system", "nodes", "groups", "jobs", "processes"]],
])("the node is asked %s", (_title, facts, past, readings) => {
  expect(Object.keys(windowsRestartNode.look({ comment: "because" }, facts, pastOf(past)))).toEqual(readings);
});

test("Windows is told that it is planned, and why", () => {
  expect(windowsRestartNode.actions["restart"]?.make({ comment: "update rollup" }, {})).toEqual({ kind: "program", program: "shutdown.exe", args: ["/r", "/t", "0", "/d", "p:4:17", "/c", "update rollup"] });
});

import { describe, expect, test } from "vitest";
import { parseCrmMon } from "../../src/formats/pacemaker-cluster.ts";
import { parseConstraints } from "../../src/formats/pacemaker-constraints.ts";
import { parseXml } from "../../src/formats/xml.ts";
import { recorded } from "../builtins/pacemaker-pair.ts";
import { ended } from "../builtins/turns.ts";

function parsed(text: string) {
  const reading = parseCrmMon(ended(0, text));
  if (reading.kind === "error") throw new Error(reading.error.because);
  return reading.value;
}

test("a healthy pair is read as it stands", () => {
  const { quorate, maintenance, nodes, units, bans } = parsed(recorded("healthy"));
  expect({ quorate, maintenance }).toEqual({ quorate: true, maintenance: false });
  expect(nodes.map(({ name, state }) => [name, state])).toEqual([["node1", "online"], ["node2", "online"]]);
  expect(nodes[1]?.attributes).toEqual({ "master-db": "1000" });
  expect(units.map(({ id, kind, promotable, fencing }) => [id, kind, promotable, fencing])).toEqual([
    ["db-clone", "clone", true, false], ["core", "group", false, false], ["cms", "group", false, false], ["fence-node1", "resource", false, true], ["fence-node2", "resource", false, true],
  ]);
  expect(units[0]?.instances.map(({ role, node }) => [role, node])).toEqual([["Unpromoted", "node2"], ["Promoted", "node1"]]);
  expect(bans.map(({ id }) => id)).toEqual(["fl-node2", "fl-node1"]);
});

test("what failed is told with the agent's words", () => {
  expect(parsed(recorded("promotion-failed")).failures).toEqual([{ resource: "db", task: "promote", node: "node2", at: "2026-11-30 18:51:26Z", because: "Switchover has been canceled from pre-promote action" }]);
  expect(parsed(recorded("promotion-failed").replace("db_promote_0", "db:1_promote_0")).failures[0]?.resource).toBe("db");
  expect(parsed(recorded("healthy")).failures).toEqual([]);
});

test("the words of older clusters are read as those of newer ones", () => {
  const roles = parsed(recorded("healthy").replace('role="Promoted"', 'role="Master"').replace('role="Unpromoted"', 'role="Slave"')).units[0]?.instances.map(({ role }) => role);
  expect(roles).toEqual(["Unpromoted", "Promoted"]);
});

test.each([
  ['online="true"', 'online="false"', "offline"], ['unclean="false"', 'unclean="true"', "unclean"], ['pending="false"', 'pending="true"', "pending"],
  ['standby="false"', 'standby="true"', "standby"], [' maintenance="false"', ' maintenance="true"', "maintenance"], ['shutdown="false"', 'shutdown="true"', "shutting down"],
])("a node with %s made %s is %s", (from, to, state) => {
  expect(parsed(recorded("healthy").replace(from, to)).nodes[0]?.state).toBe(state);
});

test("a node on which no cluster runs is unreachable, with the cure", () => {
  expect(parseCrmMon(ended(102, '<pacemaker-result><status code="102"/></pacemaker-result>'))).toMatchObject({ kind: "error", error: { code: "unreachable", because: expect.stringContaining("systemctl start pacemaker") as string } });
});

test.each([["nothing", ""], ["no XML", "Cluster Summary:"], ["half of it", recorded("healthy").slice(0, 2_000)], ["another document", "<cib/>"], ["a document with entities", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>']])("%s is unreadable", (_case, text) => {
  expect(parseCrmMon(ended(0, text))).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});

test("the rule that a move leaves behind is known as such", () => {
  const reading = parseConstraints(ended(0, recorded("constraints-moved")));
  expect(reading).toMatchObject({ kind: "ok", value: { colocations: [{ resource: "cms", with: "db-clone", withRole: "Promoted" }] } });
  expect(reading.kind === "ok" && reading.value.locations.filter(({ byMove }) => byMove)).toEqual([{ id: "cli-prefer-core", resource: "core", node: "node2", score: "INFINITY", role: "Started", byMove: true }]);
});

test("a configuration without rules has none", () => {
  expect(parseConstraints(ended(0, "<cib><configuration/></cib>"))).toMatchObject({ kind: "error", error: { code: "unreadable", because: expect.stringContaining("it answers with `cib`") } });
  expect(parseConstraints(ended(105, "", "No such device or address"))).toEqual({ kind: "ok", value: { locations: [], colocations: [] } });
});

describe("XML", () => {
  test("that is none is told by what came", () => {
    expect(parseXml("WARNING: the option is deprecated\n")).toEqual({ kind: "error", error: "it is no XML: WARNING: the option is deprecated" });
    expect(parseXml("")).toEqual({ kind: "error", error: "it is no XML: (nothing)" });
  });

  test("deeper than anything sane is refused", () => {
    expect(parseXml(`${"<a>".repeat(100)}${"</a>".repeat(100)}`)).toEqual({ kind: "error", error: "it is too deep or too long" });
  });
});

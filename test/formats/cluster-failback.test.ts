import { describe, expect, test } from "vitest";
import type { ProgramResult } from "../../src/core/action.ts";
import { groupOwners, groupProperties, parseFailbackType, parsePreferredOwners } from "../../src/formats/cluster-failback.ts";
import type { ClusterNode } from "../../src/formats/cluster-exe.ts";

const NODES: readonly ClusterNode[] = [{ name: "NODEA", state: "Up" }, { name: "NODEB", state: "Up" }];
const printed = (stdout: string, exitCode = 0, droppedBytes = 0): ProgramResult => ({ exitCode, stdout, stderr: "", droppedBytes });
const property = (value: string): ProgramResult => printed(`Listing properties for 'EXCLUS1':\r\n\r\nT  Resource Group       Name                           Value\r\n-- -------------------- ------------------------------ -----------------------\r\nSR EXCLUS1              Name                           EXCLUS1\r\nD  EXCLUS1              AutoFailbackType               ${value}\r\nD  EXCLUS1              FailbackWindowStart            4294967295 (0xffffffff)\r\n`);
const owners = (...rows: readonly string[]): ProgramResult => printed(`Listing preferred owners for resource group 'EXCLUS1':\r\n\r\nPreferred Owner Nodes\r\n---------------------\r\n${rows.map((row) => `${row}\r\n`).join("")}\r\n`);

test("a group's properties and preferred nodes are asked for by its name", () => {
  expect([groupProperties("Cluster Group").args, groupOwners("EXCLUS1").args]).toEqual([["group", "Cluster Group", "/prop"], ["group", "EXCLUS1", "/listowners"]]);
});

test.each([["0 (0x0)", false], ["1 (0x1)", true], ["1", true]])("AutoFailbackType %s is read", (value, back) => {
  expect(parseFailbackType("EXCLUS1", property(value))).toEqual({ kind: "ok", value: back });
});

test("a property's name is understood in an answer in another language", () => {
  expect(parseFailbackType("EXCLUS1", printed("プロパティの一覧 'EXCLUS1':\r\n\r\nD  EXCLUS1              AutoFailbackType               1 (0x1)\r\n"))).toEqual({ kind: "ok", value: true });
});

test.each([[["NODEB", "NODEA"]], [["nodea"]], [[]]])("the preferred nodes %j are read, the first first", (rows) => {
  expect(parsePreferredOwners("EXCLUS1", owners(...rows), NODES)).toEqual({ kind: "ok", value: rows.map((row) => row.toUpperCase()) });
});

describe("an answer is unreadable", () => {
  test.each<[string, ProgramResult]>([
    ["without the property", printed("Listing properties for 'EXCLUS1':\r\n")],
    ["with a value that is no number", property("on")],
    ["of which bytes were dropped", { ...property("0 (0x0)"), droppedBytes: 9 }],
    ["with an error that no reading may have", printed("System error 31 has occurred (0x0000001f).", 31)],
  ])("%s", (_case, answer) => {
    expect(parseFailbackType("EXCLUS1", answer)).toMatchObject({ kind: "error", error: { code: "unreadable", because: expect.stringContaining("cluster.exe group EXCLUS1 /prop") as string } });
  });

  test.each<[string, ProgramResult]>([
    ["without a line of dashes", printed("Listing preferred owners\r\nNODEA\r\n")],
    ["with a node that is not there", owners("NODEA", "NODEC")],
    ["of which bytes were dropped", { ...owners("NODEA"), droppedBytes: 9 }],
  ])("%s among the preferred nodes", (_case, answer) => {
    expect(parsePreferredOwners("Cluster Group", answer, NODES)).toMatchObject({ kind: "error", error: { code: "unreadable", because: expect.stringContaining('cluster.exe group "Cluster Group" /listowners') as string } });
  });
});

test.each([[5, "denied"], [1753, "unreachable"], [5013, "not_found"]])("error %i is the failure %s", (exitCode, code) => {
  expect(parseFailbackType("EXCLUS1", printed("", exitCode))).toMatchObject({ kind: "error", error: { code } });
  expect(parsePreferredOwners("EXCLUS1", printed("", exitCode), NODES)).toMatchObject({ kind: "error", error: { code } });
});

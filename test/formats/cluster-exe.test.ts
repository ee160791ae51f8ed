import { describe, expect, test } from "vitest";
import type { ProgramResult } from "../../src/core/action.ts";
import { parseGroupTable, parseNodeTable, parseResourceTable, type ClusterGroup, type ClusterNode } from "../../src/formats/cluster-exe.ts";

const NODES: readonly ClusterNode[] = [{ name: "NODEA", state: "Up" }, { name: "NODEB", state: "Up" }, { name: "B", state: "Up" }];
const GROUPS: readonly ClusterGroup[] = ["Cluster Group", "Group", "EXCLUS1"].map((name) => ({ name, owner: "NODEA", state: "Online" }));

function table(...rows: readonly string[]): ProgramResult {
  return { exitCode: 0, stdout: `Heading:\r\n\r\nA    B   C\r\n---- --- ---\r\n${rows.join("\r\n")}\r\n\r\n`, stderr: "", droppedBytes: 0 };
}

describe("a row of the group table", () => {
  test.each([
    ["fits its columns", "Cluster Group        NODEB           Online", { name: "Cluster Group", owner: "NODEB", state: "Online" }],
    ["has a state of two words", "EXCLUS1              NODEA           Partially Online", { name: "EXCLUS1", owner: "NODEA", state: "Partially Online" }],
    ["is pushed out of its columns by its name", "A group with a very long name NODEA Failed", { name: "A group with a very long name", owner: "NODEA", state: "Failed" }],
    ["has a name that ends like a node", "Backup of NODEB      NODEA           Offline", { name: "Backup of NODEB", owner: "NODEA", state: "Offline" }],
    ["has a name that ends like a state", "Is Online            NODEA           Offline Pending", { name: "Is Online", owner: "NODEA", state: "Pending" }],
    ["has a node in lower case", "Cluster Group        nodeb           Online", { name: "Cluster Group", owner: "NODEB", state: "Online" }],
    ["has a node whose name ends another's", "Cluster Group        B               Pending", { name: "Cluster Group", owner: "B", state: "Pending" }],
  ])("is read when it %s", (_case, row, group) => {
    expect(parseGroupTable(table(row), NODES)).toEqual({ kind: "ok", value: [group] });
  });

  test.each([
    ["names an unknown node", "Cluster Group        NODEC           Online"],
    ["has an unknown state", "Cluster Group        NODEA           Onlin"],
    ["has no name", "                     NODEA           Online"],
    ["is in another language", "クラスタ グループ    NODEA           オンライン"],
  ])("makes the table unreadable when it %s", (_case, row) => {
    const parsed = parseGroupTable(table("EXCLUS1              NODEA           Online", row), NODES);
    expect(parsed).toMatchObject({ kind: "error", error: { code: "unreadable" } });
  });
});

test("nodes are read with their numbers left out and their names in upper case", () => {
  expect(parseNodeTable(table("nodea                1 Up", "NODEB               12 Paused"))).toEqual({ kind: "ok", value: [{ name: "NODEA", state: "Up" }, { name: "NODEB", state: "Paused" }] });
});

test.each([["NODEA Up"], ["NODEA 1 Sleeping"], ["NODE A 1 Up"]])("the node row `%s` is unreadable", (row) => {
  expect(parseNodeTable(table(row))).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});

test("a resource is read with the longest known group before its node", () => {
  const parsed = parseResourceTable(table("Cluster Name         Cluster Group        NODEA           Online", "Network Name (EXCLUS1) EXCLUS1 NODEB Online Pending"), NODES, GROUPS);
  expect(parsed).toEqual({
    kind: "ok",
    value: [{ name: "Cluster Name", group: "Cluster Group", owner: "NODEA", state: "Online" }, { name: "Network Name (EXCLUS1)", group: "EXCLUS1", owner: "NODEB", state: "Pending" }],
  });
});

test.each([
  [5, "denied"], [1753, "unreachable"], [5925, "unreachable"], [5013, "not_found"], [258, "unreadable"], [31, "unreadable"],
])("exit code %i of a reading is the failure %s", (exitCode, code) => {
  const parsed = parseNodeTable({ exitCode, stdout: "", stderr: `System error ${exitCode} has occurred`, droppedBytes: 0 });
  expect(parsed).toMatchObject({ kind: "error", error: { code } });
});

test.each([
  ["no table", "Listing status"],
  ["a table without rows", "A B\r\n--- ---\r\n\r\n"],
  ["nothing", ""],
])("an answer with %s is unreadable", (_case, stdout) => {
  expect(parseNodeTable({ exitCode: 0, stdout, stderr: "", droppedBytes: 0 })).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});

test("a table of which bytes were dropped is unreadable, although its rows are good", () => {
  expect(parseNodeTable({ ...table("NODEA 1 Up"), droppedBytes: 1 })).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});

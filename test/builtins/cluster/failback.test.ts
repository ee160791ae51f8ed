import { describe, expect, test } from "vitest";
import type { Fact } from "../../../src/core/builtin.ts";
import { clusterFailback } from "../../../src/builtins/cluster/failback.ts";
import { GARBLED, LOST, PAIR, printed, resourceTable, turn } from "../exchange/ccr-pair.ts";

const PROPERTIES = "cluster.exe group EXCLUS1 /prop";
const OWNERS = "cluster.exe group EXCLUS1 /listowners";
const policy = (type: number, ...owners: readonly string[]): Readonly<Record<string, Fact>> => ({
  [PROPERTIES]: printed(`D  EXCLUS1              AutoFailbackType               ${type} (0x${type})\r\n`),
  [OWNERS]: printed(`Preferred Owner Nodes\r\n---------------------\r\n${owners.join("\r\n")}\r\n`),
});

describe("the group of the mailbox server", () => {
  test.each([
    ["goes back to the first node that it prefers", policy(1, "nodea", "NODEB"), ["EXCLUS1 to NODEA"], "the cluster takes EXCLUS1 back to NODEA when that joins"],
    ["stays where no node is preferred", policy(1), [], "the cluster leaves EXCLUS1 where it is"],
    ["stays where failback is prevented", policy(0, "NODEA"), [], "the cluster leaves EXCLUS1 where it is"],
  ])("%s", (_case, answers, returning, because) => {
    const { decision } = turn(clusterFailback, {}, { ...PAIR, ...answers });
    expect(decision).toMatchObject({ kind: "done", because, outputs: { returning, groups: [{ name: "EXCLUS1", failback: returning.length > 0 }], shown_by: ['cluster.exe group "EXCLUS1" /prop'] } });
    expect(decision).toMatchObject({ outputs: { cured_by: returning.map(() => 'cluster.exe group "EXCLUS1" /prop AutoFailbackType=0') } });
  });

  test("is told by its resources; where no group has such, none is taken for it", () => {
    const bare = { ...PAIR, ...policy(0), "cluster.exe res /status": resourceTable("Cluster Name         Cluster Group        NODEA           Online") };
    expect(turn(clusterFailback, {}, bare).decision).toMatchObject({ kind: "refuse", code: "not_found", because: expect.stringMatching(/`cluster\.exe res` shows no .*Name the group/) as string });
  });
});

test("a group that is named is asked about instead", () => {
  const { decision } = turn(clusterFailback, { group: "exclus1" }, { ...PAIR, ...policy(1, "NODEB") });
  expect(decision).toMatchObject({ outputs: { groups: [{ name: "EXCLUS1", failback: true, preferred_owners: ["NODEB"] }] } });
});

test("a group that is not there is not found", () => {
  expect(turn(clusterFailback, { group: "EXCLUS2" }, { ...PAIR, ...policy(0) }).decision).toMatchObject({ kind: "refuse", code: "not_found", because: "`cluster.exe group` shows no group EXCLUS2. Name one of those that it shows" });
});

describe.each([PROPERTIES, OWNERS])("an answer of %s", (command) => {
  test.each(Object.entries(GARBLED))("that is %s is unreadable", (_case, fact) => {
    expect(turn(clusterFailback, {}, { ...PAIR, ...policy(0), [command]: fact }).decision).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
  test("that is lost makes it unreachable", () => {
    expect(turn(clusterFailback, {}, { ...PAIR, ...policy(0), [command]: LOST }).decision).toMatchObject({ kind: "refuse", code: "unreachable" });
  });
});

import { describe, expect, test } from "vitest";
import { exchangeMoveMailboxServer } from "../../../src/builtins/exchange/move-mailbox-server.ts";
import type { Fact, Facts, PastAct } from "../../../src/core/builtin.ts";
import { act, COPY, DATABASE, failed, LOST, nodeTable, ON_A, ON_B, PAIR, past, PATCHED, PATCHES, printed, records, status, turn } from "./ccr-pair.ts";

const STATUS = "Get-ClusteredMailboxServerStatus";
const RTM = records({ Name: "EXCLUS1", AdminDisplayVersion: "Version 8.0 (Build 685.24)" });
const FROM_A = { fill: { from: "NODEA" } };
const REFUSED: PastAct = act("move", "failed", { ...FROM_A, failure: { code: "cmdlet_error", because: "The copy is not healthy." } });
const DONE: PastAct = act("move", "ok", { ...FROM_A, result: { records: [] } });

function go(changes: Readonly<Record<string, Fact>> = {}, acts: readonly PastAct[] = [], inputs: Readonly<Record<string, unknown>> = {}, previous?: Facts) {
  return turn(exchangeMoveMailboxServer, { identity: "EXCLUS1", to: "NODEB", comment: "Applying update rollup", ...inputs }, { ...PAIR, ...changes }, past({ acts, ...(previous === undefined ? {} : { previous }) }));
}
const decide = (...given: Parameters<typeof go>) => go(...given).decision;

describe("the move", () => {
  test("is made with Confirm false from service pack 1 on, and keeps where the server was", () => {
    const { decision, actions } = go();
    expect(decision).toEqual({ kind: "act", actions: [{ action: "move", fill: { from: "NODEA" } }], because: "EXCLUS1 is Online on NODEA; the copies on NODEB are healthy, NODEB is Up, and no backup runs" });
    expect(actions).toEqual([{ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: "EXCLUS1", TargetMachine: "NODEB", MoveComment: "Applying update rollup", Confirm: false }, properties: [] }]);
  });
  test("is made without Confirm before service pack 1, after three readings of the copies", () => {
    const { decision, actions, calls } = go({ "Get-ExchangeServer": RTM, "Get-StorageGroupCopyStatus": records({ ...COPY, CCRTargetNode: null }) });
    expect(decision).toMatchObject({ kind: "act", actions: [{ action: "move_before_sp1" }] });
    expect(actions).toEqual([{ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: "EXCLUS1", TargetMachine: "NODEB", MoveComment: "Applying update rollup" }, properties: [] }]);
    expect([calls["copies_again"]?.afterMs, calls["copies_once_more"]?.afterMs]).toEqual([30_000, 30_000]);
  });
  test("is never made by cluster.exe", () => {
    const changing = Object.values(exchangeMoveMailboxServer.actions).filter((declaration) => declaration.effect !== "reads");
    const made = changing.map((declaration) => declaration.make({ identity: "\uE0001\uE001", to: "\uE0002\uE001", comment: "c", max_copy_queue: 1, max_replay_queue: 10 }, {}));
    expect(made.map((action) => action.kind === "cmdlet" && action.name)).toEqual(["Move-ClusteredMailboxServer", "Move-ClusteredMailboxServer"]);
  });
});

test.each([
  ["the step runs on another node", { "hostname.exe": printed("NODEA\r\n") }, "not_on_target"],
  ["it is a single copy cluster, whose copies cannot be read", { "Get-MailboxServer": records({ Name: "EXCLUS1", ClusteredStorageType: "Shared", RedundantMachines: [] }), "Get-StorageGroupCopyStatus": failed("cmdlet_error", "not supported") }, "not_ccr"],
  ["the node is no member", { "Get-MailboxServer": records({ Name: "EXCLUS1", ClusteredStorageType: "NonShared", RedundantMachines: ["NODEA", "NODEC"] }) }, "not_a_member"],
  ["the node is paused", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Paused") }, "target_node_paused"],
  ["the node is down", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Down") }, "target_node_down"],
  ["the node joins", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Joining") }, "target_node_down"],
  ["a copy is not healthy", { "Get-StorageGroupCopyStatus": records(COPY, { ...COPY, StorageGroupName: "Two", SummaryCopyStatus: "Initializing" }) }, "copies_unhealthy"],
  ["a copy is suspended", { "Get-StorageGroupCopyStatus": records({ ...COPY, Suspend: true }) }, "copies_unhealthy"],
  ["a queue is long", { "Get-StorageGroupCopyStatus": records({ ...COPY, CopyQueueLength: 2 }) }, "copies_unhealthy"],
  ["there is no copy", { "Get-StorageGroupCopyStatus": records() }, "copies_unhealthy"],
  ["a copy goes to another node", { "Get-StorageGroupCopyStatus": records({ ...COPY, CCRTargetNode: "NODEA" }) }, "copies_unhealthy"],
  ["a backup runs", { "Get-MailboxDatabase": records(DATABASE, { ...DATABASE, Name: "Two", BackupInProgress: true }) }, "backup_running"],
  ["it is only partially online", { [STATUS]: status("Partially Online", ["NODEA <Active>", "NODEB"]) }, "not_online"],
  ["somebody else moves it", { [STATUS]: status("Offline Pending", ["NODEA <Active>", "NODEB"]) }, "not_online"],
  ["no node is active", { [STATUS]: status("Failed", ["NODEA", "NODEB"]) }, "not_online"],
  ["it failed on the target by itself", { [STATUS]: status("Failed", ["NODEB <Active>"]) }, "not_online"],
  ["the state cannot be read", { [STATUS]: LOST }, "unreachable"],
  ["the copies cannot be read", { "Get-StorageGroupCopyStatus": records({}) }, "unreadable"],
  ["the machine's name is garbled", { "hostname.exe": printed("\u0000\u0000") }, "unreadable"],
])("it refuses where %s", (_case, changes, code) => {
  expect(decide(changes)).toMatchObject({ kind: "refuse", code });
});

describe("the level of the node that takes over", () => {
  test("is not read where no build is asked for", () => {
    expect(go({ [PATCHES]: failed("denied", "no") }).decision.kind).toBe("act");
  });
  test("must be reached where one is", () => {
    expect(decide({}, [], { at_least: "8.1.263.1" })).toMatchObject({ kind: "refuse", code: "level_too_low", because: "NODEB is at 8.1.240.6 and must be at 8.1.263.1 or above. Install the rollup on NODEB first" });
    expect(decide({ [PATCHES]: PATCHED }, [], { at_least: "08.01.0263.001" }).kind).toBe("act");
  });
});

describe("a server on the target", () => {
  test("is left alone when it is Online", () => {
    const { decision, calls } = go({ [STATUS]: ON_B });
    expect(decision).toEqual({ kind: "done", outputs: { from: "NODEB", active_node: "NODEB", state: "Online" }, because: "EXCLUS1 is Online on NODEB" });
    expect(Object.keys(calls)).toEqual(["status"]);
  });
  test("is done with its origin after a move, also where the cmdlet failed late or its answer was lost", () => {
    for (const done of [DONE, REFUSED, act("move", "lost", FROM_A), act("move", "in-doubt", FROM_A)]) {
      expect(decide({ [STATUS]: ON_B }, [done])).toMatchObject({ kind: "done", outputs: { from: "NODEA", active_node: "NODEB" } });
    }
  });
  test.each([["Online Pending"], ["Partially Online"], ["Offline Pending"]])("is waited for while it is %s, tried or not", (state) => {
    const there = { [STATUS]: status(state, ["NODEB <Active>"], ["First Storage Group\\Mailbox Database"]) };
    for (const acts of [[], [DONE]]) expect(decide(there, acts)).toMatchObject({ kind: "wait", because: `EXCLUS1 is ${state} on NODEB; not online: First Storage Group\\Mailbox Database` });
  });
  test("is said to wait with the words of a cmdlet that failed late", () => {
    expect(decide({ [STATUS]: status("Partially Online", ["NODEB <Active>"]) }, [REFUSED])).toMatchObject({ kind: "wait", because: "EXCLUS1 is Partially Online on NODEB; the cmdlet said: The copy is not healthy." });
  });
  test("fails when it is Failed in two looks in a row", () => {
    const fallen = { [STATUS]: status("Failed", ["NODEB <Active>"]) };
    expect(decide(fallen, [DONE], {}, { status: ON_A }).kind).toBe("wait");
    expect(decide(fallen, [DONE], {}, { status: status("Failed", ["NODEB <Active>"]) })).toMatchObject({ kind: "fail", code: "failed_on_target" });
  });
});

describe("a server that is not on the target after a try", () => {
  test("was refused: the cmdlet's words are said, and nothing else is tried", () => {
    expect(decide({}, [REFUSED])).toEqual({ kind: "fail", code: "move_refused", because: "NODEA still owns EXCLUS1 (Online). The move was refused; do not move it with cluster.exe. The cmdlet said: The copy is not healthy." });
  });
  test("was denied", () => {
    expect(decide({}, [act("move", "failed", { failure: { code: "denied", because: "no role" } })])).toMatchObject({ kind: "fail", code: "denied" });
  });
  test("came back although the cmdlet succeeded", () => {
    expect(decide({}, [DONE])).toMatchObject({ kind: "fail", code: "moved_back" });
  });
  test.each([["Offline Pending", ["NODEA <Active>"]], ["Offline", []]])("is waited for while it is %s", (state, machines) => {
    expect(decide({ [STATUS]: status(state, machines) }, [DONE]).kind).toBe("wait");
  });
  test("is tried again where nobody knows what became of the try, after the same guards", () => {
    for (const outcome of ["lost", "in-doubt"] as const) {
      expect(decide({}, [act("move", outcome, FROM_A)]).kind).toBe("act");
      expect(decide({ "Get-MailboxDatabase": records({ ...DATABASE, BackupInProgress: true }) }, [act("move", outcome, FROM_A)])).toMatchObject({ kind: "fail", code: "backup_running" });
    }
  });
  test("is waited for while nothing can be read", () => {
    expect(decide({ [STATUS]: LOST }, [DONE])).toMatchObject({ kind: "wait", because: "nothing can be told now: the channel broke" });
  });
  test("is tried anew in the next attempt", () => {
    const { decision } = turn(exchangeMoveMailboxServer, { identity: "EXCLUS1", to: "nodeb", comment: "c" }, PAIR, past({ attempt: 2, acts: [REFUSED] }));
    expect(decision.kind).toBe("act");
  });
});

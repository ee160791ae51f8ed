import { describe, expect, test } from "vitest";
import { exchangeMoveMailboxServer } from "../../../src/builtins/exchange/move-mailbox-server.ts";
import type { Fact, Facts, PastAct } from "../../../src/core/builtin.ts";
import type { Json } from "../../../src/core/json.ts";
import { PLACE } from "../turns.ts";
import { act, exsetup, COPY, DATABASE, failed, LOST, nodeTable, ON_A, ON_B, PAIR, past, PATCHED, PATCHES, printed, records, status, turn } from "./ccr-pair.ts";

const EXSETUP = "Get-Item C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe";
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
    const made = changing.map((declaration) => declaration.make({ identity: "\uE0001\uE001", to: "\uE0002\uE001", comment: "c", stays: "1m", when_dismounted: "fail", max_copy_queue: 1, max_replay_queue: 10 }, {}));
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
  ["no node is active", { [STATUS]: status("Failed", ["NODEA", "NODEB"]) }, "not_online"],
  ["it failed on the target by itself", { [STATUS]: status("Failed", ["NODEB <Active>"]) }, "not_online"],
  ["the state cannot be read", { [STATUS]: LOST }, "unreachable"],
  ["the copies cannot be read", { "Get-StorageGroupCopyStatus": records({}) }, "unreadable"],
  ["the machine's name is garbled", { "hostname.exe": printed("\u0000\u0000") }, "unreadable"],
])("it refuses where %s", (_case, changes, code) => {
  expect(decide(changes)).toMatchObject({ kind: "refuse", code });
});

describe("what it refuses is said with the command that shows it, the cause and the cure", () => {
  test.each<[string, Readonly<Record<string, Fact>>, string]>([
    ["a wrong place", { "hostname.exe": printed("NODEA\r\n") }, "`hostname.exe` says NODEA, and a move must be run from the node that takes over, NODEB. Set the step's `target` to it"],
    ["a node that is no member", { "Get-MailboxServer": records({ Name: "EXCLUS1", ClusteredStorageType: "NonShared", RedundantMachines: ["NODEA", "NODEC"] }) }, "`Get-MailboxServer EXCLUS1` shows that it may run on NODEA, NODEC (RedundantMachines), not on NODEB. Name one of these as `to`"],
    ["a paused node", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Paused") }, "`cluster.exe node /status` shows NODEB as Paused: it takes no group. Find out who paused it and why, resume it with `cluster.exe node NODEB /resume`, then try again"],
    ["a node that is down", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEB 2 Down") }, "`cluster.exe node /status` shows NODEB as Down. The mailbox server can move only to a node that is Up. Start its Cluster service (ClusSvc), then try again"],
    ["a node of another cluster", { "cluster.exe node /status": nodeTable("NODEA 1 Up", "NODEC 2 Up") }, "`cluster.exe node /status` shows no node NODEB. The mailbox server can move only to a node that is Up"],
    ["a running backup", { "Get-MailboxDatabase": records({ ...DATABASE, BackupInProgress: true }) }, "`Get-MailboxDatabase -Server EXCLUS1 -Status` shows that a backup of Mailbox Database runs, and a move would end it. Wait until it has ended"],
    ["a dismounted database", { [STATUS]: status("Partially Online", ["NODEA <Active>", "NODEB"], ["First Storage Group\\Mailbox Database"]) }, "`Get-ClusteredMailboxServerStatus EXCLUS1` shows that EXCLUS1 is Partially Online on NODEA; not online: First Storage Group\\Mailbox Database. Exchange refuses to move a server with a dismounted database; bring it online first: mount the database with `Mount-Database`, or find out why it is not mounted"],
    ["a server that is offline", { [STATUS]: status("Offline", ["NODEA <Active>", "NODEB"]) }, "`Get-ClusteredMailboxServerStatus EXCLUS1` shows that EXCLUS1 is Offline on NODEA. Only a server that is Online is handed over: bring it online first"],
  ])("%s", (_case, changes, because) => {
    expect(decide(changes)).toMatchObject({ kind: "refuse", because });
  });

  test.each<[string, Readonly<Record<string, Json>>, string]>([
    ["failed", { SummaryCopyStatus: "Failed", FailedMessage: "a log is missing" }, "One is Failed (a log is missing). One: resume it with `Resume-StorageGroupCopy \"EXCLUS1\\One\"`; where it fails again, somebody has to decide whether to seed it anew"],
    ["is suspended", { SummaryCopyStatus: "Suspended", Suspend: true }, "One is Suspended. One: resume it with `Resume-StorageGroupCopy \"EXCLUS1\\One\"` when the reason for the suspension is gone"],
    ["is suspended and shows Healthy", { Suspend: true }, "One is suspended. One: resume it with `Resume-StorageGroupCopy \"EXCLUS1\\One\"` when the reason for the suspension is gone"],
    ["has just begun (F26)", { SummaryCopyStatus: "Initializing" }, "One is Initializing. One: wait a few minutes; on a quiet server send a mail, so that a log is closed"],
    ["has no service", { SummaryCopyStatus: "ServiceDown" }, "One is ServiceDown. One: start the service MSExchangeRepl on the passive node"],
    ["is being seeded", { SummaryCopyStatus: "Seeding" }, "One is Seeding. One: wait until it has caught up"],
    ["lags (F27)", { CopyQueueLength: 40, ReplayQueueLength: 11 }, "One has 40 logs to copy, at most 1 are allowed; One has 11 logs to replay, at most 10 are allowed. One: wait until it has caught up; where its queue does not go down, look at the network between the nodes and at the disk of the passive one"],
    ["does nothing", { SummaryCopyStatus: "Stopped" }, "One is Stopped. One: find out why the copy does not work"],
    ["goes elsewhere", { CCRTargetNode: "NODEA" }, "One is copied to NODEA (CCRTargetNode), not to NODEB"],
  ])("a copy that %s", (_case, changes, because) => {
    expect(decide({ "Get-StorageGroupCopyStatus": records({ ...COPY, StorageGroupName: "One", ...changes }) }))
      .toMatchObject({ kind: "refuse", code: "copies_unhealthy", because: `\`Get-StorageGroupCopyStatus -Server EXCLUS1\` shows copies that are not fit for a move: ${because}` });
  });
});

describe("before service pack 1, where a broken copy may show Healthy (domain page, 11.3)", () => {
  const copy = { ...COPY, CCRTargetNode: null };
  const rtm = (changes: Readonly<Record<string, Fact>>) => decide({ "Get-ExchangeServer": RTM, "Get-StorageGroupCopyStatus": records(copy), ...changes });
  test("a copy is fit with a recent log", () => {
    expect(rtm({}).kind).toBe("act");
  });
  test("an old log is no proof, and its cure is a mail", () => {
    expect(rtm({ "Get-StorageGroupCopyStatus": records({ ...copy, LastInspectedLogTime: "2008-03-15T07:59:00.000Z" }) }))
      .toMatchObject({ kind: "refuse", code: "copies_unhealthy", because: expect.stringMatching(/inspected its last log at 2008-03-15T07:59:00\.000Z, more than 1h ago.*send a mail/) as string });
  });
  test("one bad reading of three is enough, be it the first", () => {
    const facts = go({ "Get-ExchangeServer": RTM, "Get-StorageGroupCopyStatus": records(copy) }).facts;
    for (const reading of ["copies", "copies_again", "copies_once_more"]) {
      const changed = { ...facts, [reading]: records({ ...copy, SummaryCopyStatus: "Failed" }) };
      const inputs = { identity: "EXCLUS1", to: "NODEB", comment: "c", stays: "1m", when_dismounted: "fail", max_copy_queue: 1, max_replay_queue: 10 } as const;
      expect(exchangeMoveMailboxServer.decide(inputs, changed, past(), PLACE), reading).toMatchObject({ kind: "refuse", code: "copies_unhealthy", because: expect.stringContaining("First Storage Group is Failed") as string });
    }
  });
});

describe("the level of the node that takes over", () => {
  test("is not read where no build is asked for", () => {
    expect(go({ [PATCHES]: failed("denied", "no") }).decision.kind).toBe("act");
  });
  test("must be reached where one is", () => {
    expect(decide({}, [], { at_least: "8.1.263.1" })).toMatchObject({ kind: "refuse", code: "level_too_low", because: "NODEB is at 8.1.240.6 and must be at 8.1.263.1 or above. Install the rollup on NODEB first" });
    expect(decide({ [PATCHES]: PATCHED, [EXSETUP]: exsetup("08.01.0263.001") }, [], { at_least: "08.01.0263.001" }).kind).toBe("act");
  });
  test("is that of its files, too: a node that is updated by half does not take over", () => {
    expect(decide({ [PATCHES]: PATCHED }, [], { at_least: "8.1.263.1" })).toMatchObject({ kind: "refuse", code: "level_too_low", because: "NODEB is at 8.1.240.6 (the registry says 8.1.263.1, ExSetup.exe says 8.1.240.6) and must be at 8.1.263.1 or above. Install the rollup on NODEB first" });
  });
});

describe("a server on the target", () => {
  test("is left alone when it is Online", () => {
    const { decision, calls } = go({ [STATUS]: ON_B });
    expect(decision).toEqual({ kind: "done", outputs: { from: "NODEB", active_node: "NODEB", state: "Online" }, because: "EXCLUS1 is Online on NODEB" });
    expect(Object.keys(calls)).toEqual(["status"]);
  });
  test("is looked at once more after it stayed there for a minute", () => {
    expect(decide({ [STATUS]: ON_B }, [DONE], {}, { status: ON_A })).toEqual({ kind: "wait", because: "EXCLUS1 is Online on NODEB; it must still be there in 1m", everyMs: 60_000 });
    expect(decide({ [STATUS]: ON_B }, [DONE], { stays: "0s" }, { status: ON_A }).kind).toBe("done");
  });
  test("is done with its origin after a move, also where the cmdlet failed late or its answer was lost", () => {
    for (const done of [DONE, REFUSED]) expect(decide({ [STATUS]: ON_B }, [done], {}, { status: ON_B })).toMatchObject({ kind: "done", outputs: { from: "NODEA", active_node: "NODEB" } });
    // The limit may have passed: the look after a lost answer may be the last one.
    for (const outcome of ["lost", "in-doubt"] as const) expect(decide({ [STATUS]: ON_B }, [act("move", outcome, FROM_A)], {}, { status: ON_A })).toMatchObject({ kind: "done", outputs: { from: "NODEA", active_node: "NODEB" } });
  });
  test.each([["Online Pending"], ["Offline Pending"]])("is waited for while it is %s, tried or not", (state) => {
    const there = { [STATUS]: status(state, ["NODEB <Active>"], ["First Storage Group\\Mailbox Database"]) };
    for (const acts of [[], [DONE]]) expect(decide(there, acts)).toMatchObject({ kind: "wait", because: `EXCLUS1 is ${state} on NODEB; not online: First Storage Group\\Mailbox Database` });
  });
  test("is said to be pending for how long, with what is not online (F30)", () => {
    const { decision } = turn(exchangeMoveMailboxServer, { identity: "EXCLUS1", to: "NODEB", comment: "c" }, { ...PAIR, [STATUS]: status("Online Pending", ["NODEB <Active>"], ["Second Storage Group\\Archive Database"]) }, past({ acts: [DONE], elapsedMs: 12 * 60_000 + 5_000 }));
    const because = "EXCLUS1 is Online Pending on NODEB; not online: Second Storage Group\\Archive Database; 12m after the step began (with many logs to replay half an hour was seen)";
    expect(decision).toMatchObject({ kind: "wait", because, warning: { code: "slow_move", message: because } });
  });
  test("fails when it is Failed in two looks in a row", () => {
    const fallen = { [STATUS]: status("Failed", ["NODEB <Active>"]) };
    expect(decide(fallen, [DONE], {}, { status: ON_A }).kind).toBe("wait");
    expect(decide(fallen, [DONE], {}, { status: status("Failed", ["NODEB <Active>"]) })).toMatchObject({ kind: "fail", code: "failed_on_target" });
  });
});

describe("a server that came to the target with databases dismounted (F29)", () => {
  const late = (...names: readonly string[]): Fact => status("Partially Online", ["NODEB <Active>"], names);
  test("is looked at again, because databases mount one after another", () => {
    expect(decide({ [STATUS]: late("Two") }, [REFUSED])).toMatchObject({ kind: "wait", because: "EXCLUS1 is Partially Online on NODEB; not online: Two; the cmdlet said: The copy is not healthy." });
    expect(decide({ [STATUS]: late("Two") }, [DONE], {}, { status: late("One", "Two") }).kind).toBe("wait");
  });
  test("is a failure that names the cure", () => {
    expect(decide({ [STATUS]: late("Two") }, [REFUSED], {}, { status: late("Two") })).toMatchObject({ kind: "fail", code: "databases_dismounted", because: expect.stringContaining("Mount each once with `Mount-Database` (exchange.mount_databases), and leave the other node as it is meanwhile") as string });
  });
  test("is done, Partially Online, where a next step mounts them", () => {
    for (const acts of [[], [DONE], [REFUSED], [act("move", "lost", FROM_A)]]) {
      expect(decide({ [STATUS]: late("Two") }, acts, { when_dismounted: "done" }, { status: late("Two") })).toMatchObject({ kind: "done", outputs: { active_node: "NODEB", state: "Partially Online" } });
    }
  });
});

describe("a server that is not on the target after a try", () => {
  test("was refused: the cmdlet's words are said, and nothing else is tried", () => {
    expect(decide({}, [REFUSED])).toEqual({ kind: "fail", code: "move_refused", because: "NODEA still owns EXCLUS1 (Online). The move was refused; remove the cause, and do not move it with cluster.exe. The cmdlet said: The copy is not healthy." });
  });
  test("was denied", () => {
    expect(decide({}, [act("move", "failed", { failure: { code: "denied", because: "no role" } })])).toMatchObject({ kind: "fail", code: "denied" });
  });
  test("came back although the cmdlet succeeded", () => {
    expect(decide({}, [DONE])).toMatchObject({ kind: "fail", code: "moved_back", because: expect.stringContaining("NODEB is suspect. Look at the Application and System logs of NODEB before you move it again, and update nothing meanwhile") as string });
  });
  test("is left to somebody else who moves it at this moment", () => {
    expect(decide({ [STATUS]: status("Offline Pending", ["NODEA <Active>", "NODEB"]) })).toMatchObject({ kind: "wait", because: "EXCLUS1 is Offline Pending on NODEA: somebody is moving or starting it at this moment" });
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
  test("is given a minute to begin before a lost try is made again: its own checks take a while", () => {
    for (const name of ["move", "move_before_sp1"]) expect(exchangeMoveMailboxServer.actions[name]?.settlesWithinMs).toBe(60_000);
  });
  test("is waited for while nothing can be read", () => {
    expect(decide({ [STATUS]: LOST }, [DONE])).toMatchObject({ kind: "wait", because: "nothing can be told now: the channel broke" });
  });
  test("is tried anew in the next attempt", () => {
    const { decision } = turn(exchangeMoveMailboxServer, { identity: "EXCLUS1", to: "nodeb", comment: "c" }, PAIR, past({ attempt: 2, acts: [REFUSED] }));
    expect(decision.kind).toBe("act");
  });
});

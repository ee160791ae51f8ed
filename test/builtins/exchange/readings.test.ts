import { describe, expect, test } from "vitest";
import { exchangeCopyStatus } from "../../../src/builtins/exchange/copy-status.ts";
import { exchangeDatabases } from "../../../src/builtins/exchange/databases.ts";
import { exchangeMailboxServerStatus } from "../../../src/builtins/exchange/mailbox-server-status.ts";
import { exchangeMailboxServer } from "../../../src/builtins/exchange/mailbox-server.ts";
import { answer, COPY, DATABASE, failed, LOST, ON_B, PAIR, records, status, turn } from "./ccr-pair.ts";

const CMS = { identity: "EXCLUS1" };
const decide = (builtin: Parameters<typeof turn>[0], changes: Parameters<typeof turn>[2] = {}, inputs = {}) => turn(builtin, { ...CMS, ...inputs }, { ...PAIR, ...changes }).decision;

describe("exchange.mailbox_server", () => {
  test("gives storage type, nodes and version", () => {
    expect(decide(exchangeMailboxServer)).toEqual({
      kind: "done",
      outputs: { name: "EXCLUS1", clustered_storage_type: "NonShared", redundant_machines: ["NODEA", "NODEB"], version: "8.1.240.6" },
      because: "EXCLUS1 has the storage type NonShared, version 8.1.240.6, and may run on NODEA, NODEB",
    });
  });
  test("takes a single node that PowerShell unrolled, and a server that is not clustered", () => {
    expect(decide(exchangeMailboxServer, { "Get-MailboxServer": records({ Name: "MBX1", ClusteredStorageType: "Disabled", RedundantMachines: "nodea" }) })).toMatchObject({ outputs: { clustered_storage_type: "Disabled", redundant_machines: ["NODEA"] } });
  });
  test.each([
    ["a name that does not exist", "Get-MailboxServer", failed("not_found", "The object 'EXCLUS1' could not be found."), "not_found"],
    ["no record", "Get-MailboxServer", records(), "not_found"],
    ["two records", "Get-MailboxServer", records({}, {}), "unreadable"],
    ["an unknown storage type", "Get-MailboxServer", records({ Name: "X", ClusteredStorageType: "共有なし" }), "unreadable"],
    ["an unknown version", "Get-ExchangeServer", records({ Name: "X", AdminDisplayVersion: "\u0000".repeat(10_000) }), "unreadable"],
    ["a missing right", "Get-ExchangeServer", failed("denied", "no role"), "denied"],
    ["a lost channel", "Get-ExchangeServer", LOST, "unreachable"],
  ])("refuses %s", (_case, command, fact, code) => {
    expect(decide(exchangeMailboxServer, { [command]: fact })).toMatchObject({ kind: "refuse", code });
  });
});

describe("exchange.mailbox_server_status", () => {
  test("tells the active node from the owner of the quorum", () => {
    expect(decide(exchangeMailboxServerStatus, { "Get-ClusteredMailboxServerStatus": ON_B })).toEqual({
      kind: "done",
      outputs: { state: "Online", active_node: "NODEB", quorum_owner: "NODEA", operational_machines: ["NODEA", "NODEB"], failed_resources: [], online: true },
      because: "EXCLUS1 is Online on NODEB",
    });
  });
  test.each([
    ["Failed", /^EXCLUS1 is Failed on NODEA; `Get-ClusteredMailboxServerStatus EXCLUS1` shows it\. When a node without a setup under way owns it, start it there with `Start-ClusteredMailboxServer EXCLUS1`$/],
    ["Online Pending", /shows it\. Where it does not come online, and a node without a setup/],
    ["Partially Online", /shows it$/],
    ["Offline Pending", /shows it$/],
    ["Online", /^EXCLUS1 is Online on NODEA$/],
  ])("says what to do about one that is %s", (state, because) => {
    expect(decide(exchangeMailboxServerStatus, { "Get-ClusteredMailboxServerStatus": status(state, ["NODEA <Active>", "NODEB"]) })).toMatchObject({ because: expect.stringMatching(because) as string });
  });
  test("takes an enum name without blanks, and leaves out what no node is marked for", () => {
    const decision = decide(exchangeMailboxServerStatus, { "Get-ClusteredMailboxServerStatus": status("PartiallyOnline", ["NODEB"], ["First Storage Group\\Mailbox Database"]) });
    expect(decision).toEqual({
      kind: "done",
      outputs: { state: "Partially Online", operational_machines: ["NODEB"], failed_resources: ["First Storage Group\\Mailbox Database"], online: false },
      because: "EXCLUS1 is Partially Online on no node; not online: First Storage Group\\Mailbox Database; `Get-ClusteredMailboxServerStatus EXCLUS1` shows it",
    });
  });
  test.each([
    ["an unknown state", status("オンライン", ["NODEA <Active>"])],
    ["two active nodes", status("Online", ["NODEA <Active>", "NODEB <Active>"])],
    ["a garbled node", status("Online", ["NODEA <<<"])],
    ["nothing", records({})],
    ["no list of records", answer({ records: 7 } as never)],
  ])("refuses %s as unreadable", (_case, fact) => {
    expect(decide(exchangeMailboxServerStatus, { "Get-ClusteredMailboxServerStatus": fact })).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
});

describe("exchange.copy_status", () => {
  test("is healthy where every copy is", () => {
    expect(decide(exchangeCopyStatus, { "Get-StorageGroupCopyStatus": records(COPY) })).toEqual({
      kind: "done",
      outputs: { healthy: true, copies: [{ name: "First Storage Group", status: "Healthy", copy_queue: 0, replay_queue: 3, suspended: false, target_node: "NODEB" }], recovering: false, summary: "the copy is healthy", cures: [] },
      because: "the copy is healthy",
    });
  });
  test.each([
    ["a copy that is Initializing", [{ ...COPY, SummaryCopyStatus: "Initializing" }], true],
    ["a copy that is Resynchronizing", [{ ...COPY, SummaryCopyStatus: "Resynchronizing" }], true],
    ["a copy that lags", [{ ...COPY, CopyQueueLength: 40 }], true],
    ["a copy whose service is not up yet", [{ ...COPY, SummaryCopyStatus: "ServiceDown" }], true],
    ["a copy that has failed", [{ ...COPY, SummaryCopyStatus: "Failed" }], false],
    ["a copy that is suspended", [{ ...COPY, SummaryCopyStatus: "Suspended", Suspend: true }], false],
    ["a copy that is being seeded", [{ ...COPY, SummaryCopyStatus: "Seeding" }], false],
    ["one that lags beside one that has failed", [{ ...COPY, CopyQueueLength: 40 }, { ...COPY, StorageGroupName: "Second Storage Group", SummaryCopyStatus: "Failed" }], false],
    ["no copy at all", [], false],
  ] as const)("says of %s whether it may recover by itself", (_case, copies, recovering) => {
    expect(decide(exchangeCopyStatus, { "Get-StorageGroupCopyStatus": records(...copies) })).toMatchObject({ outputs: { healthy: false, recovering } });
  });
  test.each([
    ["has no copy", [], "there is no copy"],
    ["is Initializing", [{ ...COPY, SummaryCopyStatus: "Initializing" }], "First Storage Group is Initializing"],
    ["failed with a message", [{ ...COPY, SummaryCopyStatus: "Failed", FailedMessage: "log gap" }], "First Storage Group is Failed (log gap)"],
    ["is suspended, whatever its status says", [{ ...COPY, Suspend: true }], "First Storage Group is suspended"],
    ["is suspended by its status alone", [{ ...COPY, SummaryCopyStatus: "Suspended", Suspend: true }], "First Storage Group is Suspended"],
    ["lags in copying", [{ ...COPY, CopyQueueLength: 2 }], "First Storage Group has 2 logs to copy, at most 1 are allowed"],
    ["lags in replaying", [COPY, { ...COPY, StorageGroupName: "Two", ReplayQueueLength: 11 }], "Two has 11 logs to replay, at most 10 are allowed"],
  ])("is not healthy where a storage group %s", (_case, copies, summary) => {
    expect(decide(exchangeCopyStatus, { "Get-StorageGroupCopyStatus": records(...copies) })).toMatchObject({ kind: "done", outputs: { healthy: false, summary } });
  });
  test.each([
    ["a copy that failed", [{ ...COPY, SummaryCopyStatus: "Failed" }, COPY], [/^First Storage Group: resume it with `Resume-StorageGroupCopy "EXCLUS1\\First Storage Group"`/]],
    ["a copy that lags", [{ ...COPY, CopyQueueLength: 40 }], [/^First Storage Group: wait until it has caught up; .*look at the network/]],
    ["no copy", [], [/^EXCLUS1: enable the copies/]],
  ])("says what brings %s right", (_case, copies, cures) => {
    expect(decide(exchangeCopyStatus, { "Get-StorageGroupCopyStatus": records(...copies) })).toMatchObject({ outputs: { cures: cures.map((cure) => expect.stringMatching(cure) as string) } });
  });
  test("limits are inputs", () => {
    expect(decide(exchangeCopyStatus, { "Get-StorageGroupCopyStatus": records({ ...COPY, CopyQueueLength: 5 }) }, { max_copy_queue: 5 })).toMatchObject({ outputs: { healthy: true } });
  });
  test.each([["a negative queue", { ...COPY, CopyQueueLength: -1 }], ["a queue as text", { ...COPY, ReplayQueueLength: "3" }], ["no status", { ...COPY, SummaryCopyStatus: "" }], ["no name", { SummaryCopyStatus: "Healthy" }]])("refuses %s as unreadable", (_case, record) => {
    expect(decide(exchangeCopyStatus, { "Get-StorageGroupCopyStatus": records(record) })).toMatchObject({ kind: "refuse", code: "unreadable" });
  });

  const RTM = { "Get-ExchangeServer": records({ Name: "EXCLUS1", AdminDisplayVersion: "Version 8.0 (Build 685.24)" }) };
  const { CCRTargetNode: _absent, ...rtmCopy } = COPY;
  test("before service pack 1 three readings are taken, 30 seconds apart, and the clock", () => {
    const { calls, decision } = turn(exchangeCopyStatus, CMS, { ...PAIR, ...RTM, "Get-StorageGroupCopyStatus": records(rtmCopy) });
    expect(Object.entries(calls).map(([name, call]) => [name, call.afterMs])).toEqual([["version", undefined], ["copies", undefined], ["copies_again", 30_000], ["copies_once_more", 30_000], ["clock", undefined]]);
    expect(decision).toMatchObject({ outputs: { healthy: true } });
  });
  test("before service pack 1 a copy without a recent log is not healthy", () => {
    expect(decide(exchangeCopyStatus, { ...RTM, "Get-StorageGroupCopyStatus": records({ ...rtmCopy, LastInspectedLogTime: "2008-03-15T07:59:59Z" }) })).toMatchObject({ outputs: { healthy: false, summary: expect.stringContaining("more than 1h ago") as string } });
    expect(decide(exchangeCopyStatus, { ...RTM, "Get-StorageGroupCopyStatus": records({ ...rtmCopy, LastInspectedLogTime: null }) })).toMatchObject({ outputs: { healthy: false, summary: "First Storage Group has inspected no log yet; send a mail, so that a log is closed" } });
  });
  test("before service pack 1 one bad reading of three is enough", () => {
    const { facts } = turn(exchangeCopyStatus, CMS, { ...PAIR, ...RTM, "Get-StorageGroupCopyStatus": records(rtmCopy) });
    const flapped = { ...facts, copies_again: records({ ...rtmCopy, SummaryCopyStatus: "Failed" }) };
    expect(exchangeCopyStatus.decide({ ...CMS, max_copy_queue: 1, max_replay_queue: 10 }, flapped, { attempt: 1, elapsedMs: 0, acts: [], answers: [] }, { address: "nodeb", isLocal: false })).toMatchObject({ outputs: { healthy: false, summary: "First Storage Group is Failed" } });
  });
});

describe("exchange.databases", () => {
  test("gives mounts, backups and the oldest full backup", () => {
    expect(decide(exchangeDatabases)).toMatchObject({ kind: "done", outputs: { mounted: ["First Storage Group\\Mailbox Database", "First Storage Group\\Second Database"], all_mounted: true, backup_running: false, oldest_full_backup: "2008-03-13T22:00:00Z" } });
  });
  test.each([
    ["a dismounted one", [DATABASE, { ...DATABASE, Name: "Two", Mounted: false }], { mounted: ["First Storage Group\\Mailbox Database"], dismounted: ["First Storage Group\\Two"], all_mounted: false, backup_running: false }],
    ["a running backup", [{ ...DATABASE, BackupInProgress: true }], { all_mounted: true, backup_running: true }],
    ["none", [], { all_mounted: false, backup_running: false, databases: [] }],
  ])("tells %s", (_case, found, outputs) => {
    expect(decide(exchangeDatabases, { "Get-MailboxDatabase": records(...found) })).toMatchObject({ kind: "done", outputs });
  });
  test("has no oldest backup where a database was never backed up", () => {
    const { LastFullBackup: _never, ...fresh } = DATABASE;
    const decision = decide(exchangeDatabases, { "Get-MailboxDatabase": records(DATABASE, fresh) });
    expect(decision.kind === "done" && Object.keys(decision.outputs)).toEqual(["databases", "mounted", "dismounted", "all_mounted", "backup_running"]);
  });
  test.each([["an empty mount state", { Name: "X", Mounted: null, BackupInProgress: false }], ["a local date", { ...DATABASE, LastFullBackup: "3/14/2008" }], ["no name", { Mounted: true }], ["no storage group", { ...DATABASE, StorageGroupName: null }]])("refuses %s as unreadable", (_case, record) => {
    expect(decide(exchangeDatabases, { "Get-MailboxDatabase": records(record) })).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
});

import { describe, expect, test } from "vitest";
import { checkWorld } from "../../src/simulator/check-world.ts";
import type { EventFile } from "../../src/simulator/event-schema.ts";
import type { FaultFile } from "../../src/simulator/fault-schema.ts";
import type { NodeFile, StorageGroupFile, WorldFile } from "../../src/simulator/world-schema.ts";
import { exampleText, worldFile } from "./a-world.ts";

const base: WorldFile = { ...worldFile(exampleText("two-node")), people: [] };
const server = base.mailbox_server;
const [rollup] = base.packages ?? [];
const faults = (more: Partial<WorldFile>): readonly string[] => checkWorld({ ...base, ...more }).map(({ path, message, hint }) => `${path.join("/")}: ${message}${hint === undefined ? "" : ` (${hint})`}`);

test("a world that can be has no fault", () => {
  expect(faults({})).toEqual([]);
});

describe("what a world contradicts itself in", () => {
  const nodeB = (node: NodeFile): Partial<WorldFile> => ({ nodes: { NODEA: {}, NODEB: node } });
  const storage = (group: Partial<StorageGroupFile>, more: Partial<WorldFile["mailbox_server"]> = {}): Partial<WorldFile> => ({ mailbox_server: { ...server, ...more, storage_groups: { One: { database: "DB", ...group } } } });

  test.each<readonly [Partial<WorldFile>, string]>([
    [{ nodes: { NODEA: {} }, groups: {} }, "nodes: the cluster has two nodes, not 1"],
    [{ nodes: { NODEA: {}, nodea: {} }, groups: {} }, "nodes/nodea: two nodes are named `nodea`; names have no case"],
    [{ mailbox_server: { ...server, active: "NODEC" } }, "mailbox_server/active: the world has no node `NODEC` (did you mean `NODEA`?)"],
    [{ mailbox_server: { ...server, name: "EXCHCLUS" } }, "mailbox_server/name: `EXCHCLUS` is the name of the cluster or of a node too"],
    [{ mailbox_server: { ...server, storage_groups: {} } }, "mailbox_server/storage_groups: a mailbox server has at least one storage group"],
    [{ mailbox_server: { ...server, storage_groups: { One: { database: "DB" }, Two: { database: "db" } } } }, "mailbox_server/storage_groups/Two/database: two databases are named `db`; names have no case"],
    [{ nodes: { NODEA: { power: "off" }, NODEB: {} }, groups: {} }, "mailbox_server/active: EXCLUS1 is Online on NODEA, which is off"],
    [{ ...nodeB({ power: "off" }), cluster: { name: "C", witness_reachable: false }, groups: {} }, "mailbox_server/state: EXCLUS1 is Online without a quorum: 1 of 3 votes"],
    [{ groups: { Tapes: { owner: "NODEC" } } }, "groups/Tapes/owner: the world has no node `NODEC` (did you mean `NODEA`?)"],
    [{ groups: { EXCLUS1: { owner: "NODEA" } } }, "groups/EXCLUS1: the mailbox server's group follows from `mailbox_server`: it is owned by the active node"],
    [{ groups: { Tapes: { owner: "NODEA" }, tapes: { owner: "NODEA" } } }, "groups/tapes: two groups are named `tapes`; names have no case"],
    [{ groups: { Tapes: { owner: "NODEA", failback: true } } }, "groups/Tapes/failback: a group falls back to a preferred owner, and it has none"],
    [{ ...nodeB({ power: "off" }), groups: { Tapes: { owner: "NODEB" } } }, "groups/Tapes/owner: Tapes is Online on NODEB, which is off"],
    [{ groups: { "Cluster Group": { owner: "NODEA", resources: ["Disk"] } } }, "groups/Cluster Group/resources: the resources of the core group are given: its address, its name and the witness"],
    [storage({ copy: "Failed" }, { storage: "scc" }), "mailbox_server/storage_groups/One: only continuous replication keeps copies"],
    [storage({ copy_for: "4m" }), "mailbox_server/storage_groups/One/copy_for: `copy_for` tells how long a copy is not healthy: say in `copy` what it is; a suspended one stays so until it is resumed"],
    [storage({ copy_message: "why" }), "mailbox_server/storage_groups/One/copy_message: only a copy that is suspended or in trouble has a message"],
    [storage({ replay_lag: "1m" }, { storage: "scc" }), "mailbox_server/storage_groups/One: only continuous replication keeps copies"],
    [storage({ catch_up: "60..20" }), "mailbox_server/storage_groups/One/catch_up: `60..20` runs backwards"],
    [{ mailbox_server: { ...server, failback: "NODEC" } }, "mailbox_server/failback: the world has no node `NODEC` (did you mean `NODEA`?)"],
    [storage({ backup_running: "1h", mounted: false }), "mailbox_server/storage_groups/One/backup_running: a database that is not mounted has no running backup"],
    [nodeB({ updates: ["945685"] }), "nodes/NODEB/updates/0: no package has the article number 945685 (did you mean `945684`?)"],
    [{ ...nodeB({ updates: ["945684"] }), mailbox_server: { ...server, version: "8.2.176.2" } }, "nodes/NODEB/updates/0: the package 945684 fits 8.1.240.6, and the nodes have 8.2.176.2"],
    [nodeB({ files: { "C:\\x": {} } }), "nodes/NODEB/files/C:\\x: a file has one of `kb` and `text`"],
    [nodeB({ files: { "C:\\x": { kb: "111111" } } }), "nodes/NODEB/files/C:\\x/kb: no package has the article number 111111"],
    [nodeB({ services: { AgentA: { depends_on: ["AgentB"] }, AgentB: { depends_on: ["AgentC"] }, AgentC: { depends_on: ["AgentB"] } } }), "nodes/NODEB/services/AgentB/depends_on: AgentB needs AgentC needs AgentB: they need each other"],
    [nodeB({ services: { Agent: { depends_on: ["Nothing"] } } }), "nodes/NODEB/services/Agent/depends_on: Agent needs `Nothing`, which NODEB does not have"],
    [nodeB({ services: { "msftesql-Exchange": { state: "Stopped" } } }), "nodes/NODEB/services/msftesql-Exchange: MSExchangeSearch is Running on NODEB, and msftesql-Exchange, which it needs, is Stopped"],
    [{ packages: rollup === undefined ? [] : [rollup, rollup] }, "packages/1/kb: two packages are named `945684`; names have no case"],
    [{ packages: [{ from: "x", kb: "111111", target: "8.1.240.6", build: "8.1.240.6" }] }, "packages/0/build: the build 8.1.240.6 is not above the base 8.1.240.6 that the package fits"],
    [{ people: [{ name: "op", answers: [{ kind: "approve", question: " ", answer: "yes" }] }] }, "people/0/answers/0/question: an empty text is part of every question: name the question"],
    [{ people: [{ name: "op", answers: [{ kind: "approve", question: "x", answer: "maybe" }] }] }, "people/0/answers/0/answer: the answer to `approve` is `yes` or `no`"],
    [{ durations: { group_mov: "5s" } }, "durations/group_mov: nothing is named `group_mov` that takes time (did you mean `group_move`?)"],
    [{ durations: { group_move: "5s..1s" } }, "durations/group_move: `5s..1s` is neither a duration (`90s`) nor a range of them (`1m..3m`)"],
    [{ programs: [{ command: "x", does: [{ pause: "NODEB" }] }] }, "programs/0/does: a program that does something to the system says `changes: true`"],
  ])("%#: %s", (more, fault) => {
    expect(faults(more)).toEqual([fault]);
  });
});

describe("events that could have no effect, or name what is not there", () => {
  const on = (command: string, more: Partial<EventFile> = {}): EventFile => ({ on: { command }, does: [{ pause: "NODEB" }], ...more });

  test.each<readonly [EventFile, string]>([
    [{ does: [{ pause: "NODEB" }] }, ": an event has one of `at` and `on`"],
    [{ at: "1m" }, ": an event has something that happens: `does`, or what becomes of the call"],
    [{ at: "1m", after: "1m", does: [{ pause: "NODEB" }] }, "/after: `after` tells when `does` comes about, counted from the call that `on` names"],
    [{ at: "1m", reply: { lost: true } }, "/reply: `reply` belongs to a call: name it under `on`"],
    [on("msiexe.exe /update"), "/on/command: the world knows no command `msiexe.exe` (did you mean `msiexec.exe`?)"],
    [on("cluster.exe group /status"), "/on/command: `cluster.exe group /status` only reads, and events come on changing calls only"],
    [on("Get-MailboxServer"), "/on/command: `Get-MailboxServer` only reads, and events come on changing calls only"],
    [on("reg.exe"), "/on/command: `reg.exe` only reads, and events come on changing calls only"],
    [on("put", { reply: { exit_code: 1 } }), "/reply/exit_code: `put` is no program: it has no `exit_code`; use `fail`"],
    [on("msiexec.exe", { reply: { stdout: "x" } }), "/reply/stdout: the installer prints nothing; its answer is its exit code"],
    [on("sc.exe start", { reply: { stdout: "x", fail: { code: "denied", because: "x" } } }), "/reply/stdout: a call that fails has no answer"],
    [on("sc.exe start", { reply: { effect: "done" } }), "/reply: a reply that is as it would have been anyway is left out"],
    [on("sc.exe start", { install: { exit_code: 1603 } }), "/install: `install` tells how msiexec.exe goes, not `sc.exe`"],
    [on("cluster.exe group /move", { move: { online_pending: "1m" } }), "/move: `move` tells how Move-ClusteredMailboxServer goes, not `cluster.exe`"],
    [on("cluster.exe node /pause", { group: { takes: "1m" } }), "/group: `group` tells how `cluster.exe group /move` goes, not `cluster.exe`"],
    [on("cluster.exe group /move", { group: {} }), "/group: a group move has a `takes`, a `state` or both"],
    [on("msiexec.exe", { install: { files: "old" }, reply: { exit_code: 1618 } }), "/install: the reply says that `msiexec.exe` does nothing: then `install` has nothing to tell"],
    [on("msiexec.exe", { install: { fails_in: "patch" } }), "/install: an installation that fails ends with an exit code other than 0, 3010 and 1641: say it in `exit_code`"],
    [on("msiexec.exe", { install: { exit_code: 1603, files: "old" } }), "/install/files: a failed installation leaves the files as they were"],
    [on("msiexec.exe", { install: { exit_code: 1603, services: "disabled", not_started: ["MSExchangeIS"] } }), "/install/services: services that stay disabled are neither started nor given a startup type"],
    [on("msiexec.exe", { install: { not_started: ["MSExchangeServicehosts"] } }), "/install/not_started/0: the world has no service `MSExchangeServicehosts` (did you mean `MSExchangeServiceHost`?)"],
    [on("Move-ClusteredMailboxServer", { move: { dismounted: ["Archiv Database"] } }), "/move/dismounted/0: the world has no database `Archiv Database` (did you mean `Archive Database`?)"],
  ])("%#: %s", (event, fault) => {
    expect(faults({ events: [event] })).toEqual([`events/0${fault}`]);
  });

  test.each<readonly [FaultFile, string]>([
    [{}, ": one thing happens in each entry, here none"],
    [{ pause: "NODEB", resume: "NODEB" }, ": one thing happens in each entry, here `pause` and `resume`"],
    [{ restart: "NODEC" }, "/restart: the world has no node `NODEC` (did you mean `NODEA`?)"],
    [{ unreachable: { node: "NODEC", for: "1m" } }, "/unreachable/node: the world has no node `NODEC` (did you mean `NODEA`?)"],
    [{ move_group: { group: "Clustergroup", to: "NODEB" } }, "/move_group/group: the world has no group `Clustergroup` (did you mean `Cluster Group`?)"],
    [{ copy: { storage_group: "Third", status: "Failed" } }, "/copy/storage_group: the world has no storage group `Third` (available: `First Storage Group`, `Second Storage Group`)"],
    [{ service: { node: "NODEB", name: "MSExchangeIS" } }, "/service: a service gets a `start_mode`, a `state` or both"],
    [{ mount: "Nothing" }, "/mount: the world has no database `Nothing` (available: `Mailbox Database`, `Archive Database`)"],
  ])("%#: %s", (fault, message) => {
    expect(faults({ events: [{ at: "1m", does: [fault] }] })).toEqual([`events/0/does/0${message}`]);
  });

  test("several faults are told at once", () => {
    expect(faults({ nodes: { NODEA: {} }, groups: {}, durations: { x: "1s" }, events: [{ at: "1m" }, { at: "2m", does: [{ restart: "NODEB" }] }] })).toHaveLength(4);
  });
});

import { describe, expect, test } from "vitest";
import type { NodeFile, WorldFile } from "../../src/simulator/world-schema.ts";
import { worldWith } from "./changed-world.ts";
import { baseWorld, clusterOf, type Ran } from "./exchange-world.ts";
import { loadedRunbook } from "./loaded.ts";

const PREFLIGHT = "runbooks/ccr-preflight.yml";
const EXCHANGE = "C:\\Program Files\\Microsoft\\Exchange Server";
const HOOK = `${EXCHANGE}\\Scripts\\Customization\\CustomPatchInstallerActions.ps1`;
const LOGON = `${EXCHANGE}\\ClientAccess\\Owa\\auth\\logon.aspx`;
const COMPLETE = "function PrePatchInstallActions {}\nfunction PostPatchInstallActions {}\nfunction PatchRollbackActions {}\n";

/** The base world with a node otherwise. */
function withNode(name: "NODEA" | "NODEB", node: NodeFile): WorldFile {
  const base = baseWorld();
  return { ...base, nodes: { ...base.nodes, [name]: node } };
}
const nodeB = (node: NodeFile): WorldFile => withNode("NODEB", node);
const bothNodes = (node: NodeFile): WorldFile => ({ ...baseWorld(), nodes: { NODEA: node, NODEB: node } });
const withServer = (server: Partial<WorldFile["mailbox_server"]>): WorldFile => ({ ...baseWorld(), mailbox_server: { ...baseWorld().mailbox_server, ...server } });
const withGroups = (groups: NonNullable<WorldFile["groups"]>): WorldFile => ({ ...baseWorld(), groups: { ...baseWorld().groups, ...groups } });
const people = (answer: string, reason?: string): NonNullable<WorldFile["people"]> => [{ name: "Abe", answers: [{ kind: "choose", question: "?: ", answer, reason }] }];

/** What a step said last. */
function saidBy(ran: Ran, path: string): string {
  const ends = ran.events.flatMap((event) => (event.type === "step-finished" && event.step === path ? [event.because ?? ""] : []));
  return ends.at(-1) ?? "";
}

const failedIn = (ran: Ran): readonly string[] => [...ran.statuses].filter(([, status]) => status === "failed").map(([path]) => path);

interface Fault {
  readonly world: WorldFile;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The check that finds it. */
  readonly at: string;
  /** What it says: the cause, and the command or the cure. */
  readonly says: readonly (string | RegExp)[];
}

const STOPPING: Readonly<Record<string, Fault>> = {
  "a single copy cluster (F1)": { world: withServer({ storage: "scc" }), at: "is_ccr", says: ["is Shared", "only for CCR", "`Get-MailboxServer EXCLUS1 | fl ClusteredStorageType` shows it"] },
  "a server in no cluster (F1)": { world: withServer({ storage: "stand_alone" }), at: "is_ccr", says: ["is Disabled", "there setup is simply run"] },
  "another pair of nodes": { world: baseWorld(), inputs: { node_a: "NODEA", node_b: "NODEA" }, at: "is_ccr", says: ["`Get-MailboxServer EXCLUS1 | fl RedundantMachines` shows it"] },
  "the rollup of another service pack": { world: baseWorld(), inputs: { build: "8.2.217.3" }, at: "is_ccr", says: ["belongs to another service pack"] },
  "no local administrator of NODEB (F2)": { world: nodeB({ administrator: false }), at: "machines[NODEB]", says: ["no local administrator of NODEB", "`whoami.exe /groups` there shows no S-1-5-32-544"] },
  "no local administrator of NODEA (F2)": { world: withNode("NODEA", { administrator: false }), at: "machines[NODEA]", says: ["no local administrator of NODEA"] },
  "a session that is not elevated (F22)": { world: nodeB({ elevated: false }), at: "machines[NODEB]", says: ["is not elevated", "shows no S-1-16-12288", "report no error"] },
  "the wrong architecture (R19)": { world: nodeB({ architecture: "x86" }), at: "machines[NODEB]", says: ["NODEB is x86", "`Get-WmiObject Win32_ComputerSystem | fl SystemType` shows it"] },
  "PowerShell 3.0 (F6)": { world: nodeB({ powershell: "3.0" }), at: "machines[NODEB]", says: ["PowerShell 3.0", "1603", "Remove the Windows Management Framework", "`$PSVersionTable` shows it"] },
  "components that wait for a restart (F5)": { world: nodeB({ restart_pending: ["component_servicing"] }), at: "machines[NODEB]", says: ["Windows components wait for a restart", /reg\.exe query "[^"]*Component Based Servicing\\RebootPending"/] },
  "Windows Update that waits for a restart (F5)": { world: nodeB({ restart_pending: ["windows_update"] }), at: "machines[NODEB]", says: ["Windows Update waits for a restart", /reg\.exe query "[^"]*Auto Update\\RebootRequired"/] },
  "files that wait for a restart (F5)": { world: nodeB({ restart_pending: ["file_rename"] }), at: "machines[NODEB]", says: ["files wait to be replaced", /reg\.exe query "[^"]*Session Manager" \/v PendingFileRenameOperations/, "restart-passive-node.yml"] },
  "an update that waits for a restart (F5)": { world: nodeB({ restart_pending: ["update_exe"] }), at: "machines[NODEB]", says: ["an update waits for a restart", /reg\.exe query "[^"]*Updates" \/v UpdateExeVolatile/] },
  "no room for setup": { world: nodeB({ free_disk: { C: "1999MB" } }), inputs: { folder: "D:\\Rollup" }, at: "room_for_setup[NODEB]", says: ["C: of NODEB has 1999MB left; 2GB are wanted", "`Get-WmiObject Win32_LogicalDisk | ft DeviceID, FreeSpace` shows it"] },
  "no room for the file": { world: nodeB({ free_disk: { D: "1GB" } }), inputs: { folder: "D:\\Rollup" }, at: "room_for_file[NODEB]", says: ["D: of NODEB has 1GB left; 2GB are wanted for D:\\Rollup", "--set folder"] },
  "a folder on a drive that is not there": { world: baseWorld(), inputs: { folder: "E:\\Rollup" }, at: "room_for_file[NODEA]", says: ["NODEA has no drive E:"] },
  "scripts that Group Policy forbids for the machine": { world: nodeB({ execution_policy: { machine: "AllSigned" } }), at: "scripts[NODEB]", says: ["on NODEB to AllSigned", "leave the services down", '`reg.exe query "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell"` shows it'] },
  "scripts that Group Policy forbids for the account": { world: nodeB({ execution_policy: { user: "Restricted" } }), at: "scripts[NODEB]", says: ["on NODEB to Restricted", '"HKCU\\'] },
  "an account without the role of Exchange (F2)": { world: { ...baseWorld(), account: { exchange_role: false } }, at: "rights[NODEA]", says: ["does not have the Exchange Server Administrator role"] },
  "an interim update (F7)": { world: nodeB({ interim_updates: ["951234"] }), at: "level_b", says: ["An interim update is installed", "1648"] },
  "an interim update on the other node (F7)": { world: withNode("NODEA", { interim_updates: ["951234"] }), at: "level_a", says: ["An interim update is installed"] },
  "a setup that ended half-way": { world: nodeB({ updates: ["945684"], file_build: "8.1.240.6" }), at: "level_b", says: ["The registry says 8.1.263.1, the files 8.1.240.6"] },
  "nodes that were named the wrong way round": { world: worldWith({ active: "NODEB" }), at: "roles", says: ["EXCLUS1 is on NODEB, which lacks the rollup, so that is NodeA", "--set node_a=NODEB --set node_b=NODEA", "`Get-ClusteredMailboxServerStatus EXCLUS1` shows it"] },
  "a witness that cannot be reached (F8)": { world: worldWith({ witness: "unreachable" }), at: "sound/votes", says: ["The file share witness is not online", "2 of 3 votes", "loses its quorum"] },
  "what Exchange itself finds wrong (F8)": { world: worldWith({ witness: "unreachable" }), at: "replication", says: ["FileShareQuorum Failed", "`Test-ReplicationHealth` on NODEB shows it"] },
  "a paused node": { world: nodeB({ paused: true }), at: "sound/members", says: ["NODEB", "cluster"] },
  "a copy that has failed": { world: worldWith({ firstStorageGroup: { copy: "Failed", copy_message: "a log is missing" } }), at: "sound/copies", says: ["a log is missing"] },
  "a dismounted database": { world: worldWith({ firstStorageGroup: { mounted: false } }), at: "sound/databases", says: [/dismounted/] },
  "a backup that is too old, where the policy is to stop (F3)": { world: worldWith({ firstStorageGroup: { last_full_backup: "3d" } }), inputs: { backup_policy: "stop" }, at: "backup", says: ["2008-03-12", "older than 1d", "`Get-MailboxDatabase -Server EXCLUS1 -Status | fl Name, LastFullBackup` shows it"] },
  "two levels, where the policy is to stop (F9)": { world: worldWith({ updated: ["NODEB"] }), inputs: { half_done_policy: "stop" }, at: "half_done", says: ["NODEA has 8.1.240.6 and NODEB 8.1.263.1", "the lower one alone"] },
};

const NOTED: Readonly<Record<string, Fault>> = {
  "a policy that allows scripts": { world: nodeB({ execution_policy: { machine: "RemoteSigned" } }), at: "scripts_by_policy[NODEB]", says: ["to RemoteSigned", "It allows scripts", "`reg.exe query"] },
  "no access to revocation lists (F18)": { world: nodeB({ crl_reachable: false }), at: "revocation[NODEB]", says: ["NODEB cannot fetch revocation lists from crl.microsoft.com (The operation has timed out)", "40 to 60 minutes"] },
  "Forefront": { world: nodeB({ services: { FSCController: { display_name: "Microsoft Forefront Server Security Controller" } } }), at: "protection[NODEB]", says: ["FSCController (Forefront for Exchange)", "`fscutility /disable`"] },
  "an antivirus product": { world: withNode("NODEA", { services: { Acme: { display_name: "Acme AntiVirus" } } }), at: "protection[NODEA]", says: ["On NODEA run Acme"] },
  "a group that has failed": { world: withGroups({ Print: { owner: "NODEB", state: "Failed" } }), at: "groups", says: ["Print is Failed on NODEB", "`cluster.exe group` shows it"] },
  "a group that is online in part": { world: withGroups({ Print: { owner: "NODEA", state: "Partially Online" } }), at: "groups", says: ["Print is Partially Online on NODEA"] },
  "changed pages of Outlook Web Access": { world: bothNodes({ files: { [LOGON]: { text: "ours" } } }), at: "customizations_owa", says: ["ClientAccess\\Owa\\auth\\logon.aspx on NODEA", "do the changes again after the rollup"] },
  "a script that only one node has": { world: nodeB({ files: { [HOOK]: { text: COMPLETE } } }), at: "customizations_equal", says: ["not the same on NODEA and NODEB"] },
  "a script that setup will ignore": { world: bothNodes({ files: { [HOOK]: { text: "function PrePatchInstallActions {}\n" } } }), at: "hook_script", says: ["lacks a section", "PatchRollbackActions"] },
  "an old backup, where the policy is a note (F3, G8)": { world: worldWith({ firstStorageGroup: { last_full_backup: "3d" } }), at: "backup", inputs: { backup_policy: "note" }, says: ["older than 1d"] },
  "no backup at all, where the policy is a note (F3)": { world: worldWith({ firstStorageGroup: { last_full_backup: undefined } }), at: "backup", inputs: { backup_policy: "note" }, says: ["there is none"] },
  "two levels, where the policy is a note (F9)": { world: worldWith({ updated: ["NODEA"] }), inputs: { half_done_policy: "note" }, at: "half_done", says: ["NODEA has 8.1.263.1 and NODEB 8.1.240.6"] },
};

function expectSaid(ran: Ran, { at, says }: Fault): void {
  for (const part of says) expect(saidBy(ran, at)).toMatch(part);
}

describe("the preflight", () => {
  test("only looks, and can be run alone", async () => {
    const cluster = await clusterOf(baseWorld());
    const ran = await cluster.run(PREFLIGHT);
    expect(ran.end.exitCode).toBe(0);
    expect(ran.changed).toEqual([]);
    expect(ran.end.openItems).toEqual([]);
    expect(ran.end.outputs).toMatchObject({ active_node: "NODEA", build_a: "8.1.240.6", build_b: "8.1.240.6" });
  });

  test.each([["2003", "8.1.240.6"], ["2008", "8.1.240.6"], ["2008", "8.2.176.2"]] as const)("is satisfied with Server %s and %s", async (os, version) => {
    const base = bothNodes({ os });
    const cluster = await clusterOf({ ...base, packages: [], mailbox_server: { ...base.mailbox_server, version } });
    expect(failedIn(await cluster.run(PREFLIGHT, { build: version }))).toEqual([]);
  });

  test.each(Object.entries(STOPPING))("stops at %s", async (_title, fault) => {
    const cluster = await clusterOf(fault.world);
    const ran = await cluster.run(PREFLIGHT, fault.inputs);
    expect(ran.end.exitCode).toBe(1);
    expect(failedIn(ran)).toContain(fault.at);
    expectSaid(ran, fault);
    expect(ran.changed).toEqual([]);
  });

  test.each(Object.entries(NOTED))("notes %s", async (_title, fault) => {
    const cluster = await clusterOf(fault.world);
    const ran = await cluster.run(PREFLIGHT, fault.inputs);
    expect(ran.end.result).toBe("succeeded");
    expect(ran.end.openItems.map(({ step }) => step)).toEqual([fault.at.replace(/\[.*$/, "")]);
    expectSaid(ran, fault);
    expect(ran.changed).toEqual([]);
  });

  test("has nothing to note of revocation lists that nobody wants", async () => {
    const cluster = await clusterOf(nodeB({ crl_reachable: false, revocation_check: "off" }));
    expect((await cluster.run(PREFLIGHT)).end.openItems).toEqual([]);
  });
});

describe("what the preflight asks a person", () => {
  const old = worldWith({ firstStorageGroup: { last_full_backup: "3d" } });
  const half = worldWith({ updated: ["NODEB"] });

  test.each([["an old backup (F3)", old, "backup"], ["two levels (F9)", half, "half_done"]] as const)("%s goes on in the name of somebody and for a reason, and stays an open item", async (_title, world, step) => {
    const cluster = await clusterOf({ ...world, people: people("skip", "agreed with the owner") });
    const ran = await cluster.run(PREFLIGHT);
    expect(ran.end.result).toBe("succeeded");
    expect(ran.end.openItems).toEqual([expect.objectContaining({ step, because: expect.stringMatching(/skipped by Abe: agreed with the owner$/) })]);
  });

  test.each([["an old backup (F3)", old], ["two levels (F9)", half]] as const)("%s stops where they say so, and waits where nobody is there", async (_title, world) => {
    const stopped = await (await clusterOf({ ...world, people: people("stop") })).run(PREFLIGHT);
    expect([stopped.end.result, stopped.end.exitCode]).toEqual(["stopped", 1]);
    const waiting = await (await clusterOf({ ...world, people: [] })).run(PREFLIGHT);
    expect([waiting.end.result, waiting.end.exitCode]).toEqual(["waiting", 5]);
  });

  test("a backup that runs is waited for (F4)", async () => {
    const cluster = await clusterOf(worldWith({ firstStorageGroup: { backup_running: "40m" } }));
    const ran = await cluster.run(PREFLIGHT);
    expect(ran.end.result).toBe("succeeded");
    expect(cluster.world.state.nowMs - cluster.world.state.epochMs).toBeGreaterThan(40 * 60_000);
  });
});

describe("where everything is wrong at once", () => {
  const bad: NodeFile = {
    os: "2008", elevated: false, architecture: "x86", powershell: "3.0", interim_updates: ["951234"], paused: true, crl_reachable: false,
    restart_pending: ["component_servicing", "windows_update", "file_rename", "update_exe"],
    free_disk: { C: "1GB" }, execution_policy: { machine: "Restricted" }, services: { FSCController: {}, MSExchangeSearch: { start_mode: "Disabled", state: "Stopped" } },
    files: { [HOOK]: { text: "" }, [LOGON]: { text: "ours" } },
  };
  const base = withServer({
    storage: "scc", active: "NODEB",
    storage_groups: { "First Storage Group": { database: "Mailbox Database", mounted: false }, "Second Storage Group": { database: "Archive Database", last_full_backup: "9d", backup_running: "1h" } },
  });
  const world: WorldFile = {
    ...base,
    cluster: { ...base.cluster, witness_reachable: false },
    nodes: { NODEA: {}, NODEB: bad },
    groups: { ...base.groups, Print: { owner: "NODEB", state: "Failed" } },
  };

  test("every fault is reported together, with exit code 1 and nothing changed", async () => {
    const cluster = await clusterOf(world);
    const before = structuredClone(cluster.world.state.nodes);
    const ran = await cluster.run(PREFLIGHT, { backup_policy: "stop", half_done_policy: "stop" });
    expect([ran.end.result, ran.end.exitCode]).toEqual(["stopped", 1]);
    expect(ran.changed).toEqual([]);
    expect(cluster.world.state.nodes).toEqual(before);
    expect(failedIn(ran)).toEqual(expect.arrayContaining([
      "is_ccr", "machines[NODEB]", "room_for_setup[NODEB]", "room_for_file[NODEB]", "scripts[NODEB]", "revocation[NODEB]", "protection[NODEB]", "level_b", "groups",
      "sound/server", "sound/members", "sound/votes", "sound/databases", "customizations_equal", "customizations_owa", "hook_script", "backup",
    ]));
    for (const sentence of ["is not elevated", "NODEB is x86", "waits for a restart", "PowerShell 3.0"]) expect(saidBy(ran, "machines[NODEB]")).toContain(sentence);
    for (const path of ["is_ccr", "machines", "room_for_setup", "scripts", "level_b", "groups", "sound", "backup"]) expect(ran.end.because).toContain(path);
  });
});

describe("the preflight as a file", () => {
  test("has a check that fails in a test for every one of its steps that can fail", () => {
    const found = new Set([...Object.values(STOPPING), ...Object.values(NOTED)].map(({ at }) => at.replace(/[[/].*$/, "")));
    // Inventories and what `sound` calls have tests of their own; a running backup is waited for.
    const own = ["customizations_a", "customizations_b", "no_backup"];
    expect(loadedRunbook(PREFLIGHT).steps.map(({ id }) => id).filter((id) => !found.has(id) && !own.includes(id))).toEqual([]);
  });
});

describe("the restart of a passive node", () => {
  test("clears the way for the procedure, and has nothing to do the second time", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB" }));
    const first = await cluster.run("runbooks/restart-passive-node.yml");
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toContain("restart");
    expect(first.end.outages).toEqual([]);
    expect((await cluster.run("runbooks/restart-passive-node.yml")).end.result).toBe("nothing to do");
    expect((await cluster.run("runbooks/ccr-rollup.yml")).end.result).toBe("succeeded");
  });

  test("is refused on the node that serves", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB", active: "NODEB" }));
    const ran = await cluster.run("runbooks/restart-passive-node.yml");
    expect(ran.end.result).toBe("stopped");
    expect(ran.statuses.get("roles")).toBe("failed");
    expect(ran.changed).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { exchangeRemoveRollup } from "../../../src/builtins/exchange/remove-rollup.ts";
import type { JobResult } from "../../../src/core/action.ts";
import type { Fact, Past, PastAct } from "../../../src/core/builtin.ts";
import { MSIEXEC_EXIT_CODES } from "../../../src/formats/msiexec-exit-codes.ts";
import { act, answer, exsetup, failed, GARBLED, groupTable, LOST, nodeTable, ON_B, PAIR, past, patch, PATCHES, printed, records, resourcesOfPair, setupJob, turn, UR1 } from "./ccr-pair.ts";

const LOG = "C:\\Windows\\Temp\\remove.log";
const EXSETUP = "Get-Item C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe";
const NODES = "cluster.exe node /status";
const BASE = "8.1.240.6";
const BUILD = "8.1.263.1";
const UR2 = "Update Rollup 2 for Exchange Server 2007 Service Pack 1 (KB948016) 8.1.278.2";
const RTM = "Update Rollup 7 for Exchange Server 2007 (KB953469) 8.0.813.0";

/** Packed codes as the registry has them, and the first of them as a command line has it. */
const PACKED = "461C2B4266EDEF444B864AD6D9E5B613";
const OTHER = "0123456789ABCDEF0123456789ABCDEF";
const CODE = "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}";

const registry = (...patches: readonly string[]): Fact => printed(`\r\n${patches.join("")}`);
const WITH_UR1 = { [PATCHES]: registry(patch(UR1, 1, PACKED)), [EXSETUP]: exsetup("08.01.0263.001") };
const WITH_UR2 = { [PATCHES]: registry(patch(UR1, 2, OTHER), patch(UR2, 1, PACKED)), [EXSETUP]: exsetup("08.01.0278.002") };
const jobs = (...found: readonly JobResult[]): Fact => answer({ jobs: found });
const removal = (changes: Partial<JobResult> = {}): JobResult => setupJob({ args: ["/package", CODE, "/uninstall", CODE, "/quiet"], ...changes });
const ended = (exitCode: number, changes: Partial<JobResult> = {}): Fact => jobs(removal({ state: "ended", exitCode, endedAt: "2008-03-15T09:20:00Z", ...changes }));
const STARTED: PastAct = act("remove", "ok", { job: "job1", fill: { patch: CODE, build_before: BUILD, leaves: BASE }, result: removal() });

function go(changes: Readonly<Record<string, Fact>> = WITH_UR1, before: Partial<Past> = {}, inputs: Readonly<Record<string, unknown>> = {}) {
  return turn(exchangeRemoveRollup, { build: BUILD, mailbox_server: "EXCLUS1", log: LOG, ...inputs }, { ...PAIR, ...changes }, past(before));
}
const decide = (...given: Parameters<typeof go>) => go(...given).decision;
const clock = (now: string): Fact => records({ LocalDateTime: now, LastBootUpTime: "2008-03-01T00:00:00.000Z" });
/** After the start: the job is over; the base is back unless the changes say otherwise. */
const after = (changes: Readonly<Record<string, Fact>>) => decide(changes, { acts: [STARTED] });

describe("on the passive node", () => {
  test("msiexec is started as a job, with the patch code that the registry has packed", () => {
    const { decision, actions } = go();
    expect(decision).toEqual({
      kind: "act",
      actions: [{ action: "remove", fill: { patch: CODE, build_before: BUILD, leaves: BASE } }],
      because: "the node is at 8.1.263.1, and is at 8.1.240.6 without that rollup; it owns no group, and the rest of the cluster can carry on alone",
    });
    expect(actions).toEqual([{ kind: "job", program: "msiexec.exe", args: ["/package", CODE, "/uninstall", CODE, "/quiet", "/norestart", "/l*vx", LOG], log: LOG }]);
  });
  test("the rollup that was covered comes back, not one of an earlier service pack", () => {
    expect(decide({ ...WITH_UR2, [PATCHES]: registry(patch(UR1, 2, OTHER), patch(UR2, 1, PACKED), patch(RTM, 4, OTHER)) }, {}, { build: "8.1.278.2" })).toMatchObject({ actions: [{ fill: { leaves: BUILD } }] });
    expect(decide({ [PATCHES]: registry(patch(UR1, 1, PACKED), patch(RTM, 4, OTHER)), [EXSETUP]: exsetup("08.01.0263.001") })).toMatchObject({ actions: [{ fill: { leaves: BASE } }] });
  });
  test("a rollup that is only registered, because setup was not elevated, is removed too (F22)", () => {
    expect(decide({ ...WITH_UR1, [EXSETUP]: exsetup("08.01.0240.006") }).kind).toBe("act");
  });
  test.each([
    ["a node on the base", {}, {}, BASE],
    ["a node with an older rollup", WITH_UR1, { build: "8.1.278.2" }, BUILD],
    ["a node at the wanted build", WITH_UR1, { build: "8.1.278.2", to_build: BUILD }, BUILD],
    ["a node below the wanted build", {}, { build: "8.1.278.2", to_build: BUILD }, BASE],
  ] as const)("%s is left alone, and nobody asks who owns what", (_case, changes, inputs, build) => {
    const { decision, calls } = go(changes, {}, inputs);
    expect(decision).toMatchObject({ kind: "done", outputs: { build_before: build, build, restart_required: false } });
    expect(Object.keys(calls)).not.toContain("groups");
  });
});

describe("it refuses", () => {
  test.each<[string, Readonly<Record<string, Fact>>, Readonly<Record<string, unknown>>, string, string]>([
    ["the node that serves", { ...WITH_UR1, "Get-ClusteredMailboxServerStatus": ON_B }, {}, "owns_mailbox_server", "EXCLUS1"],
    ["a node that owns a group", { ...WITH_UR1, "cluster.exe group /status": groupTable("Cluster Group        NODEB           Online", "EXCLUS1              NODEA           Online") }, {}, "owns_group", "Cluster Group"],
    ["where the other node is not Up", { ...WITH_UR1, [NODES]: nodeTable("NODEA 1 Paused", "NODEB 2 Up") }, {}, "other_node_not_up", "NODEA"],
    ["where the quorum cannot spare a vote", { ...WITH_UR1, "cluster.exe res /status": resourcesOfPair("Failed") }, {}, "no_quorum_margin", "votes"],
    ["while a setup runs, or one left the services Disabled", { ...WITH_UR1, "Get-WmiObject Win32_Service": records({ Name: "MSExchangeIS", StartMode: "Disabled", State: "Stopped" }) }, {}, "setup_running", "MSExchangeIS"],
    ["a rollup under a newer one", WITH_UR2, {}, "newer_rollup", "8.1.278.2"],
    ["files newer than what is registered", { [EXSETUP]: exsetup("08.01.0263.001") }, {}, "half_installed", "reg.exe query"],
    ["what cannot be removed", { ...WITH_UR1, [PATCHES]: registry(patch(UR1, 1, PACKED).replace("    Empty", "    Uninstallable    REG_DWORD    0x0\r\n    Empty")) }, {}, "not_removable", "Uninstallable"],
    ["a key that is no patch code", { ...WITH_UR1, [PATCHES]: registry(patch(UR1, 1)) }, {}, "not_applied", "patch code"],
    ["where another level would come back", WITH_UR1, { to_build: "8.1.250.0" }, "other_level", BASE],
    ["where another rollup than the named one keeps it above the wanted level", WITH_UR1, { build: "8.1.278.2", to_build: BASE }, "other_level", BUILD],
    ["where the installer works on something else", { ...WITH_UR1, jobs: jobs(setupJob()) }, {}, "installer_busy", "/update"],
    ["where Exchange is not installed", { [PATCHES]: registry(), "reg.exe query HKLM\\SOFTWARE\\Microsoft\\Exchange\\Setup /v MsiInstallPath": printed("", 1, "ERROR") }, {}, "not_found", "not installed"],
    ["a missing right", { ...WITH_UR1, [PATCHES]: failed("denied", "no right") }, {}, "denied", "no right"],
  ])("%s", (_case, changes, inputs, code, because) => {
    const decision = decide(changes, {}, inputs);
    expect(decision).toMatchObject({ kind: "refuse", code });
    expect(decision).toHaveProperty("because", expect.stringContaining(because));
  });
  test.each(Object.entries(GARBLED))("%s in place of the patches", (_case, fact) => {
    expect(decide({ ...WITH_UR1, [PATCHES]: fact }).kind).not.toBe("act");
  });
});

describe("while msiexec runs", () => {
  test("it is waited for, also one of another run, and no second one is started", () => {
    expect(decide({ jobs: jobs(removal()) }, { acts: [STARTED] })).toMatchObject({ kind: "wait" });
    expect(decide({ ...WITH_UR1, jobs: jobs(removal({ name: "of another run", args: ["/package", CODE, "/uninstall", CODE.toLowerCase()] })) })).toMatchObject({ kind: "wait" });
  });
  test.each([["ok"], ["lost"], ["in-doubt"]] as const)("a channel that broke after a start with the outcome %s is waited for", (outcome) => {
    expect(decide({ jobs: LOST }, { acts: [{ ...STARTED, outcome }] })).toMatchObject({ kind: "wait", because: expect.stringContaining("is not started again") as string });
  });
  test("a start that nobody saw is made again where the node does not know the job, under the same guards", () => {
    const inDoubt = { acts: [{ ...STARTED, outcome: "in-doubt" as const }] };
    expect(decide(WITH_UR1, inDoubt).kind).toBe("act");
    expect(decide({ ...WITH_UR1, "Get-ClusteredMailboxServerStatus": ON_B }, inDoubt)).toMatchObject({ kind: "fail", code: "owns_mailbox_server" });
  });
});

describe("after msiexec", () => {
  test("both witnesses show the level that was to come back, and the node is in the cluster", () => {
    expect(after({ jobs: ended(0) })).toEqual({
      kind: "done",
      outputs: { build_before: BUILD, build: BASE, exit_code: 0, restart_required: false, in_cluster: true },
      because: "msiexec ended with 0 (SUCCESS); registry and ExSetup.exe say 8.1.240.6 again",
    });
  });
  test("the node is waited for until it has joined", () => {
    expect(after({ jobs: ended(0), [NODES]: nodeTable("NODEA 1 Up", "NODEB 2 Joining"), "Get-WmiObject Win32_OperatingSystem": clock("2008-03-15T09:25:00Z") })).toMatchObject({ kind: "wait", because: expect.stringContaining("Joining") as string });
  });
  test("a node that has not joined in its time is told, so that its Cluster service can be started (F25)", () => {
    expect(after({ jobs: ended(0), [NODES]: nodeTable("NODEA 1 Up", "NODEB 2 Down"), "Get-WmiObject Win32_OperatingSystem": clock("2008-03-15T09:40:00Z") })).toMatchObject({ kind: "done", outputs: { build: BASE, in_cluster: false }, because: expect.stringContaining("cluster.start_node") as string });
  });
  test("files in use go with the restart that 3010 asks for", () => {
    expect(after({ jobs: ended(3010), [EXSETUP]: exsetup("08.01.0263.001") })).toMatchObject({ kind: "done", outputs: { build: BASE, exit_code: 3010, restart_required: true } });
  });
  test("a node that restarts by itself is waited for", () => {
    expect(after({ jobs: ended(1641) })).toMatchObject({ kind: "wait", because: expect.stringContaining("restart") as string });
  });
  test.each<[string, Readonly<Record<string, Fact>>, string]>([
    ["files that stayed", { jobs: ended(0), [EXSETUP]: exsetup("08.01.0263.001") }, "half_removed"],
    ["a registry that did not change", { jobs: ended(0), ...WITH_UR1 }, "wrong_build"],
    ["another level than was to come back", { jobs: ended(0), [PATCHES]: registry(patch("Update Rollup 0 for Exchange Server 2007 8.1.250.0", 1, OTHER)), [EXSETUP]: exsetup("08.01.0250.000") }, "wrong_build"],
    ["a restart under msiexec, with the rollup still there", { jobs: jobs(removal({ state: "lost" })), ...WITH_UR1 }, "interrupted"],
    ["a job that vanished", { jobs: jobs() }, "interrupted"],
  ])("%s: it fails", (_case, changes, code) => {
    expect(after(changes)).toMatchObject({ kind: "fail", code });
  });
  test("a restart under msiexec that came after the removal is no failure", () => {
    expect(after({ jobs: jobs(removal({ state: "lost" })) })).toMatchObject({ kind: "done", outputs: { build: BASE } });
  });
  test("that the rollup is not applied any more is no failure where the level is back", () => {
    expect(after({ jobs: ended(1647) })).toMatchObject({ kind: "done" });
    expect(after({ jobs: ended(1647), ...WITH_UR1 })).toMatchObject({ kind: "fail", code: "not_applied" });
  });
  test.each([
    [1605, "wrong_node"], [1646, "not_removable"], [1649, "forbidden"], [1603, "remove_failed"], [1618, "installer_busy"], [1612, "source_missing"], [1635, "source_missing"], [1602, "stopped_by_user"], [4711, "remove_failed"],
  ])("exit code %i is %s, with where the log lies", (exitCode, code) => {
    const decision = after({ jobs: ended(exitCode), ...WITH_UR1 });
    expect(decision).toMatchObject({ kind: "fail", code });
    expect(decision).toHaveProperty("because", expect.stringContaining(LOG));
  });
  test("every exit code has a code that the builtin declares", () => {
    for (const exitCode of MSIEXEC_EXIT_CODES.keys()) {
      const decision = after({ jobs: ended(exitCode), ...WITH_UR1 });
      if (decision.kind === "fail") expect(Object.keys(exchangeRemoveRollup.codes)).toContain(decision.code);
    }
  });
  test("a start that was refused ends the step", () => {
    expect(decide(WITH_UR1, { acts: [act("remove", "failed", { failure: { code: "denied", because: "no right" } })] })).toEqual({ kind: "fail", code: "denied", because: "the installer could not be started: no right" });
  });
});

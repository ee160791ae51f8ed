import { describe, expect, test } from "vitest";
import { exchangeInstallRollup } from "../../../src/builtins/exchange/install-rollup.ts";
import type { JobResult } from "../../../src/core/action.ts";
import type { Fact, Past, PastAct } from "../../../src/core/builtin.ts";
import { MSIEXEC_EXIT_CODES } from "../../../src/formats/msiexec-exit-codes.ts";
import {
  act, answer, exsetup, failed, GARBLED, groupTable, LOST, nodeTable, ON_B, PAIR, past, PATCHED, PATCHES, printed, records, resourcesOfPair, setupJob, status, turn,
} from "./ccr-pair.ts";

const FILE = "D:\\ur\\package.msp";
const EXSETUP = "Get-Item C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe";
const STAT = `stat ${FILE}`;
const NODES = "cluster.exe node /status";
const JOINING = nodeTable("NODEA 1 Up", "NODEB 2 Joining");
const NEW_FILE = exsetup("08.01.0263.001");
const STARTED: PastAct = act("install", "ok", { job: "job1", fill: { build_before: "8.1.240.6" }, result: setupJob() });

const jobs = (...found: readonly JobResult[]): Fact => answer({ jobs: found });
const ended = (exitCode: number, changes: Partial<JobResult> = {}): Fact => jobs(setupJob({ state: "ended", exitCode, endedAt: "2008-03-15T09:20:00Z", ...changes }));

function go(changes: Readonly<Record<string, Fact>> = {}, before: Partial<Past> = {}, inputs: Readonly<Record<string, unknown>> = {}) {
  return turn(exchangeInstallRollup, { file: FILE, build: "8.1.263.1", mailbox_server: "EXCLUS1", ...inputs }, { ...PAIR, ...changes }, past(before));
}
const decide = (...given: Parameters<typeof go>) => go(...given).decision;
/** After the start: the job is over, and both witnesses show the build. */
const after = (changes: Readonly<Record<string, Fact>>) => decide({ [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE, ...changes }, { acts: [STARTED] });

describe("on the passive node", () => {
  test("the installer is started as a job, with its log beside the package", () => {
    const { decision, actions } = go();
    expect(decision).toEqual({
      kind: "act",
      actions: [{ action: "install", fill: { build_before: "8.1.240.6" } }],
      because: "the node is at 8.1.240.6 and 8.1.263.1 is wanted; it owns no group, and the rest of the cluster can carry on alone",
    });
    expect(actions).toEqual([{ kind: "job", program: "msiexec.exe", args: ["/update", FILE, "/quiet", "/norestart", "/l*vx", `${FILE}.log`], log: `${FILE}.log` }]);
  });
  test("the log may lie elsewhere", () => {
    expect(go({}, {}, { log: "E:\\logs\\ur.log" }).actions).toMatchObject([{ args: ["/update", FILE, "/quiet", "/norestart", "/l*vx", "E:\\logs\\ur.log"], log: "E:\\logs\\ur.log" }]);
  });
  test("who owns what is read last", () => {
    expect(Object.keys(go().calls).slice(-2)).toEqual(["groups", "status"]);
  });
});

test.each([
  ["the build", { [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE }, "8.1.263.1"],
  ["a newer one", { [PATCHES]: printed("HKEY_LOCAL_MACHINE\\A\r\n    DisplayName    REG_SZ    Update Rollup 2 8.1.278.2\r\n    State    REG_DWORD    0x1\r\n"), [EXSETUP]: exsetup("8.1.278.2") }, "8.1.278.2"],
])("a node that is at %s is left alone, whoever owns what and whether the package is there or not", (_case, level, build) => {
  const { decision, calls } = go({ ...level, "Get-ClusteredMailboxServerStatus": ON_B, [STAT]: LOST });
  expect(decision).toEqual({ kind: "done", outputs: { build_before: build, build, restart_required: false, log: `${FILE}.log` }, because: `the node is already at ${build}, and 8.1.263.1 is wanted` });
  expect(Object.keys(calls)).not.toContain("groups");
});

test.each([
  ["the node owns the mailbox server", { "Get-ClusteredMailboxServerStatus": ON_B }, "owns_mailbox_server", "NODEB owns EXCLUS1 (Online) at this moment"],
  ["the node is the active one by another name's case", { "hostname.exe": printed("nodea\r\n") }, "owns_mailbox_server", "NODEA owns EXCLUS1"],
  ["the node owns the core group", { "cluster.exe group /status": groupTable("Cluster Group        NODEB           Online", "Available Storage    NODEA           Offline", "EXCLUS1              NODEA           Online") }, "owns_group", "NODEB owns Cluster Group"],
  ["the node owns a group that is offline", { "cluster.exe group /status": groupTable("Cluster Group        NODEA           Online", "Available Storage    NODEB           Offline", "EXCLUS1              NODEA           Online") }, "owns_group", "NODEB owns Available Storage"],
  ["no node is active", { "Get-ClusteredMailboxServerStatus": status("Offline", ["NODEA", "NODEB"]) }, "not_known", "EXCLUS1 is Offline"],
  ["the machine is no node", { "hostname.exe": printed("ADMIN1\r\n") }, "not_a_node", "ADMIN1 is no node of the cluster (NODEA, NODEB)"],
  ["the other node is down", { [NODES]: nodeTable("NODEA 1 Down", "NODEB 2 Up") }, "other_node_not_up", "NODEA is Down"],
  ["the other node is paused", { [NODES]: nodeTable("NODEA 1 Paused", "NODEB 2 Up") }, "other_node_not_up", "NODEA is Paused"],
  ["the witness failed", { "cluster.exe res /status": resourcesOfPair("Failed") }, "no_quorum_margin", "the cluster has 2 of 3 votes and needs 2"],
  ["the package is missing", { [STAT]: answer({ exists: false, bytes: 0, sha256: "", folder: false }) }, "not_found", `${FILE} does not exist`],
  ["the package is empty", { [STAT]: answer({ exists: true, bytes: 0, sha256: "", folder: false }) }, "not_found", `${FILE} is empty`],
  ["the package is a folder", { [STAT]: answer({ exists: true, bytes: 0, sha256: "", folder: true }) }, "not_found", `${FILE} is a folder`],
  ["services of Exchange are disabled", { "Get-WmiObject Win32_Service": records({ Name: "MSExchangeIS", StartMode: "Disabled" }, { Name: "MSExchangePOP3", StartMode: "Disabled" }) }, "setup_running", "Disabled: MSExchangeIS. A setup runs here"],
  ["the installer works on something else", { jobs: jobs(setupJob({ name: "other", args: ["/i", "D:\\other.msi"] })) }, "installer_busy", "/i D:\\other.msi"],
  ["an earlier installation is half done", { [PATCHES]: PATCHED }, "half_installed", "the registry says 8.1.263.1, ExSetup.exe says 8.1.240.6"],
  ["the status cannot be read", { "Get-ClusteredMailboxServerStatus": LOST }, "unreachable", "the channel broke"],
  ["the jobs cannot be read", { jobs: failed("denied", "no") }, "denied", "no"],
  ["no service is read", { "Get-WmiObject Win32_Service": records() }, "unreadable", "no service of Exchange"],
])("it refuses where %s", (_case, changes, code, because) => {
  expect(decide(changes)).toMatchObject({ kind: "refuse", code, because: expect.stringContaining(because) as string });
});

test("a package for another service pack is refused before it is tried", () => {
  expect(decide({}, {}, { build: "8.3.106.2" })).toMatchObject({ kind: "refuse", code: "wrong_package" });
});

describe.each([["hostname.exe"], [NODES], ["cluster.exe group /status"], ["cluster.exe res /status"], [PATCHES]])("%s", (command) => {
  test.each(Object.entries(GARBLED))("with %s is refused as unreadable", (_case, fact) => {
    expect(decide({ [command]: fact })).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
});

describe("while the installer runs", () => {
  test("only the jobs are read, and the sentence tells time and growth of the log", () => {
    const before = { jobs: jobs(setupJob({ logBytes: 1_000 })) };
    const { decision, calls } = go({ jobs: jobs(setupJob()) }, { acts: [STARTED], elapsedMs: 725_400, previous: before });
    expect(decision).toMatchObject({ kind: "wait", because: "msiexec runs since 2008-03-15T09:00:00Z (12m5s in this step; 10 to 25 minutes as a rule); its log has 4 kB, 3 kB more than at the last look" });
    expect(Object.keys(calls)).toEqual(["jobs"]);
  });
  test("a log that does not grow, and a slow installation, are said", () => {
    const decision = decide({ jobs: jobs(setupJob()) }, { acts: [STARTED], elapsedMs: 2_700_000, previous: { jobs: jobs(setupJob()) } });
    expect(decision).toMatchObject({ kind: "wait", because: expect.stringMatching(/no more than at the last look\. It is slow;/) as string });
  });
  test("one of an earlier run is waited for, by whatever spelling of the path, and never a second one started", () => {
    const other = setupJob({ name: "of another run", program: "C:\\Windows\\System32\\MSIEXEC.EXE", args: ["/p", "d:/UR/package.msp"] });
    expect(decide({ jobs: jobs(other) }).kind).toBe("wait");
  });
  test.each([["ok"], ["lost"], ["in-doubt"]] as const)("a channel that broke after a start with the outcome %s is waited for", (outcome) => {
    expect(decide({ jobs: LOST }, { acts: [act("install", outcome, { job: "job1" })] })).toMatchObject({ kind: "wait", because: expect.stringContaining("is not started again") as string });
  });
});

describe("after a start that nobody saw", () => {
  const inDoubt = { acts: [act("install", "in-doubt", { job: "job1", fill: { build_before: "8.1.240.6" } })] };
  test("it is started again, under the same guards, where the node does not know the job", () => {
    expect(decide({}, inDoubt).kind).toBe("act");
    expect(decide({ "Get-ClusteredMailboxServerStatus": ON_B }, inDoubt)).toMatchObject({ kind: "fail", code: "owns_mailbox_server" });
  });
  test("its job is found where the node knows it", () => {
    expect(decide({ jobs: ended(0), [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE }, inDoubt)).toMatchObject({ kind: "done", outputs: { exit_code: 0 } });
  });
});

test("a start that was refused ends the step", () => {
  expect(decide({}, { acts: [act("install", "failed", { failure: { code: "denied", because: "no right" } })] })).toEqual({ kind: "fail", code: "denied", because: "the installer could not be started: no right" });
});

test("a job that the node forgot is not started again", () => {
  expect(decide({}, { acts: [STARTED] })).toMatchObject({ kind: "fail", code: "interrupted" });
});

describe("when the installer has ended", () => {
  test("with 0, both witnesses and the node in the cluster, it is done", () => {
    expect(after({ jobs: ended(0) })).toEqual({
      kind: "done",
      outputs: { build_before: "8.1.240.6", build: "8.1.263.1", exit_code: 0, restart_required: false, log: `${FILE}.log` },
      because: "msiexec ended with 0 (SUCCESS); registry and ExSetup.exe say 8.1.263.1",
    });
  });
  test("with 3010, the restart is asked for", () => {
    expect(after({ jobs: ended(3010) })).toMatchObject({ kind: "done", outputs: { exit_code: 3010, restart_required: true } });
  });
  test("with 3010 and a file in use, it is done as far as it can be before the restart", () => {
    expect(after({ jobs: ended(3010), [EXSETUP]: exsetup("8.1.240.6") })).toMatchObject({ kind: "done", outputs: { build: "8.1.240.6", restart_required: true } });
  });
  test("with 1641, the restart is waited for and not asked for", () => {
    expect(after({ jobs: ended(1641) })).toMatchObject({ kind: "wait", because: expect.stringContaining("waiting for the node to restart") as string });
    const booted = { "Get-WmiObject Win32_OperatingSystem": records({ LastBootUpTime: "2008-03-15T09:25:00Z" }) };
    expect(after({ jobs: ended(1641), ...booted })).toMatchObject({ kind: "done", outputs: { exit_code: 1641, restart_required: false } });
  });
  test.each([["the node still joins", { [NODES]: JOINING }], ["its Cluster service is stopped", { [NODES]: printed("", 1753) }], ["nothing can be read", { "hostname.exe": LOST }]])("with 0, it waits while %s", (_case, changes) => {
    expect(after({ jobs: ended(0), ...changes }).kind).toBe("wait");
  });
  test.each([
    ["old files", { [EXSETUP]: exsetup("8.1.240.6") }, "half_installed"],
    ["an old registry", { [PATCHES]: PAIR[PATCHES] as Fact }, "half_installed"],
    ["nothing new", { [PATCHES]: PAIR[PATCHES] as Fact, [EXSETUP]: exsetup("8.1.240.6") }, "wrong_build"],
    ["old files while the node still joins", { [EXSETUP]: exsetup("8.1.240.6"), [NODES]: JOINING }, "half_installed"],
  ])("with 0 and %s, it fails", (_case, changes, code) => {
    expect(after({ jobs: ended(0), ...changes })).toMatchObject({ kind: "fail", code });
  });
  test.each([[1618, "installer_busy"], [1603, "install_failed"], [1642, "wrong_package"], [1636, "wrong_package"], [1633, "wrong_package"], [1635, "package_unreadable"], [1622, "log_not_writable"], [99, "install_failed"]])("with %i, it fails as %s and names code and log", (exitCode, code) => {
    const decision = after({ jobs: ended(exitCode), [NODES]: LOST });
    expect(decision).toMatchObject({ kind: "fail", code });
    expect(decision.kind === "fail" && decision.because).toMatch(new RegExp(`^msiexec ended with ${exitCode} .*package\\.msp\\.log$`));
  });
  test("by a restart of the node, the witnesses decide", () => {
    const lost = jobs(setupJob({ state: "lost" }));
    expect(after({ jobs: lost })).toMatchObject({ kind: "done", outputs: { build: "8.1.263.1", restart_required: false } });
    expect(after({ jobs: lost, [EXSETUP]: exsetup("8.1.240.6") })).toMatchObject({ kind: "fail", code: "interrupted" });
    expect(after({ jobs: lost, [EXSETUP]: exsetup("8.1.240.6"), [NODES]: JOINING }).kind).toBe("wait");
  });
  test("in an earlier attempt, a new one is started after the guards", () => {
    expect(decide({ jobs: ended(1618) }, { attempt: 2, acts: [STARTED] }).kind).toBe("act");
  });
});

test("every failure of an exit code is among the codes of the builtin", () => {
  const failures = [...MSIEXEC_EXIT_CODES.values()].map(({ outcome }) => outcome).filter((outcome) => !outcome.startsWith("installed"));
  expect(failures.filter((outcome) => !(outcome in exchangeInstallRollup.codes))).toEqual([]);
});

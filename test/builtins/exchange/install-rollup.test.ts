import { describe, expect, test } from "vitest";
import type { Fact, Past } from "../../../src/core/builtin.ts";
import { CLOCK, clock, decide, ended, EXSETUP, FILE, go, jobs, minuteOf, NEW_FILE, NODES, said, STARTED, STAT } from "./an-install.ts";
import { act, answer, exsetup, failed, GARBLED, groupTable, LOST, nodeTable, ON_B, PATCHED, PATCHES, printed, records, resourcesOfPair, setupJob, status } from "./ccr-pair.ts";

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
  expect(decision).toEqual({ kind: "done", outputs: { outcome: "installed", build_before: build, build, restart_required: false, in_cluster: true, log: `${FILE}.log` }, because: `the node is already at ${build}, and 8.1.263.1 is wanted` });
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

const LOG_FILE = `Get-Item ${FILE}.log`;
const written = (minutes: number): Fact => records({ Length: 4_000, LastWriteTimeUtc: minuteOf(minutes) });

describe("while the installer runs", () => {
  const running = jobs(setupJob());
  /** The log has grown since the look before, or stands still since a minute of the hour. */
  const at = (minutes: number, growth: "grows" | number, answers: Past["answers"] = []) => go(
    { jobs: running, [CLOCK]: clock(minutes), ...(growth === "grows" ? {} : { [LOG_FILE]: written(growth) }) },
    { acts: [STARTED], elapsedMs: minutes * 60_000, previous: { jobs: growth === "grows" ? jobs(setupJob({ logBytes: 1_000 })) : running }, answers },
  );
  test("the sentence tells time and growth of the log, and nothing but jobs and clock is read", () => {
    const { decision, calls } = at(12, "grows");
    expect(decision).toEqual({ kind: "wait", everyMs: 15_000, because: "msiexec runs since 2008-03-15T09:00:00Z (12m in this step; 10 to 25 minutes as a rule); its log has 4 kB, 3 kB more than at the last look" });
    expect(Object.keys(calls)).toEqual(["jobs", "clock"]);
  });
  test("a log that does not grow is looked at: when was it last written?", () => {
    expect(Object.keys(at(12, 11).calls)).toEqual(["jobs", "clock", "log_file"]);
    expect(at(12, 11).decision).toMatchObject({ kind: "wait", because: expect.stringContaining("no more than at the last look") as string });
  });
  test.each<[string, number, "grows" | number, object]>([
    ["not slow before 45 minutes", 44, "grows", { kind: "wait" }],
    ["slow after 45 minutes, with a warning", 45, "grows", { kind: "wait", because: expect.stringContaining("It is slow;"), warning: { code: "slow_setup", message: expect.stringMatching(/^setup on nodeb runs for 45m\. It is slow; .*Do not end msiexec$/) } }],
    ["still waited for just before two hours", 119, "grows", { kind: "wait" }],
    ["asked about after two hours, although its log grows", 120, "grows", { kind: "ask", question: { kind: "choose", text: "Setup on nodeb runs for more than 2h. Go on waiting?", choices: { wait: expect.any(String), stop: expect.any(String) } } }],
    ["waited for while its log stood still for less than 20 minutes", 39, 20, { kind: "wait" }],
    ["asked about when its log stood still for 20 minutes: it hangs", 40, 20, { kind: "ask", question: { text: expect.stringContaining("probably hangs at a dialog") }, because: expect.stringMatching(/It hangs: nothing was written for 20m, probably because a dialog waits at the console/) }],
  ])("it is %s", (_case, minutes, growth, decision) => {
    expect(at(minutes, growth).decision).toMatchObject(decision);
  });
  test("nobody is ever asked to end msiexec, and told not to", () => {
    const { decision } = at(120, 20);
    expect(decision.kind === "ask" ? decision.question.show.at(-1) : "").toMatch(/Nothing here ends msiexec, and nobody should/);
  });
  test("where a person says that it is to be waited for, they are asked again an hour later", () => {
    expect(at(130, 20, [said("wait", 121)]).decision.kind).toBe("wait");
    expect(at(181, 20, [said("wait", 121)]).decision.kind).toBe("ask");
  });
  test("where they end the wait, the step ends, and msiexec is left alone", () => {
    expect(at(122, 20, [said("stop", 121, "I go home")]).decision).toMatchObject({ kind: "fail", code: "given_up", because: expect.stringMatching(/Ann ended the wait: I go home\. msiexec was not ended$/) });
  });
  test("without the node's clock, the time in the step counts", () => {
    const asked = decide({ jobs: running, [CLOCK]: LOST }, { acts: [STARTED], elapsedMs: 120 * 60_000 });
    expect(asked.kind).toBe("ask");
  });
  test("a node that does not answer for two hours is asked about, and for three after somebody wants to wait", () => {
    const silent = (minutes: number, answers: Past["answers"] = []) => decide({ jobs: LOST }, { acts: [STARTED], elapsedMs: minutes * 60_000, answers });
    expect(silent(119).kind).toBe("wait");
    expect(silent(120)).toMatchObject({ kind: "ask", question: { text: "nodeb does not answer, and setup was started there. Go on waiting?" } });
    expect(silent(121, [said("wait", 121)]).kind).toBe("wait");
    expect(silent(180, [said("wait", 121)]).kind).toBe("ask");
    expect(silent(121, [said("stop", 121)])).toMatchObject({ kind: "fail", code: "given_up" });
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

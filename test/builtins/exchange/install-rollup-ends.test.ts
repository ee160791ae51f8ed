import { describe, expect, test } from "vitest";
import { exchangeInstallRollup } from "../../../src/builtins/exchange/install-rollup.ts";
import type { Fact, Past, PastAct } from "../../../src/core/builtin.ts";
import { MSIEXEC_EXIT_CODES } from "../../../src/formats/msiexec-exit-codes.ts";
import { CLOCK, clock, decide, ended, EXSETUP, FILE, go, jobs, NEW_FILE, NODES, said, STARTED, STAT } from "./an-install.ts";
import { act, answer, exsetup, LOST, nodeTable, ON_B, PAIR, PATCHED, PATCHES, printed, PROPERTIES, records, setupJob } from "./ccr-pair.ts";

/** After the start: the job is over, and both witnesses show the build. */
const after = (changes: Readonly<Record<string, Fact>>) => decide({ [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE, ...changes }, { acts: [STARTED] });

const JOINING = nodeTable("NODEA 1 Up", "NODEB 2 Joining");

describe("when the installer has ended", () => {
  test("with 0, both witnesses and the node in the cluster, it is done", () => {
    expect(after({ jobs: ended(0) })).toEqual({
      kind: "done",
      outputs: { outcome: "installed", build_before: "8.1.240.6", build: "8.1.263.1", exit_code: 0, restart_required: false, in_cluster: true, log: `${FILE}.log` },
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

type Reaction = "done" | "wait" | "fail" | "ask" | "act";

/** Every exit code of the domain page, 4.7: what is decided, the failure code, and the cause and the cure that are said. */
const CODES: readonly (readonly [exitCode: number, kind: Reaction, code: string, causeAndCure: RegExp])[] = [
  [0, "done", "", /registry and ExSetup\.exe say 8\.1\.263\.1/],
  [3010, "done", "", /registry and ExSetup\.exe say 8\.1\.263\.1/],
  [1641, "wait", "", /waiting for the node to restart/],
  [13, "fail", "bad_command", /invalid data\. The runbook or the file name is wrong/],
  [87, "fail", "bad_command", /parameter is invalid\. The runbook/],
  [1639, "fail", "bad_command", /option is invalid\. The runbook/],
  [1601, "act", "", /cannot be reached.*sc\.exe start msiserver/],
  [1631, "act", "", /did not start.*sc\.exe start msiserver/],
  [1602, "fail", "stopped_by_user", /Somebody at the console cancelled it\. Find out who works on the node/],
  [1603, "fail", "install_failed", /failed and was rolled back\. Remove the cause.*left Disabled: give them back/],
  [1604, "fail", "restart_first", /was suspended\. Restart the node while it is passive/],
  [1652, "fail", "restart_first", /safe mode\. Restart it normally while it is passive/],
  [1605, "ask", "not_installed", /product is not installed here.*Compare the node and the package/],
  [1638, "ask", "not_installed", /Another version.*Compare the node and the package/],
  [1612, "ask", "source_missing", /cached package is missing.*installation media/],
  [1613, "fail", "installer_too_old", /newer Windows Installer\. Install Windows Installer 4\.5/],
  [1637, "fail", "installer_too_old", /newer Windows Installer\. Install Windows Installer 4\.5/],
  [1618, "fail", "installer_busy", /Another installation is running.*try again in some minutes/],
  [1619, "fail", "package_unreadable", /package cannot be opened\. Copy it again and compare its hash/],
  [1635, "fail", "package_unreadable", /patch cannot be opened\. Copy it again and compare its hash/],
  [1620, "fail", "wrong_package", /no valid package.*Download it again/],
  [1636, "fail", "wrong_package", /no valid patch.*Download it again/],
  [1622, "ask", "log_not_writable", /log cannot be opened\. Its folder must exist/],
  [1625, "ask", "forbidden", /policy forbids the installation.*Policies.*allow it/],
  [1643, "ask", "forbidden", /policy forbids the patch.*Policies.*allow it/],
  [1644, "ask", "forbidden", /policy forbids a part of the patch.*Policies.*allow it/],
  [1632, "ask", "no_space", /temporary folder is full.*Free space/],
  [1633, "fail", "wrong_package", /another architecture.*Take the file for the architecture/],
  [1640, "fail", "wrong_session", /remote session\. Reach the node by another transport/],
  [1645, "fail", "wrong_session", /remote session\. Reach the node by another transport/],
  [1642, "fail", "wrong_package", /another service pack\. Nothing was changed\. Take the rollup for/],
  [1646, "fail", "install_failed", /cannot be removed\..*look at the command/],
  [1647, "fail", "install_failed", /not installed on this product\..*look at the command/],
  [1649, "ask", "forbidden", /policy forbids to remove.*allow it/],
  [1648, "fail", "wrong_package", /interim update is installed\. Remove it first/],
  [1653, "fail", "install_failed", /Rollback is disabled.*Allow it/],
  [2, "fail", "install_failed", /reason of its own; `net\.exe helpmsg 2`/],
  [-1073741819, "fail", "install_failed", /reason of its own/],
];

describe("each exit code leads to its own reaction", () => {
  test.each(CODES)("%i: %s %s", (exitCode, kind, code, causeAndCure) => {
    const decision = after({ jobs: ended(exitCode) });
    expect(decision.kind).toBe(kind);
    expect(decision.because).toMatch(causeAndCure);
    expect(decision.because).toMatch(new RegExp(`^msiexec ended with ${exitCode} \\([A-Z_0-9-]+\\)`));
    if (decision.kind === "fail") expect(decision).toMatchObject({ code });
    if (decision.kind === "ask") expect(decision.question.text).toBe(`Setup on nodeb ended before it changed anything (${code}). Start it again?`);
    if (decision.kind === "fail" || decision.kind === "ask") expect(decision.because).toMatch(/ Log on the node: .*package\.msp\.log$/);
  });
  test("and the table here is that of the codes", () => {
    expect(CODES.map(([exitCode]) => exitCode)).toEqual(expect.arrayContaining([...MSIEXEC_EXIT_CODES.keys()]));
  });
  test("those that another step can cure are handed over where the inputs say so, and no others", () => {
    const handed = CODES.flatMap(([exitCode]) => {
      const decision = decide({ [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE, jobs: ended(exitCode) }, { acts: [STARTED] }, { when_curable: "done" });
      return decision.kind === "done" && decision.outputs["outcome"] !== "installed" ? [[exitCode, decision.outputs["outcome"], decision.outputs["exit_code"]]] : [];
    });
    expect(handed).toEqual([[1604, "restart_first", 1604], [1652, "restart_first", 1652], [1619, "package_unreadable", 1619], [1635, "package_unreadable", 1635]]);
  });
  test("a package that is gone, or not the one that was copied, is as good as one that cannot be opened", () => {
    const gone = answer({ exists: false, bytes: 0, sha256: "", folder: false });
    expect(decide({ [STAT]: gone }, {}, { when_curable: "done" })).toMatchObject({ kind: "done", outputs: { outcome: "package_unreadable", build: "8.1.240.6" } });
    expect(decide({}, {}, { when_curable: "done", sha256: "cd" })).toMatchObject({ kind: "done", outputs: { outcome: "package_unreadable" } });
    expect(decide({}, {}, { sha256: "cd" })).toMatchObject({ kind: "refuse", code: "package_differs", because: expect.stringMatching(/SHA-256 ab, and cd was copied/) as string });
    expect(decide({}, {}, { sha256: "AB" }).kind).toBe("act");
  });
});

describe("the Windows Installer service", () => {
  const helped = act("start_installer", "ok", { result: { exitCode: 0, stdout: "", stderr: "", droppedBytes: 0 } });
  test("is started once, and setup again, under all guards and as a new job", () => {
    expect(go({ jobs: ended(1601) }, { acts: [STARTED] }).actions).toEqual([{ kind: "program", program: "sc.exe", args: ["start", "msiserver"] }]);
    expect(decide({ jobs: ended(1601) }, { acts: [STARTED, helped] })).toMatchObject({ kind: "act", actions: [{ action: "install" }] });
    expect(decide({ jobs: ended(1601), "Get-ClusteredMailboxServerStatus": ON_B }, { acts: [STARTED, helped] })).toMatchObject({ kind: "fail", code: "owns_mailbox_server" });
  });
  test("is not started twice: then a person is asked", () => {
    const second = { ...STARTED, job: "job2" };
    const both = jobs(setupJob({ state: "ended", exitCode: 1601 }), setupJob({ name: "job2", state: "ended", exitCode: 1631 }));
    expect(decide({ jobs: both }, { acts: [STARTED, helped, second] })).toMatchObject({ kind: "ask", because: expect.stringContaining("1631") as string });
  });
});

describe("a person who is asked after a start that changed nothing", () => {
  const full = (answers: Past["answers"], acts: readonly PastAct[] = [STARTED]) => decide({ jobs: ended(1632) }, { acts, answers });
  test("lets setup be started again, under all guards, and the old exit code counts no more", () => {
    expect(full([said("again", 30)])).toMatchObject({ kind: "act", actions: [{ action: "install" }] });
  });
  test("is asked again when the next start fails, too", () => {
    const later = { ...STARTED, job: "job2", startedMs: Date.UTC(2008, 2, 15, 9, 31) };
    const both = jobs(setupJob({ state: "ended", exitCode: 1632 }), setupJob({ name: "job2", state: "ended", exitCode: 1632 }));
    expect(decide({ jobs: both }, { acts: [STARTED, later], answers: [said("again", 30)] }).kind).toBe("ask");
  });
  test("ends the step with a stop", () => {
    expect(full([said("stop", 30, "no room today")])).toMatchObject({ kind: "fail", code: "no_space", because: expect.stringMatching(/Free space.*Ann said stop: no room today$/) as string });
  });
});

describe("what the log says", () => {
  const SELECTED = `Select-String ${FILE}.log`;
  const line = (text: string): string => `MSI (s) (A4:5C) [09:12:13:144]: ${text}`;
  const failure = records(
    { LineNumber: 120, Line: line("Action ended: InstallFiles. Return value 3."), "Context.PreContext": [line("Note: 1: 2262 2: Error"), line("Executing op"), line("Error 1306. Another application has the file."), line("Note: 1: 2235 2:  3: X")], "Context.PostContext": [line("Rollback")] },
    { LineNumber: 121, Line: line("Action ended: INSTALL. Return value 3."), "Context.PreContext": [line("Action ended: InstallFiles. Return value 3.")], "Context.PostContext": [] },
    { LineNumber: 900, Line: line("MainEngineThread is returning 1603"), "Context.PreContext": [], "Context.PostContext": [] },
  );
  test("is quoted: the first action that failed, what stands before it, and the last word; noise is left out", () => {
    expect(after({ jobs: ended(1603), [SELECTED]: failure }).because).toContain("The log says: `Executing op`, `Error 1306. Another application has the file.`, `Action ended: InstallFiles. Return value 3.`, `MainEngineThread is returning 1603`. Log on the node:");
  });
  test("comes from the job's last lines where the log cannot be searched", () => {
    const tail = `${line("Error 1920. A service failed to start.")}\r\n${line("Action ended: StartServices. Return value 3.")}\r\n${line("MainEngineThread is returning 1603")}\r\n`;
    expect(after({ jobs: ended(1603, { logTail: tail }), [SELECTED]: LOST }).because).toContain("`Error 1920. A service failed to start.`, `Action ended: StartServices. Return value 3.`");
  });
  test("is left out where it says nothing of a failure", () => {
    expect(after({ jobs: ended(1603) }).because).not.toContain("The log says");
  });
  test("is read only after a failure, and bounded: some lines around two signs", () => {
    const { calls } = go({ jobs: ended(0), [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE }, { acts: [STARTED] });
    expect(Object.keys(calls)).not.toContain("log_errors");
    expect(exchangeInstallRollup.actions["read_log_errors"]?.make({ file: FILE, build: "8.1.263.1", mailbox_server: "EXCLUS1", when_curable: "fail" }, {})).toMatchObject({ kind: "cmdlet", name: "Select-String", parameters: { Path: `${FILE}.log`, Pattern: ["Return value 3", "MainEngineThread is returning"], Context: [6, 1] } });
  });
});

describe("a Cluster service that does not return", () => {
  const down = { [NODES]: nodeTable("NODEA 1 Up", "NODEB 2 Down"), jobs: ended(0) };
  test("is waited for ten minutes after setup has ended", () => {
    expect(after({ ...down, [CLOCK]: clock(29) }).kind).toBe("wait");
  });
  test("is then left to the step that starts it, since the rollup is installed", () => {
    expect(after({ ...down, [CLOCK]: clock(31) })).toMatchObject({ kind: "done", outputs: { outcome: "installed", in_cluster: false }, because: expect.stringMatching(/has not come back within 10m \(NODEB is Down\): start it with cluster\.start_node/) as string });
  });
});

describe("a new attempt", () => {
  test("starts a new job, and does not take the exit code of the old one for its own", () => {
    const retried = { attempt: 2, acts: [STARTED, { ...STARTED, attempt: 2, job: "job2" }] };
    const both = jobs(setupJob({ state: "ended", exitCode: 0, endedAt: "2008-03-15T09:10:00Z" }), setupJob({ name: "job2", state: "ended", exitCode: 1618 }));
    expect(decide({ jobs: both, [PATCHES]: PATCHED, [EXSETUP]: NEW_FILE }, retried)).toMatchObject({ kind: "fail", code: "installer_busy" });
    expect(decide({ jobs: ended(1618) }, { attempt: 2, acts: [STARTED] })).toMatchObject({ kind: "act", actions: [{ action: "install" }] });
  });
});

test("builds compare as versions: 8.3.83.6 is below 8.3.245.2", () => {
  const node = { [PROPERTIES]: printed("HKEY_LOCAL_MACHINE\\A\r\n    DisplayVersion    REG_SZ    8.3.83.6\r\n"), [EXSETUP]: exsetup("08.03.0083.006") };
  expect(decide(node, {}, { build: "8.3.245.2" })).toMatchObject({ kind: "act", actions: [{ fill: { build_before: "8.3.83.6" } }] });
  const newer = { ...node, [PATCHES]: printed("HKEY_LOCAL_MACHINE\\A\r\n    DisplayName    REG_SZ    Update Rollup 6 8.3.245.2\r\n    State    REG_DWORD    0x1\r\n"), [EXSETUP]: exsetup("08.03.0245.002") };
  expect(decide(newer, {}, { build: "8.3.83.6" })).toMatchObject({ kind: "done", outputs: { build: "8.3.245.2" } });
});

test("every failure of an exit code is among the codes of the builtin", () => {
  const failures = [...MSIEXEC_EXIT_CODES.values()].map(({ outcome }) => outcome).filter((outcome) => !outcome.startsWith("installed"));
  expect(failures.filter((outcome) => !(outcome in exchangeInstallRollup.codes))).toEqual([]);
});

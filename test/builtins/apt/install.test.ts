import { describe, expect, test } from "vitest";
import { aptInstall } from "../../../src/builtins/apt/install.ts";
import type { Past } from "../../../src/core/builtin.ts";
import { turn } from "../pacemaker-pair.ts";
import { acted, answered, printed, refused } from "../turns.ts";
import { AUDIT, job, machine } from "./machine.ts";

const INPUTS = { package: "labsvc", version: "2.0", file: "/var/tmp/labsvc_2.0_all.deb", repair: false, silence: "10m" };
const DONE = "labsvc\t2.0\tinstalled\tinstall\n";
const HALF = "labsvc\t2.0\thalf-configured\tinstall\n";
const LOCK = [{ command: "other-setup", pid: 4386, path: "/var/lib/dpkg/lock-frontend" }];
const STARTED = acted("install", { fill: { before: "1.0" }, job: "runbook-1", result: job() });

function decide(parts: Parameters<typeof machine>[0] = {}, past: Partial<Past> = {}, inputs: Readonly<Record<string, unknown>> = {}) {
  return turn(aptInstall, { ...INPUTS, ...inputs }, machine(parts), past);
}

test("an older version is updated by a job that never asks and removes nothing", () => {
  const { decision, actions } = decide();
  expect(decision).toMatchObject({ kind: "act", because: "labsvc 1.0 is installed", actions: [{ action: "install", fill: { before: "1.0" } }] });
  expect(actions).toMatchObject([{ kind: "job", program: "env", args: expect.arrayContaining(["DEBIAN_FRONTEND=noninteractive", "--no-remove", "--", "/var/tmp/labsvc_2.0_all.deb"]) as unknown }]);
});

test("without a file the repositories are asked for that version", () => {
  expect(decide({}, {}, { file: undefined }).actions).toMatchObject([{ args: expect.arrayContaining(["labsvc=2.0"]) as unknown }]);
});

test("a package that is not installed is installed", () => {
  expect(decide({ row: "" }).decision).toMatchObject({ kind: "act", because: "labsvc is not installed" });
});

test("the wanted version, or a newer one, is left alone", () => {
  expect(decide({ row: DONE, enough: true }).decision).toMatchObject({ kind: "done", outputs: { version: "2.0", restart_required: false } });
  expect(decide({ row: "labsvc\t3.1\tinstalled\tinstall\n", enough: true, restart: true }).decision).toMatchObject({ kind: "done", outputs: { version: "3.1", restart_required: true } });
});

test("a job at work is waited for, with what it says, also one of another run", () => {
  expect(decide({ jobs: [job()] }, { acts: [STARTED] }).decision).toMatchObject({ kind: "wait", because: expect.stringContaining("it says: Setting up labsvc (2.0)") as string });
  expect(decide({ jobs: [job({ name: "runbook-other" })] }).decision.kind).toBe("wait");
});

test("a job that says nothing new for long is asked about, and never ended", () => {
  const past = { acts: [STARTED], elapsedMs: 600_000, previous: machine({ jobs: [job()] }) };
  expect(decide({ jobs: [job()] }, past).decision).toMatchObject({ kind: "ask", question: { kind: "choose", choices: { wait: expect.anything() as unknown, stop: expect.anything() as unknown } } });
  expect(decide({ jobs: [job({ logBytes: 200 })] }, past).decision.kind).toBe("wait");
  expect(decide({ jobs: [job()] }, { ...past, answers: [answered("wait")] }).decision.kind).toBe("wait");
  expect(decide({ jobs: [job()] }, { ...past, answers: [answered("stop", "night shift")] }).decision).toMatchObject({ kind: "fail", code: "given_up", because: expect.stringContaining("Ann ended the wait: night shift") as string });
});

test("what dpkg says counts, not that apt-get ended well", () => {
  expect(decide({ jobs: [job({ state: "ended", exitCode: 0 })] }, { acts: [STARTED] }).decision).toMatchObject({ kind: "fail", code: "not_installed" });
  expect(decide({ row: DONE, enough: true, jobs: [job({ state: "ended", exitCode: 100 })] }, { acts: [STARTED] }).decision).toMatchObject({ kind: "done", outputs: { version: "2.0", before: "1.0" } });
});

describe("a job that failed", () => {
  test.each([
    ["setup: error 1603: registering component 7 of 12 failed\ndpkg: error processing package labsvc (--configure):", "install_failed", "error 1603"],
    ["Setting up labsvc (2.0) ...\nthe licence has run out\ndpkg: error processing package labsvc (--configure):\n installed labsvc package post-installation script subprocess returned error exit status 1\nErrors were encountered while processing:\n labsvc\nE: Sub-process /usr/bin/dpkg returned an error code (1)", "install_failed", "apt-get ended with 100: the licence has run out. See"],
    ["setup: prerequisite not met\ndpkg: error processing archive labsvc.deb (--unpack):", "install_failed", "prerequisite not met"],
    ["The following packages have unmet dependencies:\n labsvc : Depends: labsvc-prerequisite (>= 9) but it is not installable", "dependencies", "labsvc-prerequisite"],
    ["E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4386 (other-setup)", "locked", "other-setup"],
    ["dpkg: error processing archive x.deb (--unpack):\n cannot copy extracted data: No space left on device", "disk_full", "Free some space"],
    ["E: Packages need to be removed but remove is disabled.", "would_remove", "take other packages away"],
    ["dpkg-deb: error: unexpected end of file in archive member header", "bad_package", "copy it anew"],
    ["E: Unable to locate package labsvc", "not_found", "apt-cache policy"],
  ])("`%s` fails as %s", (logTail, code, because) => {
    expect(decide({ jobs: [job({ state: "ended", exitCode: 100, logTail })] }, { acts: [STARTED] }).decision).toMatchObject({ kind: "fail", code, because: expect.stringContaining(because) as string });
  });

  test("because the machine was restarted under it is said so", () => {
    expect(decide({ row: HALF, jobs: [job({ state: "lost" })] }, { acts: [STARTED] }).decision).toMatchObject({ kind: "fail", code: "install_failed", because: expect.stringContaining("was restarted under the installation; labsvc 2.0 is half-configured") as string });
  });

  test("does not count in the next attempt", () => {
    expect(decide({ jobs: [job({ state: "ended", exitCode: 100 })] }, { acts: [STARTED], attempt: 2 }).decision.kind).toBe("act");
  });
});

test("somebody else's installation is waited for, and after long given up", () => {
  expect(decide({ locks: LOCK }).decision).toMatchObject({ kind: "wait", because: expect.stringContaining("other-setup (process 4386)") as string });
  expect(decide({ locks: LOCK }, { elapsedMs: 1_800_000 }).decision).toMatchObject({ kind: "refuse", code: "locked" });
});

describe("refuses", () => {
  test("where dpkg cannot compare the versions: that is no word about which one is newer", () => {
    const facts = { ...machine(), compare: printed("", 2, "dpkg: error: version '2.0:' has bad syntax") };
    expect(turn(aptInstall, INPUTS, facts).decision).toMatchObject({ kind: "refuse", code: "unreadable", because: expect.stringContaining("`dpkg --compare-versions`: it ended with 2") as string });
  });

  test.each([
    ["a held package", { row: "labsvc\t1.0\tinstalled\thold\n" }, {}, "held", "apt-mark unhold labsvc"],
    ["one that was interrupted", { row: HALF, audit: AUDIT }, {}, "interrupted", "repair: true"],
    ["while another package is interrupted, also with `repair`", { audit: AUDIT.replace(" labsvc ", " other ") }, { repair: true }, "interrupted", "dpkg --configure -a"],
    ["a file that is none", { file: "" }, {}, "bad_package", "no package that dpkg can read"],
    ["a file of another package", { file: "other\t2.0\tall\n" }, {}, "other_package", "holds other 2.0"],
    ["a file of another version", { file: "labsvc\t2.1\tall\n" }, {}, "other_package", "labsvc 2.0 is wanted"],
  ])("%s", (_case, parts, inputs, code, because) => {
    expect(decide(parts, {}, inputs).decision).toMatchObject({ kind: "refuse", code, because: expect.stringContaining(because) as string });
  });
});

test("`repair` installs over what was interrupted, although the version is the wanted one", () => {
  expect(decide({ row: HALF, audit: AUDIT, enough: true }, {}, { repair: true }).actions).toMatchObject([{ kind: "job", args: expect.arrayContaining(["dpkg", "--install", "/var/tmp/labsvc_2.0_all.deb"]) as unknown }]);
  expect(decide({ row: HALF, audit: AUDIT, enough: true }, {}, { repair: true, file: undefined }).actions).toMatchObject([{ kind: "job", args: expect.arrayContaining(["apt-get", "--reinstall", "labsvc=2.0"]) as unknown }]);
});

test("on a full disk that is the reason, since what a job prints is lost there", () => {
  expect(decide({ freeKiB: 12, jobs: [job({ state: "ended", exitCode: 100, logTail: "" })] }, { acts: [STARTED] }).decision).toMatchObject({ kind: "fail", code: "disk_full", because: expect.stringMatching(/apt-get ended with 100, and 12KiB are left on the disk .*Free some space/) as string });
});

test("a job that could not be started fails with why", () => {
  expect(decide({}, { acts: [acted("install", { outcome: "failed", failure: { code: "denied", because: "not root" } })] }).decision).toEqual({ kind: "fail", code: "denied", because: "not root" });
});

test("a machine that does not answer is refused before, and asked again after the start", () => {
  const facts = { ...machine(), jobs: refused("unreachable", "no route") };
  expect(turn(aptInstall, INPUTS, facts).decision).toMatchObject({ kind: "refuse", code: "unreachable" });
  expect(turn(aptInstall, INPUTS, facts, { acts: [STARTED] }).decision.kind).toBe("wait");
});

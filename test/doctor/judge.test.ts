import { describe, expect, test } from "vitest";
import type { SshLog, SshWay, Way } from "../../src/core/way.ts";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { Examination } from "../../src/doctor/examination.ts";
import { judgeClock, judgeRights, judgeShell, judgeSpaces } from "../../src/doctor/judge-machine.ts";
import type { PosixMachine, Space } from "../../src/formats/posix-machine.ts";

const MACHINE: PosixMachine = {
  name: "db1", mark: "boot uts net", os: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.1.0", account: "root", uid: 0, home: "/root", loginShell: "/bin/bash", sh: "/usr/bin/dash",
  powershell: "", locale: "C.UTF-8", charmap: "UTF-8", path: "/usr/sbin:/usr/bin:/sbin:/bin", canKeepJobs: true, missing: [],
  spaces: [{ place: "jobs", path: "/root", mount: "/", freeBytes: 8e10, freeFiles: 1e6 }, { place: "/", path: "/", mount: "/", freeBytes: 8e10, freeFiles: 1e6 }],
};
const LOG: SshLog = { account: "deploy", host: "10.77.0.11", port: 22, server: "OpenSSH_9.2p1", client: "OpenSSH_9.2p1", hostKey: "ssh-ed25519 SHA256:abc", knownBy: "known_hosts", isLetIn: true };

function ssh(parts: Partial<SshWay> = {}): SshWay {
  return { kind: "ssh", byHand: "ssh db1", log: LOG, printed: "", ...parts };
}

function examined(address: string, parts: Partial<PosixMachine> = {}, way: Way | undefined = ssh()): Examination {
  const machine = { ...MACHINE, ...parts };
  return { address, way, ms: 90, firstMs: 50, failure: undefined, self: machine, machine: { kind: "ok", value: { kind: "posix", ...machine } }, clock: { kind: "ok", value: { aheadMs: 4, withinMs: 10 } } };
}

/** The verdict of each finding about a check at a target. */
function identityOf(examinations: readonly Examination[], address: string): readonly string[] {
  return diagnose(examinations).find((one) => one.address === address)?.findings.filter(({ check }) => check === "identity").map(({ verdict, says }) => `${verdict}: ${says}`) ?? [];
}

test.each<[number, number, string, RegExp]>([
  [4, 10, "ok", /the same as this machine's, within 0\.01 s/],
  [-4_900, 20, "ok", /^4\.9 s behind this machine \(± 0\.02 s\)$/],
  [5_600, 700, "ok", /^5\.6 s ahead of this machine/],
  [5_600, 500, "warning", /^5\.6 s ahead of this machine/],
  [-61_250, 12, "warning", /^61\.3 s behind this machine/],
  [-96_103_628_100, 12, "warning", /^1112d7h27m behind this machine \(± 0\.01 s\)$/],
  [100, 8_000, "warning", /the way there is too slow to tell more/],
])("a clock that is %i ms ahead, known within %i ms, is %s", (aheadMs, withinMs, verdict, says) => {
  expect(judgeClock({ aheadMs, withinMs })).toMatchObject({ verdict, says: expect.stringMatching(says) });
});

test.each<[string, number, Way | undefined, string]>([
  ["root", 0, ssh(), "ok: root"],
  ["root", 0, ssh({ become: "root" }), "ok: root, by sudo without a password"],
  ["postgres", 26, ssh({ become: "postgres" }), "ok: postgres, by sudo without a password"],
  ["deploy", 1000, ssh(), "warning: deploy, who is not root: what only root may do ends as `denied`"],
])("rights of %s (%i)", (account, uid, way, wanted) => {
  const { verdict, says } = judgeRights({ ...MACHINE, account, uid }, way);
  expect(`${verdict}: ${says}`).toBe(wanted);
});

describe("free space", () => {
  const judged = (parts: Partial<Space>, machine: Partial<PosixMachine> = {}): readonly string[] => judgeSpaces({ ...MACHINE, ...machine, spaces: [{ ...MACHINE.spaces[0], place: "jobs", path: "/root", mount: "/", freeBytes: 8e10, ...parts }] }).map(({ verdict, says }) => `${verdict}: ${says}`);

  test.each<[string, Partial<Space>, string]>([
    ["enough", {}, "ok: 80 GB free on /"],
    ["little", { freeBytes: 150e6 }, "warning: 150 MB free below /root (on /): jobs keep their record and output there"],
    ["too little for a job", { freeBytes: 4e6 }, "failed: 4 MB free below /root (on /): jobs keep their record and output there"],
    ["little for the system", { freeBytes: 4e6, place: "/var", path: "/var", mount: "/var" }, "failed: df does not say what is free where jobs are kept"],
    ["no file left", { freeFiles: 0 }, "failed: 0 files can still be made below /root (on /): jobs keep their record and output there"],
  ])("%s", (_title, parts, wanted) => {
    expect(judged(parts)).toContain(wanted);
  });

  test("a folder that cannot be written into fails, however much is free", () => {
    expect(judged({}, { canKeepJobs: false })).toEqual(["failed: the account cannot write into /root, where jobs are kept"]);
  });
});

test.each<[string, Partial<PosixMachine>, string]>([
  ["a character set that is not read", { charmap: "ISO-8859-1", locale: "de_DE" }, "programs print in ISO-8859-1 (locale de_DE)"],
  ["no folder for administrators", { path: "/usr/bin:/bin" }, "PATH of root has no sbin folder"],
  ["the folder at hand among the folders of programs", { path: "/usr/sbin::." }, "PATH holds `(nothing)`, `.`"],
])("%s is a warning", (_title, parts, says) => {
  expect(judgeShell({ ...MACHINE, ...parts }, ssh())).toMatchObject([{ check: "shell", verdict: "warning", says: expect.stringContaining(says) }]);
});

test("a program that copying needs and that is not there is a failure", () => {
  expect(judgeShell({ ...MACHINE, missing: ["od"] }, ssh())).toMatchObject([{ verdict: "failed", says: "there is no od: files cannot be copied, or jobs not be kept" }]);
});

describe("the machine that is meant", () => {
  test.each<[string, string, string]>([
    ["db1", "db1", "ok: key ssh-ed25519 SHA256:abc, as known_hosts has it; calls itself db1"],
    ["DB1.lab.example", "db1", "ok: key ssh-ed25519 SHA256:abc, as known_hosts has it; calls itself db1"],
    ["db1", "db1.other.example", "ok: key ssh-ed25519 SHA256:abc, as known_hosts has it; calls itself db1.other.example"],
    ["10.77.0.11", "db1", "ok: key ssh-ed25519 SHA256:abc, as known_hosts has it; calls itself db1"],
    ["primary", "db1", "warning: calls itself db1"],
  ])("%s that calls itself %s", (address, name, wanted) => {
    expect(identityOf([examined(address, { name })], address)).toEqual([wanted]);
  });

  test("two addresses whose machines are called the other way round fail both", () => {
    const both = [examined("db1", { name: "db2", mark: "a" }), examined("db2", { name: "db1", mark: "b" })];
    expect(identityOf(both, "db1")).toEqual(["failed: calls itself db2, and the inventory has another address of that name, db2"]);
    expect(identityOf(both, "db2")).toEqual(["failed: calls itself db1, and the inventory has another address of that name, db1"]);
  });

  test("this machine and an address of it are one", () => {
    const both = [examined("local", {}, { kind: "local", jobsFolder: "/x" }), examined("db1")];
    expect(identityOf(both, "local")).toEqual(["failed: is one machine with `db1`"]);
  });

  test("machines that do not tell who they are are not taken for one", () => {
    expect(identityOf([examined("db1", { mark: "" }), examined("db2", { name: "db2", mark: "" })], "db2")).toMatchObject([expect.stringMatching(/^ok: /)]);
  });
});

test("what a target did not tell in time is a warning, and what needs it is not judged", () => {
  const [target] = diagnose([{ ...examined("db1"), self: undefined, machine: { kind: "error", error: { code: "timeout", because: "sh took longer than 20s and was ended" } } }]);
  expect(target?.findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(["reachable ok", "identity ok", "versions warning", "clock ok"]);
});

import { describe, expect, test } from "vitest";
import type { PowershellWay } from "../../src/core/way.ts";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { Examination } from "../../src/doctor/examination.ts";
import { noPowershell } from "../../src/world/powershell-reach.ts";
import { parseWindowsMachine, type WindowsMachine } from "../../src/formats/windows-machine.ts";

const WAY: PowershellWay = { kind: "powershell", via: "computer", host: "NODEA" };
const NODE: WindowsMachine = {
  name: "NODEA", mark: "guid NODEA", os: "Windows Server 2008 R2 Enterprise", powershell: "2.0", language: "FullLanguage", policy: "RemoteSigned", account: "EXAMPLE\\admin", isAdministrator: true, isNarrow: false,
  culture: "ja-JP", jobsPlace: "C:\\ProgramData", freeBytes: 5e10, domain: "example.com", hop: "",
};

/** A node as it was seen. */
function examined(parts: Partial<WindowsMachine>): Examination {
  const machine = { ...NODE, ...parts };
  return { address: "NODEA", way: WAY, ms: 900, firstMs: 800, failure: undefined, self: machine, machine: { kind: "ok", value: { kind: "windows", ...machine } }, clock: { kind: "ok", value: { aheadMs: 0, withinMs: 30 } } };
}

function findingsOf(examination: Examination): readonly string[] {
  return diagnose([examination])[0]?.findings.map(({ check, verdict, says }) => `${check} ${verdict}: ${says}`) ?? [];
}

describe("a machine that is reached by PowerShell", () => {
  test("that is well says so in every check", () => {
    expect(findingsOf(examined({}))).toEqual([
      "reachable ok: answers in 800 ms", "identity ok: calls itself NODEA", "versions ok: Windows Server 2008 R2 Enterprise, PowerShell 2.0",
      "rights ok: EXAMPLE\\admin, administrator; the directory of example.com answers", "clock ok: the same as this machine's, within 0.03 s", "space ok: 50 GB free at C:\\ProgramData", "shell ok: FullLanguage, ja-JP",
    ]);
  });

  test.each<[string, Partial<WindowsMachine>, string]>([
    ["PowerShell 1.0", { powershell: "1.0" }, "versions warning: PowerShell 1.0 takes no remoting: only programs can be run there"],
    ["a process of 32 bits", { isNarrow: true }, "versions warning: a 32-bit PowerShell on a 64-bit Windows: snap-ins such as that of Exchange are not there"],
    ["no administrator", { isAdministrator: false }, "rights warning: EXAMPLE\\admin, who is no administrator there, or whose session lacks the right"],
    ["a second hop that is refused", { hop: "An operations error occurred." }, "rights warning: the directory of example.com does not answer this session (An operations error occurred.): cmdlets that ask it, or the other node, are refused (second hop)"],
    ["a language that is constrained", { language: "ConstrainedLanguage" }, "shell failed: the session takes ConstrainedLanguage: programs, files and jobs need FullLanguage"],
    ["a policy that runs no scripts", { policy: "AllSigned" }, "shell warning: the execution policy is AllSigned: scripts that lie on the disk do not run, and ours do not lie there"],
    ["a full drive", { freeBytes: 3e6 }, "space failed: 3 MB free at C:\\ProgramData: jobs keep their record and output there"],
    ["free space that is not told", { freeBytes: Number.NaN }, "space warning: what is free at C:\\ProgramData is not told"],
    ["another name", { name: "NODEB" }, "identity warning: calls itself NODEB"],
  ])("tells of %s", (_title, parts, wanted) => {
    expect(findingsOf(examined(parts))).toContain(wanted);
  });

  test("whose endpoint is one of a role says what it does not take", () => {
    const role: Examination = { ...examined({}), self: undefined, machine: { kind: "ok", value: { kind: "role" } }, clock: undefined };
    expect(findingsOf(role)).toEqual(["reachable ok: answers in 800 ms", "shell warning: an endpoint of a role answers, which takes cmdlets alone: programs, scripts, files and jobs need another one"]);
  });

  test("that opens no session says what must work by hand", () => {
    const none: Examination = { ...examined({}), self: undefined, machine: undefined, clock: undefined, failure: { code: "unreachable", because: "NODEA does not answer to PowerShell remoting" } };
    expect(diagnose([none])).toMatchObject([{ verdict: "failed", findings: [{ check: "reachable", says: "NODEA does not answer to PowerShell remoting", cure: expect.stringContaining("Test-WSMan NODEA") }] }]);
  });

  test("through a PowerShell that this machine lacks says what to install here, and nothing of a session", () => {
    const none: Examination = { ...examined({}), self: undefined, machine: undefined, clock: undefined, failure: noPowershell(["pwsh"]) };
    expect(diagnose([none])).toMatchObject([{ findings: [{ check: "reachable", says: expect.stringMatching(/no PowerShell \(pwsh\): install PowerShell 7 on it/u), cure: expect.stringMatching(/pwsh --version$/u) }] }]);
  });
});

test("an answer without a name cannot be read", () => {
  expect(parseWindowsMachine({ records: [{ powershell: "2.0" }] })).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});

import { expect, test } from "vitest";
import { windowsComputer } from "../../../src/builtins/windows/computer.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, printed, records, refused } from "../turns.ts";
import { system } from "./a-node.ts";
import { ABSENT, key } from "./a-registry.ts";

const GROUPS = printed('"Everyone","Well-known group","S-1-1-0","Mandatory group"\r\n"BUILTIN\\Administrators","Alias","S-1-5-32-544","Mandatory group, Enabled by default"\r\n');
const value = (name: string, type: string, text: string): Fact => key([name, type, text]);
/** Server 2008, with the groups of a session and its label. */
const on2008 = (attributes: string | undefined, label: string): Readonly<Record<string, Fact>> => ({
  system: records({ Caption: "Windows Server 2008", Version: "6.0.6001", CSName: "NODEB", LastBootUpTime: "2008-03-01T00:00:00Z" }),
  groups: printed(`${attributes === undefined ? "" : `"X\\Y","Alias","S-1-5-32-544","${attributes}"\r\n`}"L","Unknown SID type","${label}","Z"\r\n`),
});

const NODE: Readonly<Record<string, Fact>> = {
  system: system("2008-03-01T00:00:00.000Z"),
  machine: records({ Name: "NODEB", Domain: "contoso.example", SystemType: "x64-based PC" }),
  powershell: records({ PSVersion: "2.0" }),
  groups: GROUPS,
  component_servicing: ABSENT,
  windows_update: ABSENT,
  file_renames: ABSENT,
  update_exe: ABSENT,
};

test("every reading is named by the look", () => {
  expect(Object.keys(windowsComputer.look({}, {}, pastOf())).toSorted()).toEqual(Object.keys(NODE).toSorted());
});

test.each<[string, Readonly<Record<string, Fact>>, object]>([
  ["a node that is fit", {}, { kind: "done", outputs: { name: "NODEB", architecture: "x64", os: "Windows Server 2003 R2", powershell_version: "2.0", last_boot: "2008-03-01T00:00:00.000Z", administrator: true, member: true, elevated: true, restart_pending: false, restart_evidence: [], restart_shown_by: [] } }],
  ["an older machine", { machine: records({ SystemType: "X86-based PC" }) }, { outputs: { architecture: "x86" } }],
  ["a machine of neither kind", { machine: records({ SystemType: "ARM64-based PC" }) }, { kind: "refuse", code: "unreadable" }],
  ["an account that is no administrator", { groups: printed('"Everyone","Well-known group","S-1-1-0","Mandatory group"\r\n') }, { outputs: { administrator: false, member: false, elevated: true } }],
  ["an administrator without elevation", { groups: printed('"BUILTIN\\Administrators","Alias","S-1-5-32-544","Group used for deny only"\r\n') }, { outputs: { administrator: false, member: true, elevated: false } }],
  ["an elevated session on Server 2008", on2008("Enabled group", "S-1-16-12288"), { outputs: { administrator: true, member: true, elevated: true } }],
  ["a session of the system itself", on2008("Enabled group", "S-1-16-16384"), { outputs: { administrator: true, elevated: true } }],
  ["one that is not elevated, on a Windows in any language", on2008("拒否のみに使用されるグループ", "S-1-16-8192"), { outputs: { administrator: false, member: true, elevated: false } }],
  ["one of a user who is no administrator", on2008(undefined, "S-1-16-8192"), { outputs: { administrator: false, member: false, elevated: false } }],
  ["a group whose number only begins alike", { groups: printed('"X\\Y","Alias","S-1-5-32-5441","Enabled group"\r\n') }, { outputs: { administrator: false } }],
  ["components that wait for a restart", { component_servicing: printed("\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\RebootPending\r\n\r\n") }, { outputs: { restart_pending: true, restart_evidence: ["Windows components wait for a restart"], restart_shown_by: ["reg.exe query \"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending\""] } }],
  ["files that wait for a restart", { file_renames: value("PendingFileRenameOperations", "REG_MULTI_SZ", "\\??\\C:\\a.tmp") }, { outputs: { restart_evidence: ["files wait to be replaced at the next start"], restart_shown_by: ["reg.exe query \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\" /v PendingFileRenameOperations"] } }],
  ["an empty list of files is none", { file_renames: value("PendingFileRenameOperations", "REG_MULTI_SZ", "") }, { outputs: { restart_pending: false } }],
  ["an update that waits for a restart", { update_exe: value("UpdateExeVolatile", "REG_DWORD", "0x1") }, { outputs: { restart_evidence: ["an update waits for a restart"], restart_shown_by: ["reg.exe query \"HKLM\\SOFTWARE\\Microsoft\\Updates\" /v UpdateExeVolatile"] } }],
  ["an update that does not", { update_exe: value("UpdateExeVolatile", "REG_DWORD", "0x0") }, { outputs: { restart_pending: false } }],
  ["several reasons", { component_servicing: printed("\r\nHKEY_LOCAL_MACHINE\\X\r\n"), windows_update: printed("\r\nHKEY_LOCAL_MACHINE\\Y\r\n") }, { outputs: { restart_evidence: ["Windows components wait for a restart", "Windows Update waits for a restart"] } }],
  ["a registry that may not be read", { windows_update: printed("", 1, "ERROR: Access is denied.\r\n") }, { kind: "refuse", code: "denied" }],
  ["PowerShell 1.0, which has no variable for its version", { powershell: refused("cmdlet_error", "Cannot find a variable") }, { kind: "done", outputs: expect.not.objectContaining({ powershell_version: expect.anything() }) }],
  ["a node that does not answer", { powershell: LOST }, { kind: "refuse", code: "unreachable" }],
  ["a start time that is none", { system: records({ CSName: "NODEB", Caption: "Windows", LastBootUpTime: "yesterday" }) }, { kind: "refuse", code: "unreadable", because: expect.stringContaining("yesterday") }],
])("%s", (_title, changes, decision) => {
  expect(windowsComputer.decide({}, { ...NODE, ...changes }, pastOf(), PLACE)).toMatchObject(decision);
});

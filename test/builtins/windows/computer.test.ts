import { expect, test } from "vitest";
import { windowsComputer } from "../../../src/builtins/windows/computer.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, printed, records, refused } from "../turns.ts";
import { system } from "./a-node.ts";

const ABSENT = printed("", 1, "ERROR: The system was unable to find the specified registry key or value.\r\n");
const GROUPS = printed('"Everyone","Well-known group","S-1-1-0","Mandatory group"\r\n"BUILTIN\\Administrators","Alias","S-1-5-32-544","Mandatory group, Enabled by default"\r\n');
const value = (name: string, type: string, text: string): Fact => printed(`\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\r\n    ${name}    ${type}    ${text}\r\n\r\n`);

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
  ["a node that is fit", {}, { kind: "done", outputs: { name: "NODEB", architecture: "x64", os: "Windows Server 2003 R2", powershell_version: "2.0", last_boot: "2008-03-01T00:00:00.000Z", administrator: true, restart_pending: false, restart_evidence: [] } }],
  ["an older machine", { machine: records({ SystemType: "X86-based PC" }) }, { outputs: { architecture: "x86" } }],
  ["a machine of neither kind", { machine: records({ SystemType: "ARM64-based PC" }) }, { kind: "refuse", code: "unreadable" }],
  ["an account that is no administrator", { groups: printed('"Everyone","Well-known group","S-1-1-0","Mandatory group"\r\n') }, { outputs: { administrator: false } }],
  ["an administrator without elevation", { groups: printed('"BUILTIN\\Administrators","Alias","S-1-5-32-544","Group used for deny only"\r\n') }, { outputs: { administrator: false } }],
  ["a group whose number only begins alike", { groups: printed('"X\\Y","Alias","S-1-5-32-5441","Enabled group"\r\n') }, { outputs: { administrator: false } }],
  ["components that wait for a restart", { component_servicing: printed("\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\RebootPending\r\n\r\n") }, { outputs: { restart_pending: true, restart_evidence: ["Windows components wait for a restart"] } }],
  ["files that wait for a restart", { file_renames: value("PendingFileRenameOperations", "REG_MULTI_SZ", "\\??\\C:\\a.tmp") }, { outputs: { restart_pending: true } }],
  ["an empty list of files is none", { file_renames: value("PendingFileRenameOperations", "REG_MULTI_SZ", "") }, { outputs: { restart_pending: false } }],
  ["an update that waits for a restart", { update_exe: value("UpdateExeVolatile", "REG_DWORD", "0x1") }, { outputs: { restart_pending: true } }],
  ["an update that does not", { update_exe: value("UpdateExeVolatile", "REG_DWORD", "0x0") }, { outputs: { restart_pending: false } }],
  ["several reasons", { component_servicing: printed("\r\nHKEY_LOCAL_MACHINE\\X\r\n"), windows_update: printed("\r\nHKEY_LOCAL_MACHINE\\Y\r\n") }, { outputs: { restart_evidence: ["Windows components wait for a restart", "Windows Update waits for a restart"] } }],
  ["a registry that may not be read", { windows_update: printed("", 1, "ERROR: Access is denied.\r\n") }, { kind: "refuse", code: "denied" }],
  ["PowerShell 1.0, which has no variable for its version", { powershell: refused("cmdlet_error", "Cannot find a variable") }, { kind: "done", outputs: expect.not.objectContaining({ powershell_version: expect.anything() }) }],
  ["a node that does not answer", { powershell: LOST }, { kind: "refuse", code: "unreachable" }],
  ["a start time that is none", { system: records({ CSName: "NODEB", Caption: "Windows", LastBootUpTime: "yesterday" }) }, { kind: "refuse", code: "unreadable", because: expect.stringContaining("yesterday") }],
])("%s", (_title, changes, decision) => {
  expect(windowsComputer.decide({}, { ...NODE, ...changes }, pastOf(), PLACE)).toMatchObject(decision);
});

import { event, node, STANDS, THEN, untouched, type Ending, type Failure } from "./failure.ts";

const EXCHANGE = "C:\\Program Files\\Microsoft\\Exchange Server";
const HOOK = `'${EXCHANGE}\\Scripts\\Customization\\CustomPatchInstallerActions.ps1'`;
const LOGON = `'${EXCHANGE}\\ClientAccess\\Owa\\auth\\logon.aspx'`;
const files = (what: string): string => `files: { ${what} }`;
const noted = (step: string, ...left: readonly RegExp[]): Ending => ({ ...THEN.all, open: [`preflight/${step}`, "address_book", "backup_after"], left });

/** The machines under Exchange: what hinders setup there, or what it would undo (domain page, 2.8 and 4.6). */
export const MACHINE: readonly Failure[] = [
  { row: "F22", name: "a session that is not elevated", world: "two-node", changes: [node("NODEB", "elevated: false")], first: untouched(/The session on NODEB is not elevated.*S-1-16-12288/, /Reach the node with an elevated session/) },
  { row: "–", name: "no room for setup", world: "two-node", changes: [node("NODEB", "free_disk: { C: 1GB }")], inputs: { folder: "D:\\Rollup" }, first: untouched(/preflight\/room_for_setup\[NODEB\]: C: of NODEB has 1GB left; 2GB are wanted/) },
  { row: "–", name: "no room for the file", world: "two-node", changes: [node("NODEB", "free_disk: { D: 1GB }")], inputs: { folder: "D:\\Rollup" }, first: untouched(/preflight\/room_for_file\[NODEB\]: D: of NODEB has 1GB left; 2GB are wanted/, /--set folder/) },
  { row: "–", name: "scripts that Group Policy forbids", world: "two-node", changes: [node("NODEB", "execution_policy: { machine: Restricted }")], first: untouched(/preflight\/scripts\[NODEB\]: .*on NODEB to Restricted/, /reg\.exe query/) },
  { row: "–", name: "scripts that Group Policy allows", world: "two-node", changes: [node("NODEB", "execution_policy: { machine: RemoteSigned }")], first: noted("scripts_by_policy", /to RemoteSigned/) },
  { row: "–", name: "an antivirus product", world: "two-node", changes: [node("NODEA", "services: { Acme: { display_name: Acme AntiVirus } }")], first: noted("protection", /On NODEA run Acme/) },
  { row: "–", name: "changed pages of Outlook Web Access", world: "two-node", changes: [node("NODEA", files(`${LOGON}: { text: ours }`)), node("NODEB", files(`${LOGON}: { text: ours }`))], first: noted("customizations_owa", /logon\.aspx on NODEA/) },
  { row: "–", name: "a hook script that only one node has", world: "two-node", changes: [node("NODEB", files(`${HOOK}: { text: "function PrePatchInstallActions {}\\nfunction PostPatchInstallActions {}\\nfunction PatchRollbackActions {}\\n" }`))], first: noted("customizations_equal", /not the same on NODEA and NODEB/) },
  { row: "–", name: "a hook script that setup will ignore", world: "two-node", changes: [node("NODEA", files(`${HOOK}: { text: "function PrePatchInstallActions {}\\n" }`)), node("NODEB", files(`${HOOK}: { text: "function PrePatchInstallActions {}\\n" }`))], first: noted("hook_script", /lacks a section/) },
  { row: "F18", name: "no revocation lists", world: "two-node", changes: [node("NODEB", "crl_reachable: false")], first: noted("revocation", /NODEB cannot fetch revocation lists/) },
  { row: "F18", name: "no revocation lists, and the check is left out during setup", world: "two-node", changes: [node("NODEB", "crl_reachable: false")], inputs: { revocation_check: "off_during_setup" }, first: { result: "succeeded", ...STANDS.done } },
  { row: "F18", name: "the check cannot be left out", world: "two-node", changes: [node("NODEB", "crl_reachable: false"), event("{ on: { command: reg.exe add, times: 9 }, reply: { exit_code: 1, stdout: \"ERROR: Access is denied.\\r\\n\" } }")], inputs: { revocation_check: "off_during_setup" }, first: { result: "stopped", because: [/^update_b\/revocation_off: /], ...STANDS.untouched } },
];

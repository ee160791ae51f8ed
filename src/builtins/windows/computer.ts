import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { allRead, parseReading, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { oneRecord, textField } from "../../formats/cmdlet-record.ts";
import { architectureIn, READ_MACHINE, READ_SYSTEM, systemIn } from "./shared/computer-system.ts";
import { READ_RESTART_EVIDENCE, RESTART_EVIDENCE_LOOK, restartEvidenceIn } from "./shared/restart-evidence.ts";
import { READ_GROUPS, sessionRightsIn } from "./shared/session-rights.ts";

/** The reading `powershell`; undefined where the variable does not exist, which is so in PowerShell 1.0. */
function powershellVersionIn(facts: Facts): Reading<string | undefined> {
  const version = parseReading(facts, "powershell", "cmdlet", (answer) => {
    const record = oneRecord("the version of PowerShell", answer);
    return record.kind === "error" ? record : ok(textField(record.value, "PSVersion"));
  });
  const isAbsent = version.kind === "error" && (version.error.code === "not_found" || version.error.code === "cmdlet_error");
  return isAbsent ? ok(undefined) : version;
}

/** `windows.computer`: what a machine is, and whether it is fit to be worked on. */
export const windowsComputer = defineBuiltin({
  name: "windows.computer",
  title: "Read what a Windows machine is",
  docs: [
    "Name, architecture, Windows, PowerShell, last start, whether the account is a local administrator there and its session elevated, and whether a restart is pending.",
    "",
    "A pending restart is told by four places in the registry: `restart_evidence` says which of them spoke, `restart_shown_by` with which command to look for oneself. `powershell_version` is absent with PowerShell 1.0, which has no variable for it.",
    "",
    "From Server 2008 on a session can lack the rights of its account. `elevated` is told by the label that `whoami.exe /groups` shows (`S-1-16-12288`), in every language of Windows; Server 2003 has none, and there it is true. `member` says whether the account belongs to the local administrators at all, `administrator` whether that is in force.",
    "",
    "Source: domain page, 2.8 (non-elevated start) and 3.5.",
  ].join("\n"),
  examples: [
    {
      title: "Fit for an update",
      yaml: [
        "- id: node_fit",
        "  uses: windows.computer",
        "  target: node_b",
        "  expect:",
        "    - that: outputs.administrator",
        "      because: The installation needs a local administrator.",
        "    - that: '!outputs.restart_pending'",
        '      because: "Restart the node first: {{join outputs.restart_evidence}}"',
      ].join("\n"),
    },
  ],
  inputs: {},
  outputs: {
    name: { type: "string", format: "netbios_name", description: "The machine's own name" },
    architecture: { type: "string", enum: ["x64", "x86"], description: "What it is built for" },
    os: { type: "string", description: "The name of the Windows edition" },
    powershell_version: { type: "string", format: "version", required: false, description: "Version of PowerShell; absent with 1.0" },
    last_boot: { type: "string", format: "time", description: "When it was started last" },
    administrator: { type: "boolean", description: "The account is a local administrator, and the right is in force" },
    member: { type: "boolean", description: "The account belongs to the local administrators, in force or not" },
    elevated: { type: "boolean", description: "The session has all rights of its account" },
    restart_pending: { type: "boolean", description: "Windows waits for a restart" },
    restart_evidence: { type: "list", items: { type: "string" }, description: "What tells that a restart is pending; empty where nothing does" },
    restart_shown_by: { type: "list", items: { type: "string" }, description: "The command that shows each of them" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: {
    system: READ_SYSTEM,
    machine: READ_MACHINE,
    powershell: {
      effect: "reads",
      title: "Read the version of PowerShell",
      make: () => ({ kind: "cmdlet", name: "Get-Variable", parameters: { Name: "PSVersionTable", ValueOnly: true }, properties: ["PSVersion"] }),
    },
    groups: READ_GROUPS,
    ...READ_RESTART_EVIDENCE,
  },
  look: () => ({
    system: { action: "system" },
    machine: { action: "machine" },
    powershell: { action: "powershell" },
    groups: { action: "groups" },
    ...RESTART_EVIDENCE_LOOK,
  }),
  decide(_inputs, facts, past) {
    const read = systemIn(facts);
    const seen = allRead({
      system: read,
      architecture: architectureIn(facts),
      powershell: powershellVersionIn(facts),
      rights: sessionRightsIn(facts, read.kind === "ok" ? read.value.majorVersion : undefined),
      evidence: restartEvidenceIn(facts),
    });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { system, architecture, powershell, rights, evidence } = seen.value;
    return {
      kind: "done",
      outputs: {
        name: system.name,
        architecture,
        os: system.caption,
        ...(powershell === undefined ? {} : { powershell_version: powershell }),
        last_boot: system.lastBoot,
        ...rights,
        restart_pending: evidence.length > 0,
        restart_evidence: evidence.map(({ title }) => title),
        restart_shown_by: evidence.map(({ shownBy }) => shownBy),
      },
      because: `${system.name} is ${system.caption}, ${architecture}${evidence.length > 0 ? "; a restart is pending" : ""}`,
    };
  },
});

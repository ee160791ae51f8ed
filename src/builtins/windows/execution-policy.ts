import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { allRead, parseReading, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { dwordOf, parseRegistryQuery, registryTree } from "../../formats/registry-query.ts";

/** Where Group Policy writes what it says of scripts, below a hive (domain page, 2.8; the names from memory). */
const POLICIES = "SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell";
const KEYS = { machine: `HKLM\\${POLICIES}`, user: `HKCU\\${POLICIES}` } as const;

/** Policies under which setup's own scripts do not run unless each is signed (from memory). */
const FORBIDDING: readonly string[] = ["restricted", "allsigned"];

/** What the policy of one hive says; undefined where it says nothing. "Turn on script execution", disabled, is `EnableScripts` 0 and means Restricted (from memory). */
function policyIn(facts: Facts, scope: keyof typeof KEYS): Reading<string | undefined> {
  return parseReading(facts, scope, "program", (answer) => {
    const keys = parseRegistryQuery(`\`${KEYS[scope]}\``, answer);
    if (keys.kind === "error") return keys;
    const values = keys.value[0]?.values;
    if (dwordOf(values?.get("enablescripts")) === 0) return ok("Restricted");
    const policy = values?.get("executionpolicy")?.trim();
    return ok(policy === undefined || policy === "" ? undefined : excerpt(policy));
  });
}

/** `windows.execution_policy`: what Group Policy says of PowerShell's scripts. */
export const windowsExecutionPolicy = defineBuiltin({
  name: "windows.execution_policy",
  title: "Read what Group Policy says of PowerShell's scripts",
  docs: [
    "Reads the execution policy that Group Policy sets for the machine (`MachinePolicy`) and for the account (`UserPolicy`) from the registry, so with PowerShell 1.0 too, whose `Get-ExecutionPolicy` has no `-List`. What an administrator set by hand is not read: setup can pass it over, and a policy it cannot.",
    "",
    "The machine's policy wins. `forbids_scripts` is true where the one that counts is `Restricted` or `AllSigned`.",
    "",
    "Source: domain page, 2.8 (execution policy by GPO): setup runs scripts while it has stopped services; where they may not run it fails half-way, with the services down, and cannot go on.",
  ].join("\n"),
  examples: [
    {
      title: "Scripts must be able to run",
      yaml: [
        "- id: scripts",
        "  uses: windows.execution_policy",
        "  target: node_b",
        "  expect:",
        "    - that: '!outputs.forbids_scripts'",
        '      because: "Group Policy allows no scripts: {{outputs.policy}}."',
      ].join("\n"),
    },
  ],
  inputs: {},
  outputs: {
    machine: { type: "string", required: false, description: "`MachinePolicy`; absent where Group Policy sets none" },
    user: { type: "string", required: false, description: "`UserPolicy`, that of the account; absent where Group Policy sets none" },
    policy: { type: "string", required: false, description: "The one that counts; absent where Group Policy sets none" },
    by_policy: { type: "boolean", description: "Group Policy sets one" },
    forbids_scripts: { type: "boolean", description: "The one that counts is `Restricted` or `AllSigned`" },
    shown_by: { type: "string", description: "The command that shows it" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: {
    machine: { effect: "reads", title: "Read the policy for the machine", make: () => registryTree(KEYS.machine) },
    user: { effect: "reads", title: "Read the policy for the account", make: () => registryTree(KEYS.user) },
  },
  look: () => ({ machine: { action: "machine" }, user: { action: "user" } }),
  decide(_inputs, facts, past) {
    const seen = allRead({ machine: policyIn(facts, "machine"), user: policyIn(facts, "user") });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { machine, user } = seen.value;
    const policy = machine ?? user;
    return {
      kind: "done",
      outputs: {
        ...(machine === undefined ? {} : { machine }),
        ...(user === undefined ? {} : { user }),
        ...(policy === undefined ? {} : { policy }),
        by_policy: policy !== undefined,
        forbids_scripts: FORBIDDING.includes((policy ?? "").toLowerCase()),
        shown_by: `reg.exe query "${machine === undefined && user !== undefined ? KEYS.user : KEYS.machine}"`,
      },
      because: policy === undefined ? "Group Policy says nothing of scripts" : `Group Policy sets ${policy} for the ${machine === undefined ? "account" : "machine"}`,
    };
  },
});

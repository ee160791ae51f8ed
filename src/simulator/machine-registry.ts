import type { MachineState } from "./machine-state.ts";
import type { RegistryKey, RegistryValue } from "./registry.ts";

/** Where Group Policy keeps what it says of PowerShell's scripts, below a hive (domain page, 2.8; the names from memory). */
const POLICIES = "SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell";

/** The keys of a machine: what Group Policy sets, and what lies there by itself. */
export function machineKeys(machine: MachineState): readonly RegistryKey[] {
  const { machine: ofMachine, user } = machine.executionPolicy;
  const names = [...new Set(machine.stored.map(({ key }) => key))];
  return [
    ...policyKey("HKEY_LOCAL_MACHINE", ofMachine),
    ...policyKey("HKEY_CURRENT_USER", user),
    ...names.map((path) => ({ path, values: machine.stored.filter(({ key }) => key === path) })),
  ];
}

/** "Turn on script execution": disabled is `EnableScripts` 0; enabled is 1, with the policy's name (from memory). */
function policyKey(hive: string, policy: string | undefined): readonly RegistryKey[] {
  if (policy === undefined) return [];
  const enabled: RegistryValue = { name: "EnableScripts", type: "REG_DWORD", value: policy === "Restricted" ? 0 : 1 };
  return [{ path: `${hive}\\${POLICIES}`, values: policy === "Restricted" ? [enabled] : [enabled, { name: "ExecutionPolicy", type: "REG_SZ", value: policy }] }];
}

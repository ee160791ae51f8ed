import { machineKeys } from "./machine-registry.ts";
import type { NodeState } from "./node-state.ts";
import { patchStateOf } from "./installer/register-patch.ts";
import { timeText } from "../core/time.ts";

/** A value of the registry. A DWORD is a number, the others text. */
export interface RegistryValue {
  readonly name: string;
  readonly type: "REG_SZ" | "REG_DWORD" | "REG_MULTI_SZ";
  readonly value: string | number;
}

/** A key with its full name (`HKEY_LOCAL_MACHINE\…`) and its values. */
export interface RegistryKey {
  readonly path: string;
  readonly values: readonly RegistryValue[];
}

/** Where Exchange 2007 is installed. */
export const EXCHANGE_FOLDER = "C:\\Program Files\\Microsoft\\Exchange Server\\";

const SOFTWARE = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft";
/** The product's key; it is the same for every line of Exchange 2007 (domain page, 4.4). */
const PRODUCT = `${SOFTWARE}\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613`;
const SESSION_MANAGER = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager";
const START: Readonly<Record<string, number>> = { Auto: 2, Manual: 3, Disabled: 4 };

/** The keys of a node, as they follow from its state. Parents come before what lies under them. */
export function registryOf(node: NodeState): readonly RegistryKey[] {
  return [...productKeys(node), ...restartKeys(node), ...serviceKeys(node), ...machineKeys(node.machine)];
}

function productKeys(node: NodeState): readonly RegistryKey[] {
  const { patches, base } = node.exchange;
  return [
    { path: PRODUCT, values: [] },
    { path: `${PRODUCT}\\InstallProperties`, values: [text("DisplayName", "Microsoft Exchange Server"), text("DisplayVersion", base)] },
    { path: `${PRODUCT}\\Patches`, values: [{ name: "AllPatches", type: "REG_MULTI_SZ", value: patches.map((patch) => patch.code).join("\\0") }] },
    ...patches.map((patch) => ({
      path: `${PRODUCT}\\Patches\\${patch.code}`,
      values: [text("DisplayName", patch.displayName), text("Installed", installedDay(patch.installedMs)), number("State", patchStateOf(node, patch)), number("Uninstallable", patch.removable ? 1 : 0)],
    })),
    { path: `${SOFTWARE}\\Exchange`, values: [] },
    { path: `${SOFTWARE}\\Exchange\\Setup`, values: [text("MsiInstallPath", EXCHANGE_FOLDER), text("Services", EXCHANGE_FOLDER.slice(0, -1))] },
  ];
}

/** Where Windows notes that a restart is due (domain page, 3.5). */
function restartKeys(node: NodeState): readonly RegistryKey[] {
  const has = (evidence: NodeState["restartEvidence"][number]): boolean => node.restartEvidence.includes(evidence);
  const keys: RegistryKey[] = [
    { path: `${SOFTWARE}\\Windows\\CurrentVersion\\Component Based Servicing`, values: [] },
    { path: `${SOFTWARE}\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update`, values: [] },
    { path: SESSION_MANAGER, values: has("file_rename") ? [{ name: "PendingFileRenameOperations", type: "REG_MULTI_SZ", value: `\\??\\${EXCHANGE_FOLDER}Bin\\store.exe.tmp\\0` }] : [] },
    { path: `${SOFTWARE}\\Updates`, values: [number("UpdateExeVolatile", has("update_exe") ? 2 : 0)] },
  ];
  if (has("component_servicing")) keys.push({ path: `${SOFTWARE}\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending`, values: [] });
  if (has("windows_update")) keys.push({ path: `${SOFTWARE}\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired`, values: [] });
  return keys;
}

function serviceKeys(node: NodeState): readonly RegistryKey[] {
  return node.services.map((service) => ({
    path: `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\${service.name}`,
    values: [text("DisplayName", service.displayName), number("Start", START[service.startMode] ?? 3), ...(service.delayed === undefined ? [] : [number("DelayedAutostart", service.delayed ? 1 : 0)])],
  }));
}

function text(name: string, value: string): RegistryValue {
  return { name, type: "REG_SZ", value };
}
function number(name: string, value: number): RegistryValue {
  return { name, type: "REG_DWORD", value };
}

/** The long names of the hives. */
const HIVES: Readonly<Record<string, string>> = { HKLM: "HKEY_LOCAL_MACHINE", HKCU: "HKEY_CURRENT_USER", HKU: "HKEY_USERS" };

/** The long form of a key's name: `HKLM\…` and `HKLM:\…` become `HKEY_LOCAL_MACHINE\…`, and so for the other hives. */
export function fullKey(path: string): string {
  return path.replace(/^(?:Registry::)?(HKLM|HKCU|HKU|HKEY_[A-Z_]+):?(?=\\|$)/i, (_, hive: string) => HIVES[hive.toUpperCase()] ?? hive.toUpperCase()).replace(/\\+$/, "");
}

/** The key of that name; undefined if it is not there. */
export function findKey(keys: readonly RegistryKey[], path: string): RegistryKey | undefined {
  const wanted = fullKey(path).toLowerCase();
  const found = keys.find((key) => key.path.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const inside = keys.find((key) => key.path.toLowerCase().startsWith(`${wanted}\\`));
  return inside === undefined ? undefined : { path: inside.path.slice(0, wanted.length), values: [] };
}

/** Everything below a key, at any depth. */
export function keysBelow(keys: readonly RegistryKey[], key: RegistryKey): readonly RegistryKey[] {
  const prefix = `${key.path.toLowerCase()}\\`;
  return keys.filter((other) => other.path.toLowerCase().startsWith(prefix));
}

/** The day of a moment, as Windows Installer writes it: `20080315`. */
function installedDay(ms: number): string {
  return timeText(ms).slice(0, 10).replaceAll("-", "");
}

import { sizeBytes } from "../core/quantity.ts";
import type { ExecutionPolicy, MachineFile } from "./machine-schema.ts";

/** A local disk. */
export interface DriveState {
  /** As Windows names it: `C:`. */
  readonly name: string;
  freeBytes: number;
}

/** A value of the registry that lies there by itself, and does not follow from the rest of the node. */
export interface StoredValue {
  /** The key's full name: `HKEY_CURRENT_USER\…`. */
  readonly key: string;
  readonly name: string;
  readonly type: "REG_SZ" | "REG_DWORD";
  readonly value: string | number;
}

/** The machine under Exchange. */
export interface MachineState {
  readonly drives: DriveState[];
  /** What Group Policy sets; undefined where it says nothing. */
  readonly executionPolicy: { readonly machine?: ExecutionPolicy | undefined; readonly user?: ExecutionPolicy | undefined };
  readonly stored: StoredValue[];
}

/** Where Windows keeps what is checked of a publisher's certificate, below a user's hive (domain page, 2.8, from memory). */
const SOFTWARE_PUBLISHING = "Software\\Microsoft\\Windows\\CurrentVersion\\WinTrust\\Trust Providers\\Software Publishing";
/** The key of the account, and that of LocalSystem, under which Windows Installer and the services run. */
export const TRUST_KEYS = { account: `HKEY_CURRENT_USER\\${SOFTWARE_PUBLISHING}`, system: `HKEY_USERS\\S-1-5-18\\${SOFTWARE_PUBLISHING}` } as const;
/** `State` where revocation is checked, as Windows has it from the beginning, and where it is not (domain page, 2.8, from memory). */
const CHECKED = 0x23c00;
const NOT_CHECKED = 0x23e00;

/** The drive of Windows. */
export const SYSTEM_DRIVE = "C:";
const FREE = { [SYSTEM_DRIVE]: "40GB", "D:": "80GB" } as const;

/** A machine as it is at the beginning. */
export function startMachine(file: MachineFile): MachineState {
  const given = Object.fromEntries(Object.entries(file.free_disk ?? {}).map(([letter, size]) => [`${letter.toUpperCase()}:`, size]));
  const drives = Object.entries({ ...FREE, ...given }).map(([name, size]) => ({ name, freeBytes: sizeBytes(size) }));
  const state = (key: string, value: number): StoredValue => ({ key, name: "State", type: "REG_DWORD", value });
  const value = file.revocation_check === "off" ? NOT_CHECKED : CHECKED;
  const stored = file.revocation_check === "unset" ? [] : Object.values(TRUST_KEYS).map((key) => state(key, value));
  return { drives, executionPolicy: file.execution_policy ?? {}, stored };
}

/** True unless the account was told not to check certificates for revocation. */
export function checksRevocation(machine: MachineState): boolean {
  const found = machine.stored.find(({ key, name }) => key === TRUST_KEYS.account && name.toLowerCase() === "state");
  return (Number(found?.value ?? CHECKED) & (NOT_CHECKED & ~CHECKED)) === 0;
}

/** The disk that a path lies on; undefined where the machine has no such disk. */
export function driveOf(machine: MachineState, path: string): DriveState | undefined {
  return machine.drives.find(({ name }) => path.slice(0, 2).toUpperCase() === name);
}

import type { LoggedEvent } from "./event-log.ts";
import type { InstallerConditions } from "./installer/installer-conditions.ts";
import type { JobState, StartMode } from "./job-state.ts";
import type { MachineState } from "./machine-state.ts";

/** A Windows service on a node. */
export interface ServiceState {
  readonly name: string;
  readonly displayName: string;
  startMode: StartMode;
  state: "Running" | "Stopped" | "Start Pending" | "Stop Pending" | "Paused";
  /** Setup disables and restores it. */
  readonly exchange: boolean;
  readonly dependsOn: readonly string[];
  /** It is of managed code: without revocation lists it may not start within the limit (domain page, 2.8). */
  readonly managed?: boolean | undefined;
  /** It starts a while after the others when the node boots; Windows calls it Auto all the same (domain page, 3.5). */
  delayed?: boolean | undefined;
}

/** A rollup or interim update that is registered on a node. */
export interface PatchState {
  /** The packed patch code: 32 hexadecimal digits. */
  readonly code: string;
  readonly kb: string;
  readonly displayName: string;
  readonly build: string;
  readonly installedMs: number;
  readonly interim: boolean;
  /** Windows Installer removes it; an interim update always. */
  readonly removable: boolean;
}

/** A file on a node: by size and hash, and by text where the world made it. */
export interface FileState {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly text?: string | undefined;
  /** When it was last written; undefined where the world does not know. */
  readonly writtenMs?: number | undefined;
}

/** Where Windows notes that a restart is due (domain page, 3.5). */
export type RestartEvidence = "component_servicing" | "windows_update" | "file_rename" | "update_exe";

/** A member of the cluster. */
export interface NodeState {
  readonly name: string;
  /** From 1, in the order of the world file. */
  readonly id: number;
  power: "on" | "restarting" | "off";
  membership: "Up" | "Down" | "Joining";
  /** A flag of its own beside the membership; it survives a restart (domain page, 11.7). */
  paused: boolean;
  /** Of the restart or the joining under way: what was scheduled for an earlier one is void. */
  ticket: number;
  /** Until then nobody can reach it, although it runs (F21). */
  unreachableUntilMs: number;
  /** How often all connections to it broke: a call that sees another number than at its beginning is lost. */
  breaks: number;
  readonly os: { readonly caption: string; readonly version: string; readonly architecture: "x64" | "x86" };
  readonly powershell: string;
  readonly administrator: boolean;
  readonly elevated: boolean;
  /** Where not, native images take long and managed services start slowly (domain page, 2.8). */
  readonly crlReachable: boolean;
  readonly machine: MachineState;
  readonly installer: InstallerConditions;
  lastBootMs: number;
  restartEvidence: RestartEvidence[];
  /** Until then another installation is running (exit code 1618). */
  installerBusyUntilMs: number;
  /** The base build of the service pack, the build that `ExSetup.exe` shows, and what is registered. */
  readonly exchange: { readonly base: string; fileBuild: string; readonly patches: PatchState[] };
  readonly services: ServiceState[];
  readonly files: FileState[];
  readonly jobs: JobState[];
  /** Oldest first. */
  readonly eventLog: LoggedEvent[];
}

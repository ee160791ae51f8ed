import { compareVersions } from "../../core/version.ts";
import type { NodeState } from "../node-state.ts";
import { findService } from "../rules/services.ts";
import type { InstallerFile } from "./installer-schema.ts";
import type { InstallerRefusal } from "./refusals.ts";

/** The Windows Installer of a node. */
export interface InstallerConditions {
  readonly version: string;
  readonly policy?: "no_packages" | "no_patches" | "no_transforms" | undefined;
  readonly remote?: "disallowed" | "prohibited" | undefined;
  readonly cacheMissing: boolean;
  safeMode: boolean;
}

/** The Windows Installer as it is at the beginning. */
export function startInstaller({ installer = {} }: InstallerFile): InstallerConditions {
  return { version: installer.version ?? "4.5", policy: installer.policy, remote: installer.remote, cacheMissing: installer.cache === "missing", safeMode: installer.safe_mode ?? false };
}

/** The service of the Windows Installer. msiexec starts it where it does not run, unless it is Disabled. */
const INSTALLER_SERVICE = "msiserver";
/** The Windows Installer that a patch of Exchange 2007 wants (domain page, 4.8: a word count of 4; from memory). */
const WANTED_VERSION = "3.0";

const POLICIES: Readonly<Record<NonNullable<InstallerConditions["policy"]>, InstallerRefusal>> = {
  no_packages: { exitCode: 1625, because: "this installation is forbidden by system policy" },
  no_patches: { exitCode: 1643, because: "the patch package is not permitted by software restriction policy" },
  no_transforms: { exitCode: 1644, because: "one or more customizations are not permitted by software restriction policy" },
};

/** Why the Windows Installer of the node takes nothing now, with exit codes of domain page, 4.7; undefined where it does. */
export function refusalOfInstaller(node: NodeState): InstallerRefusal | undefined {
  const { installer } = node;
  if (installer.safeMode) return { exitCode: 1652, because: "this installation is not supported in safe mode" };
  if (findService(node, INSTALLER_SERVICE)?.startMode === "Disabled") return { exitCode: 1601, because: "the Windows Installer service could not be accessed" };
  if (installer.remote !== undefined) return { exitCode: installer.remote === "disallowed" ? 1640 : 1645, because: "only administrators at the console may install this" };
  if (installer.policy !== undefined) return POLICIES[installer.policy];
  if (compareVersions(installer.version, WANTED_VERSION) < 0) return { exitCode: 1637, because: `the patch needs Windows Installer ${WANTED_VERSION}, installed is ${installer.version}` };
  return undefined;
}

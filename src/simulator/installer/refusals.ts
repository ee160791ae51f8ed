import { compareVersions } from "../../core/version.ts";
import { findFile, folderExists, folderOf } from "../files.ts";
import type { JobState } from "../job-state.ts";
import { driveOf, SYSTEM_DRIVE } from "../machine-state.ts";
import type { NodeState, PatchState } from "../node-state.ts";
import type { PackageState, WorldState } from "../world-state.ts";
import { parseInstallerCommand } from "./command-line.ts";
import { SETUP_ROOM_BYTES } from "./hindrance.ts";
import { refusalOfInstaller } from "./installer-conditions.ts";
import { EXCHANGE_PRODUCT, packCode } from "./packed-code.ts";

/** Why an installation ends before it changes anything: its exit code (domain page, 4.7) and a line for the log. */
export interface InstallerRefusal {
  readonly exitCode: number;
  readonly because: string;
}

/** What the installer finds at once: its command line, its log, the file, another installation, its rights. */
export function refuseAtOnce(state: WorldState, node: NodeState, job: JobState): InstallerRefusal | undefined {
  const command = parseInstallerCommand(job.args);
  if (command.kind === "invalid") return { exitCode: 1639, because: command.because };
  if (command.log !== undefined && !folderExists(node, folderOf(command.log))) return { exitCode: 1622, because: `the log ${command.log} cannot be opened` };
  if (command.kind === "update" && findFile(state, node, command.file) === undefined) return { exitCode: 1635, because: `the patch ${command.file} cannot be opened` };
  const earlier = node.jobs.slice(0, node.jobs.indexOf(job)).some((known) => known.state === "running" && known.install !== undefined);
  if (earlier || state.nowMs < node.installerBusyUntilMs) return { exitCode: 1618, because: "another installation is already in progress" };
  if (!node.administrator) return { exitCode: 1625, because: "this installation is forbidden by system policy" };
  return refusalOfInstaller(node);
}

/** What the installer finds when it reads the patch: that it is none, fits neither the machine nor the installed Exchange, or is not there to be removed. */
export function refusePackage(state: WorldState, node: NodeState, job: JobState): InstallerRefusal | undefined {
  const command = parseInstallerCommand(job.args);
  if (command.kind === "uninstall") {
    if (packCode(command.product) !== packCode(EXCHANGE_PRODUCT)) return { exitCode: 1605, because: `the product ${command.product} is not installed` };
    const patch = removedPatch(node, job);
    if (patch === undefined) return { exitCode: 1647, because: `the patch ${command.patch} is not applied` };
    return patch.removable ? undefined : { exitCode: 1646, because: `the patch ${command.patch} cannot be removed` };
  }
  if (node.installer.cacheMissing) return { exitCode: 1612, because: "the installation source for this product is not available" };
  const drive = driveOf(node.machine, SYSTEM_DRIVE);
  if (drive !== undefined && drive.freeBytes < SETUP_ROOM_BYTES) return { exitCode: 1632, because: "the temporary folder is full" };
  const found = packageOf(state, node, job);
  if (found === undefined) return { exitCode: 1636, because: "this patch package is not valid" };
  if (found.architecture !== node.os.architecture) return { exitCode: 1633, because: `a package for ${found.architecture} does not fit this machine` };
  if (compareVersions(found.target, node.exchange.base) !== 0) return { exitCode: 1642, because: `the patch is for ${found.target}, installed is ${node.exchange.base}` };
  if (node.exchange.patches.some((patch) => patch.interim)) return { exitCode: 1648, because: "an interim update is installed: no valid sequence" };
  return undefined;
}

/** The registered patch that the command line removes; undefined where it applies one, or there is none of that code. */
export function removedPatch(node: NodeState, job: JobState): PatchState | undefined {
  const command = parseInstallerCommand(job.args);
  return command.kind === "uninstall" ? node.exchange.patches.find((patch) => patch.code === packCode(command.patch)) : undefined;
}

/** The package whose content the named file has; undefined if it is none, or gone. */
export function packageOf(state: WorldState, node: NodeState, job: JobState): PackageState | undefined {
  const command = parseInstallerCommand(job.args);
  if (command.kind !== "update") return undefined;
  const file = findFile(state, node, command.file);
  return state.packages.find((known) => known.sha256 === file?.sha256);
}

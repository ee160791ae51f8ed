/** What an exit code of `msiexec.exe` stands for. `installed*` are success; the others are failure codes of who installs. */
export type MsiexecOutcome =
  | "installed" | "installed_restart_required" | "installed_restarting"
  | "installer_busy" | "installer_unavailable" | "installer_too_old" | "restart_first" | "install_failed" | "wrong_package" | "not_installed"
  | "package_unreadable" | "forbidden" | "wrong_session" | "no_space" | "source_missing" | "stopped_by_user" | "log_not_writable" | "bad_command";

/** An exit code, explained. */
export interface MsiexecExitCode {
  /** As Windows names it, without `ERROR_`. */
  readonly name: string;
  readonly outcome: MsiexecOutcome;
  /** What happened and what to do, for a person. */
  readonly because: string;
}

const row = (code: number, name: string, outcome: MsiexecOutcome, because: string): readonly [number, MsiexecExitCode] => [code, { name, outcome, because }];

const COMMAND = "The runbook or the file name is wrong; look at the command that the step shows.";
const SERVICES = "Exchange services may be left Disabled: give them back what they had (windows.services_restore) before anything else.";
const SERVICE = "`sc.exe query msiserver` shows it; start it with `sc.exe start msiserver`, and set it to `demand` first where it is Disabled.";
const NEWER = "Install Windows Installer 4.5 on the node first, then start again.";
const PLACE = "Compare the node and the package with the article: `reg.exe query HKLM\\SOFTWARE\\Microsoft\\Exchange\\Setup` shows what is installed.";
const CHANNEL = "Reach the node by another transport: the console, or a scheduled task under an account.";
const POLICY = "`reg.exe query HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\Installer` shows it; have whoever sets it allow it for the maintenance window.";

/** Exit codes of the Windows Installer, what they mean, and what cures them (domain page, 4.7; names and meanings from [T19]). */
export const MSIEXEC_EXIT_CODES: ReadonlyMap<number, MsiexecExitCode> = new Map([
  row(0, "SUCCESS", "installed", "It was installed."),
  row(3010, "SUCCESS_REBOOT_REQUIRED", "installed_restart_required", "It was installed, and the node must be restarted before it may take over."),
  row(1641, "SUCCESS_REBOOT_INITIATED", "installed_restarting", "It was installed, and the node restarts by itself now."),
  row(13, "INVALID_DATA", "bad_command", `The command holds invalid data. ${COMMAND}`),
  row(87, "INVALID_PARAMETER", "bad_command", `A parameter is invalid. ${COMMAND}`),
  row(1639, "INVALID_COMMAND_LINE", "bad_command", `An option is invalid. ${COMMAND}`),
  row(1601, "INSTALL_SERVICE_FAILURE", "installer_unavailable", `The Windows Installer service cannot be reached. ${SERVICE}`),
  row(1631, "INSTALL_SERVICE_FAILURE", "installer_unavailable", `The Windows Installer service did not start. ${SERVICE}`),
  row(1602, "INSTALL_USEREXIT", "stopped_by_user", "Somebody at the console cancelled it. Find out who works on the node (`query.exe session`), and let nobody work there meanwhile."),
  row(1603, "INSTALL_FAILURE", "install_failed", `The installation failed and was rolled back. Remove the cause that the log names. ${SERVICES}`),
  row(1604, "INSTALL_SUSPEND", "restart_first", "The installation was suspended. Restart the node while it is passive, then start again."),
  row(1652, "INSTALL_SAFE_MODE", "restart_first", "The node runs in safe mode. Restart it normally while it is passive, then start again."),
  row(1605, "UNKNOWN_PRODUCT", "not_installed", `The product is not installed here: the node or the package is wrong. ${PLACE}`),
  row(1638, "PRODUCT_VERSION", "not_installed", `Another version of the product is installed: the node or the package is wrong. ${PLACE}`),
  row(1612, "INSTALL_SOURCE_ABSENT", "source_missing", "A cached package is missing in C:\\Windows\\Installer. Give it back from the installation media of Exchange or from a backup."),
  row(1613, "INSTALL_PACKAGE_VERSION", "installer_too_old", `The package needs a newer Windows Installer. ${NEWER}`),
  row(1637, "PATCH_PACKAGE_UNSUPPORTED", "installer_too_old", `The patch needs a newer Windows Installer. ${NEWER}`),
  row(1618, "INSTALL_ALREADY_RUNNING", "installer_busy", "Another installation is running. Nothing was changed; try again in some minutes."),
  row(1619, "INSTALL_PACKAGE_OPEN_FAILED", "package_unreadable", "The package cannot be opened. Copy it again and compare its hash."),
  row(1635, "PATCH_PACKAGE_OPEN_FAILED", "package_unreadable", "The patch cannot be opened. Copy it again and compare its hash."),
  row(1620, "INSTALL_PACKAGE_INVALID", "wrong_package", "The file is no valid package: it is corrupt, or another file. Download it again."),
  row(1636, "PATCH_PACKAGE_INVALID", "wrong_package", "The file is no valid patch: it is corrupt, or another file. Download it again."),
  row(1622, "INSTALL_LOG_FAILURE", "log_not_writable", "The log cannot be opened. Its folder must exist on the node and be writable; msiexec makes none."),
  row(1625, "INSTALL_PACKAGE_REJECTED", "forbidden", `A policy forbids the installation. ${POLICY}`),
  row(1643, "PATCH_PACKAGE_REJECTED", "forbidden", `A policy forbids the patch. ${POLICY}`),
  row(1644, "INSTALL_TRANSFORM_REJECTED", "forbidden", `A policy forbids a part of the patch. ${POLICY}`),
  row(1640, "INSTALL_REMOTE_DISALLOWED", "wrong_session", `It may not be installed from a remote session. ${CHANNEL}`),
  row(1645, "INSTALL_REMOTE_PROHIBITED", "wrong_session", `It may not be installed from a remote session. ${CHANNEL}`),
  row(1632, "INSTALL_TEMP_UNWRITABLE", "no_space", "The temporary folder is full or cannot be written. Free space on the system drive of the node, or give the account the right to write there."),
  row(1633, "INSTALL_PLATFORM_UNSUPPORTED", "wrong_package", "The package is for another architecture (x64 or x86). Take the file for the architecture of the installed Exchange."),
  row(1642, "PATCH_TARGET_NOT_FOUND", "wrong_package", "The patch does not fit the installed version: it is for another service pack. Nothing was changed. Take the rollup for the installed service pack."),
  row(1646, "UNINSTALL_PATCH_NOT_REMOVABLE", "install_failed", "The patch cannot be removed. That is an answer to a removal, which was not asked for: look at the command that the step shows."),
  row(1647, "UNKNOWN_PATCH", "install_failed", "The patch is not installed on this product. That is an answer to a removal, which was not asked for: look at the command that the step shows."),
  row(1649, "PATCH_REMOVAL_DISALLOWED", "forbidden", `A policy forbids to remove the patch. ${POLICY}`),
  row(1648, "PATCH_NO_SEQUENCE", "wrong_package", "No valid order of patches was found: an interim update is installed. Remove it first, then start again."),
  row(1653, "ROLLBACK_DISABLED", "install_failed", "Rollback is disabled on the node (`DisableRollback`), so it was not begun. Allow it, then start again."),
]);

/** An exit code explained; one that the table lacks is `install_failed`, since any Win32 error may appear (domain page, 4.7). */
export function explainMsiexecExitCode(code: number): MsiexecExitCode {
  return MSIEXEC_EXIT_CODES.get(code) ?? { name: `WIN32_${code}`, outcome: "install_failed", because: `It failed for a reason of its own; \`net.exe helpmsg ${code}\` names it. ${SERVICES}` };
}

/** What an exit code of `msiexec.exe` stands for. `installed*` are success; the others are failure codes of who installs. */
export type MsiexecOutcome =
  | "installed" | "installed_restart_required" | "installed_restarting"
  | "installer_busy" | "install_failed" | "wrong_package" | "package_unreadable" | "installer_unavailable"
  | "forbidden" | "no_space" | "source_missing" | "stopped_by_user" | "log_not_writable" | "bad_command";

/** An exit code, explained. */
export interface MsiexecExitCode {
  /** As Windows names it, without `ERROR_`. */
  readonly name: string;
  readonly outcome: MsiexecOutcome;
  /** What happened and what to do, for a person. */
  readonly because: string;
}

const row = (code: number, name: string, outcome: MsiexecOutcome, because: string): readonly [number, MsiexecExitCode] => [code, { name, outcome, because }];

/** Exit codes of the Windows Installer and what to do about them (domain page, 4.7; names and meanings from [T19]). */
export const MSIEXEC_EXIT_CODES: ReadonlyMap<number, MsiexecExitCode> = new Map([
  row(0, "SUCCESS", "installed", "It was installed."),
  row(3010, "SUCCESS_REBOOT_REQUIRED", "installed_restart_required", "It was installed, and the node must be restarted before it may take over."),
  row(1641, "SUCCESS_REBOOT_INITIATED", "installed_restarting", "It was installed, and the node restarts by itself now."),
  row(13, "INVALID_DATA", "bad_command", "The command holds invalid data. The command line is wrong."),
  row(87, "INVALID_PARAMETER", "bad_command", "A parameter is invalid. The command line is wrong."),
  row(1639, "INVALID_COMMAND_LINE", "bad_command", "An option is invalid. The command line is wrong."),
  row(1601, "INSTALL_SERVICE_FAILURE", "installer_unavailable", "The Windows Installer service cannot be reached. Start the service `msiserver`, then try again."),
  row(1631, "INSTALL_SERVICE_FAILURE", "installer_unavailable", "The Windows Installer service did not start. Start the service `msiserver`, then try again."),
  row(1602, "INSTALL_USEREXIT", "stopped_by_user", "Somebody at the console cancelled it. Find out who works on the node."),
  row(1603, "INSTALL_FAILURE", "install_failed", "The installation failed and was rolled back. Search the log for `Return value 3`. Exchange services may be left Disabled: compare them with what they were, and restore them."),
  row(1604, "INSTALL_SUSPEND", "installer_unavailable", "The installation was suspended. Restart the node, then look again."),
  row(1652, "INSTALL_SAFE_MODE", "installer_unavailable", "The node runs in safe mode. Restart it normally, then try again."),
  row(1605, "UNKNOWN_PRODUCT", "wrong_package", "The product is not installed here. The node or the package is wrong."),
  row(1638, "PRODUCT_VERSION", "wrong_package", "Another version of the product is installed. The node or the package is wrong."),
  row(1612, "INSTALL_SOURCE_ABSENT", "source_missing", "The cached package in the Installer folder is missing. Exchange's installation media are needed."),
  row(1613, "INSTALL_PACKAGE_VERSION", "installer_unavailable", "The package needs a newer Windows Installer. Install Windows Installer 4.5 first."),
  row(1637, "PATCH_PACKAGE_UNSUPPORTED", "installer_unavailable", "The patch needs a newer Windows Installer. Install Windows Installer 4.5 first."),
  row(1618, "INSTALL_ALREADY_RUNNING", "installer_busy", "Another installation is running. Nothing was changed; try again in some minutes."),
  row(1619, "INSTALL_PACKAGE_OPEN_FAILED", "package_unreadable", "The package cannot be opened. Copy it again and compare its hash."),
  row(1635, "PATCH_PACKAGE_OPEN_FAILED", "package_unreadable", "The patch cannot be opened. Copy it again and compare its hash."),
  row(1620, "INSTALL_PACKAGE_INVALID", "wrong_package", "The file is no valid package. Download it again."),
  row(1636, "PATCH_PACKAGE_INVALID", "wrong_package", "The file is no valid patch. Download it again."),
  row(1622, "INSTALL_LOG_FAILURE", "log_not_writable", "The log cannot be opened. Its folder must exist on the node and be writable."),
  row(1625, "INSTALL_PACKAGE_REJECTED", "forbidden", "A policy forbids the installation."),
  row(1643, "PATCH_PACKAGE_REJECTED", "forbidden", "A policy forbids the patch."),
  row(1644, "INSTALL_TRANSFORM_REJECTED", "forbidden", "A policy forbids a part of the patch."),
  row(1640, "INSTALL_REMOTE_DISALLOWED", "forbidden", "It may not be installed from a remote session. Reach the node by another transport."),
  row(1645, "INSTALL_REMOTE_PROHIBITED", "forbidden", "It may not be installed from a remote session. Reach the node by another transport."),
  row(1632, "INSTALL_TEMP_UNWRITABLE", "no_space", "The temporary folder is full or cannot be written. Free space on the system drive."),
  row(1633, "INSTALL_PLATFORM_UNSUPPORTED", "wrong_package", "The package is for another architecture (x64 or x86)."),
  row(1642, "PATCH_TARGET_NOT_FOUND", "wrong_package", "The patch does not fit the installed version: it is for another service pack. Nothing was changed."),
  row(1646, "UNINSTALL_PATCH_NOT_REMOVABLE", "install_failed", "The patch cannot be removed."),
  row(1647, "UNKNOWN_PATCH", "install_failed", "The patch is not installed on this product."),
  row(1649, "PATCH_REMOVAL_DISALLOWED", "forbidden", "A policy forbids to remove the patch."),
  row(1648, "PATCH_NO_SEQUENCE", "wrong_package", "No valid order of patches was found: an interim update is installed. Remove it first."),
  row(1653, "ROLLBACK_DISABLED", "install_failed", "Rollback is disabled on the node, so it was not begun."),
]);

/** An exit code explained; one that the table lacks is `install_failed`, since any Win32 error may appear (domain page, 4.7). */
export function explainMsiexecExitCode(code: number): MsiexecExitCode {
  return MSIEXEC_EXIT_CODES.get(code) ?? { name: `WIN32_${code}`, outcome: "install_failed", because: "It failed for a reason of its own. Search the log for `Return value 3`." };
}

import type { MsiexecOutcome } from "../../../formats/msiexec-exit-codes.ts";

/** Failure codes of an exit code of msiexec: what each means. */
export const MSIEXEC_CODES: Readonly<Record<Exclude<MsiexecOutcome, `installed${string}`>, string>> = {
  installer_busy: "the Windows Installer works on something else; nothing was changed",
  installer_unavailable: "the Windows Installer service does not work, also after it was started once",
  installer_too_old: "the package needs a newer Windows Installer",
  restart_first: "the node must be restarted before setup can run; nothing was changed",
  install_failed: "msiexec failed",
  wrong_package: "the package does not fit the node",
  not_installed: "Exchange, or this version of it, is not installed on the node",
  package_unreadable: "msiexec cannot open the package; nothing was changed",
  forbidden: "a policy forbids it",
  wrong_session: "it may not be installed from this kind of session",
  no_space: "the temporary folder is full",
  source_missing: "the cached package of Exchange is missing",
  stopped_by_user: "somebody at the console cancelled it",
  log_not_writable: "the log cannot be opened",
  bad_command: "msiexec does not understand its command line",
};

/** Failures before which nothing was changed, and whose cause only a person can remove: they are asked whether to try again (domain page, 4.7, "ask" and "retry"). */
export const ASKED_ABOUT: readonly string[] = ["installer_unavailable", "not_installed", "forbidden", "no_space", "source_missing", "log_not_writable"];

/** Failures before which nothing was changed, and whose cause another step can remove: the package is copied again, the node is restarted (domain page, 4.7). */
export const CURABLE = ["package_unreadable", "restart_first"] as const;

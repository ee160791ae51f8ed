import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { DPKG_AUDIT, FILE_LOCKS, parseDpkgAudit, parseDpkgQuery, parsePackageLocks, type DpkgPackage } from "../../../formats/dpkg.ts";

/** Says that the system wants a restart (`/usr/share/doc/update-notifier-common`; the packages that want it stand in the file beside it). */
export const RESTART_FILE = "/run/reboot-required";

/** What every builtin of this area looks at: interrupted packages, locks, a pending restart. */
export const READ_STATE = {
  read_audit: { effect: "reads", title: "Read what dpkg was interrupted in", make: () => DPKG_AUDIT },
  read_locks: { effect: "reads", title: "Read who holds a lock of the package system", make: () => FILE_LOCKS },
  read_restart: { effect: "reads", title: "Read whether the system wants a restart", make: () => ({ kind: "stat", path: RESTART_FILE }) },
} as const satisfies Readonly<Record<string, ActionDeclaration<unknown>>>;

/** The look at it. */
export const STATE_LOOK = { audit: { action: "read_audit" }, locks: { action: "read_locks" }, restart: { action: "read_restart" } } as const;

/** The reading `audit`: names of packages that dpkg was interrupted in. */
export function auditIn(facts: Facts): Reading<readonly string[]> {
  return parseReading(facts, "audit", "program", parseDpkgAudit);
}

/** The reading `locks`: who is installing something now. */
export function locksIn(facts: Facts): Reading<readonly string[]> {
  return parseReading(facts, "locks", "program", parsePackageLocks);
}

/** The reading `restart`. */
export function restartIn(facts: Facts): Reading<boolean> {
  return parseReading(facts, "restart", "stat", ({ exists }) => ok(exists));
}

/** The reading `packages`, for the names that were asked for. */
export function packagesIn(facts: Facts, names: readonly string[]): Reading<readonly DpkgPackage[]> {
  return parseReading(facts, "packages", "program", (answer) => parseDpkgQuery(names, answer));
}

/** A package as a sentence without a full stop. */
export function packageText({ name, version, status, held }: DpkgPackage): string {
  return status === "not-installed" || status === "config-files" ? `${name} is not installed` : `${name} ${version} is ${status}${held ? " and held" : ""}`;
}

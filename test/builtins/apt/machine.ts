import type { JobResult } from "../../../src/core/action.ts";
import type { Facts } from "../../../src/core/builtin.ts";
import { printed, read } from "../turns.ts";

/** A job that installs something, as a target tells of it. */
export function job(parts: Partial<JobResult> = {}): JobResult {
  return { name: "runbook-1", state: "running", program: "env", args: ["apt-get", "install"], startedAt: "2026-11-30T10:00:00.000Z", logBytes: 100, logTail: "Setting up labsvc (2.0) ...\n", ...parts };
}

/** A machine on which `labsvc` 1.0 is installed, and nothing else happens. */
export function machine(parts: { readonly row?: string; readonly audit?: string; readonly locks?: readonly object[]; readonly restart?: boolean; readonly jobs?: readonly JobResult[]; readonly enough?: boolean; readonly file?: string; readonly freeKiB?: number } = {}): Facts {
  return {
    packages: parts.row === "" ? printed("", 1, "dpkg-query: no packages found matching labsvc\n") : printed(parts.row ?? "labsvc\t1.0\tinstalled\tinstall\n"),
    audit: printed(parts.audit ?? ""),
    locks: printed(JSON.stringify({ locks: [{ command: "corosync", pid: 3, path: "/run/corosync.pid" }, ...parts.locks ?? []] })),
    restart: read({ exists: parts.restart === true, bytes: 0, sha256: "", folder: false }),
    space: printed(`Filesystem     1024-blocks   Used Available Capacity Mounted on\n/dev/sda1          1048576 169600    ${parts.freeKiB ?? 878976}      17% /\n`),
    jobs: read({ jobs: parts.jobs ?? [] }),
    compare: printed("", parts.enough === true ? 0 : 1),
    file: parts.file === undefined ? printed("labsvc\t2.0\tall\n") : printed(parts.file, parts.file === "" ? 2 : 0, parts.file === "" ? "dpkg-deb: error: unexpected end of file" : ""),
  };
}

/** What `dpkg --audit` prints of a package that was interrupted. */
export const AUDIT = "The following packages are only half configured, probably due to problems\nconfiguring them the first time.  The configuration should be retried using\ndpkg --configure <package> or the configure menu option in dselect:\n labsvc               Lab product, fail\n\n";

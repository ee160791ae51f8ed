import { defineBuiltin, type ActionCall, type Facts } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { durationMs, formatDuration } from "../../core/quantity.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { debFields, dpkgQuery, FREE_SPACE, isInterrupted, PACKAGE_NAME, parseDebFields, parseFreeSpace, type DpkgPackage } from "../../formats/dpkg.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { failureOf, installJobIn, judgeRunning } from "./shared/install-job.ts";
import { auditIn, locksIn, packagesIn, packageText, READ_STATE, restartIn, STATE_LOOK } from "./shared/readings.ts";

/** Somebody else's installation is waited for so long. Ours. */
const LOCK_PATIENCE_MS = 30 * 60_000;

/** No script of a package is to ask. */
const QUIET: readonly string[] = ["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"];

/** Never asks, keeps changed configuration files, removes nothing, and waits a minute for a lock that comes between look and start. */
const APT_GET: readonly string[] = [...QUIET, "apt-get", "install", "--yes", "--quiet", "--no-remove", "-o", "Dpkg::Options::=--force-confold", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=60"];

/** The same of dpkg alone, which waits for no lock and fetches nothing that a package depends on. */
const DPKG: readonly string[] = [...QUIET, "dpkg", "--force-confold", "--install"];

interface Wanted {
  readonly package: string;
  readonly version: string;
  readonly file?: string | undefined;
}

function whatOf({ package: name, version, file }: Wanted): string {
  return file ?? `${name}=${version}`;
}

/** `dpkg --compare-versions` says with its exit code whether the installed version is at least the wanted one. */
function isEnough(facts: Facts, found: DpkgPackage): Reading<boolean> {
  if (found.version === "") return ok(false);
  return parseReading(facts, "compare", "program", ({ exitCode, stderr }) => (exitCode === 0 || exitCode === 1 ? ok(exitCode === 0) : unreadable("`dpkg --compare-versions`", `it ended with ${exitCode}: ${excerpt(stderr)}`)));
}

/** `apt.install`: a package is installed, in a version or a newer one. */
export const aptInstall = defineBuiltin({
  name: "apt.install",
  title: "Install a package of Debian and its kin",
  docs: [
    "Brings a package to a version, from a file on the target or from the target's repositories. Where that version or a newer one is installed, nothing is done. It runs as a job: it outlasts the connection and this program, is begun at most once, and is found again.",
    "",
    "It refuses where the package is held (`held`), where dpkg was interrupted before (`interrupted`; `repair: true` installs over it), where the file is none or another package (`bad_package`, `other_package`), and waits for somebody else who installs something. Nothing is ever removed, and changed configuration files are kept.",
    "",
    "Done when dpkg says that the version is installed, not when `apt-get` has ended. `restart_required` says whether the system wants a restart now. How services stand afterwards is for `systemd.services_restore` to see: scripts of packages are known to leave them disabled.",
  ].join("\n"),
  examples: [{
    title: "A file that was copied before",
    yaml: ["- id: install", "  uses: apt.install", "  target: node_b", "  with:", "    package: app", '    version: "2.0"', "    file: /var/tmp/app_2.0_all.deb"].join("\n"),
  }],
  inputs: {
    package: { type: "string", pattern: PACKAGE_NAME, description: "Name of the package" },
    version: { type: "string", format: "version", description: "The version, as dpkg writes it; a newer one is as good" },
    file: { type: "string", format: "path", required: false, description: "The package file on the target; without it the target's repositories are asked" },
    repair: { type: "boolean", default: false, description: "Install over an earlier installation that was interrupted" },
    // Unpacking a large package is silent for a minute or two.
    silence: { type: "duration", default: "10m", description: "A person is asked once the installation has printed nothing new for so long" },
  },
  outputs: {
    version: { type: "string", format: "version", description: "The version that is installed" },
    before: { type: "string", format: "version", required: false, description: "The version before; absent where nothing was changed, or it was not installed" },
    restart_required: { type: "boolean", description: "The system wants a restart" },
  },
  codes: {
    held: "the package is held",
    interrupted: "dpkg was interrupted half-way",
    locked: "somebody else installs something",
    bad_package: "the file is no package, or a damaged one",
    other_package: "the file holds another package, or another version",
    dependencies: "what it depends on is not to be had",
    would_remove: "it would take other packages away",
    disk_full: "there is no space left on the target",
    install_failed: "apt-get failed",
    not_installed: "apt-get said that all went well, and the version is not installed",
    given_up: "a person ended the wait",
  },
  place: "optional",
  timeoutMs: 3_600_000,
  undo: { kind: "steps", how: "Install the version that `before` names, with apt-get and `--allow-downgrades`, by hand: whether a package can be taken back is for its maintainer to say." },
  touches: (_inputs, place) => [`${place.address} packages`],
  actions: {
    ...READ_STATE,
    read_packages: { effect: "reads", title: "Read the package", make: (inputs) => dpkgQuery([inputs.package]) },
    compare: {
      effect: "reads", title: "Compare the versions", fills: { installed: "the installed version" },
      make: (inputs, fill) => ({ kind: "program", program: "dpkg", args: ["--compare-versions", fill["installed"] ?? "", "ge", inputs.version] }),
    },
    read_file: { effect: "reads", title: "Read what the package file says of itself", make: (inputs) => debFields(inputs.file ?? "") },
    read_space: { effect: "reads", title: "Read how much space is left", make: () => FREE_SPACE },
    read_jobs: { effect: "reads", title: "Read the jobs on the target", make: () => ({ kind: "jobs" }) },
    install: {
      effect: "disrupts", title: "Install the package",
      // Not an argument: it is kept with what was done.
      fills: { before: "the version before" },
      make: (inputs) => ({ kind: "job", program: "env", args: [...APT_GET, "--", whatOf(inputs)] }),
    },
    install_again: {
      effect: "disrupts", title: "Install the package over what was interrupted", fills: { before: "the version before" },
      // Of a file whose version is there already, half configured, apt-get knows no name ("Internal Error, No file name for …").
      make: (inputs) => ({ kind: "job", program: "env", args: inputs.file === undefined ? [...APT_GET, "--reinstall", "--", whatOf(inputs)] : [...DPKG, "--", inputs.file] }),
    },
  },
  look(inputs, facts) {
    const first: Record<string, ActionCall> = { jobs: { action: "read_jobs" }, packages: { action: "read_packages" }, space: { action: "read_space" }, ...STATE_LOOK };
    const packages = packagesIn(facts, [inputs.package]);
    const version = packages.kind === "ok" ? packages.value[0]?.version ?? "" : "";
    if (version !== "") first["compare"] = { action: "compare", fill: { installed: version } };
    if (inputs.file !== undefined) first["file"] = { action: "read_file" };
    return first;
  },
  decide(inputs, facts, past, place) {
    const job = installJobIn(facts, past);
    if (job.kind === "error") return withoutReading(past, job.error);
    if (job.value.kind === "running") return judgeRunning(job.value.job, past, place, durationMs(inputs.silence));
    const seen = allRead({ packages: packagesIn(facts, [inputs.package]), interrupted: auditIn(facts), locks: locksIn(facts), restart: restartIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { packages: [found], interrupted, locks, restart } = seen.value;
    if (found === undefined) throw new Error("a package was asked for, and none came");
    const enough = isEnough(facts, found);
    if (enough.kind === "error") return withoutReading(past, enough.error);
    const says = packageText(found);
    if (enough.value && found.status === "installed") {
      const before = past.acts.find(({ fill }) => (fill["before"] ?? "") !== "")?.fill["before"];
      return { kind: "done", outputs: { version: found.version, ...(before === undefined ? {} : { before }), restart_required: restart }, because: `${says}${restart ? "; the system wants a restart" : ""}` };
    }
    switch (job.value.kind) {
      case "not-started":
        return { kind: "fail", ...job.value.failure };
      case "unknown":
        return { kind: "fail", code: "install_failed", because: `the installation was started on ${place.address}, and nothing of it is left there; ${says}` };
      case "over": {
        const { state, exitCode } = job.value.job;
        if (state === "lost") return { kind: "fail", code: "install_failed", because: `${place.address} was restarted under the installation; ${says}` };
        if (exitCode !== 0) {
          // What is printed on a full disk is lost.
          const space = parseReading(facts, "space", "program", parseFreeSpace);
          const failure = failureOf(job.value.job, space.kind === "ok" ? space.value : undefined);
          return { kind: "fail", ...failure, because: `${failure.because}; ${says}` };
        }
        return { kind: "fail", code: "not_installed", because: `apt-get ended well, and ${says}` };
      }
      case "none":
        break;
    }
    if (locks.length > 0) {
      const because = `the package system of ${place.address} is locked by ${locks.join(", ")} (\`lslocks\`)`;
      return past.elapsedMs < LOCK_PATIENCE_MS ? { kind: "wait", because, everyMs: 2_000 } : giveUp(past, "locked", `${because}, for ${formatDuration(LOCK_PATIENCE_MS)} now. Wait until that has ended, then try again`);
    }
    if (found.held) return giveUp(past, "held", `${says}: somebody does not want it changed. Ask who; \`apt-mark unhold ${found.name}\` ends that`);
    if (interrupted.length > 0 && !(inputs.repair && interrupted.every((name) => name === found.name))) {
      return giveUp(past, "interrupted", `dpkg was interrupted in ${interrupted.join(", ")} (\`dpkg --audit\`). \`dpkg --configure -a\` on ${place.address} goes on with it${interrupted.includes(found.name) ? "; `repair: true` installs over it" : ""}`);
    }
    const file = inputs.file === undefined ? undefined : parseReading(facts, "file", "program", (answer) => parseDebFields(inputs.file ?? "", answer));
    if (file?.kind === "error") return giveUp(past, file.error.code, file.error.because);
    if (file !== undefined && (file.value.name !== inputs.package || file.value.version !== inputs.version)) return giveUp(past, "other_package", `${inputs.file ?? ""} holds ${file.value.name} ${file.value.version}, and ${inputs.package} ${inputs.version} is wanted`);
    return { kind: "act", actions: [{ action: isInterrupted(found) ? "install_again" : "install", fill: { before: found.version } }], because: says };
  },
});

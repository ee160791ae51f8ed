import { assertNever } from "../../core/assert-never.ts";
import { defineBuiltin, type Decision, type Past } from "../../core/builtin.ts";
import type { Failure } from "../../core/failure.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { askToTryAgain, saidStop, stopAnswer } from "../../core/try-again.ts";
import type { Properties, ValuesOf } from "../../core/schema.ts";
import { compareVersions } from "../../core/version.ts";
import { ASKED_ABOUT, CURABLE, MSIEXEC_CODES } from "./shared/install-codes.ts";
import { obstacleToInstall } from "./shared/install-guard.ts";
import { judgeInstall } from "./shared/install-verdict.ts";
import { levelIn, lookAtLevel } from "./shared/rollup-level.ts";
import { lastStart, setupJobIn } from "./shared/setup-job.ts";
import { readLogErrors, readLogFile } from "./shared/setup-log.ts";
import { withoutSetup } from "./shared/setup-not-begun.ts";
import { judgeProgress, judgeSilence, lookAtProgress } from "./shared/setup-progress.ts";
import { GUARD_CODES, lookAfterSetup, lookBeforeSetup, setupReadings } from "./shared/setup-readings.ts";

const LOOK_AGAIN_MS = 15_000;
/** How often setup may be started in one attempt: once, once after the Windows Installer service was started, and as often as a person says so. */
const MOST_STARTS = 10;

/** Where msiexec writes its log. The folder is the package's own, so it exists: msiexec makes none (domain page, 4.5). */
function logOf(inputs: { readonly file: string; readonly log?: string | undefined }): string {
  return inputs.log ?? `${inputs.file}.log`;
}

const OUTPUTS = {
  outcome: { type: "string", enum: ["installed", ...CURABLE], description: "`installed`, also where it was before; with `when_curable: done` else what is to be done first: copy the package again, or restart the node" },
  build_before: { type: "string", format: "version", description: "The lower of both witnesses before the step" },
  build: { type: "string", format: "version", description: "The lower of both witnesses now" },
  exit_code: { type: "integer", required: false, description: "Of msiexec; absent where nothing was installed or the node was restarted under it" },
  restart_required: { type: "boolean", description: "The node must be restarted before it takes over" },
  in_cluster: { type: "boolean", description: "The node is Up or Paused in the cluster, or was left alone" },
  log: { type: "string", format: "path", description: "Where the log lies on the node" },
} as const satisfies Properties;
type Outcome = ValuesOf<typeof OUTPUTS>;

/** The failure of a start that changed nothing and that another step can cure; undefined for any other. */
function curableOf({ code }: Failure): (typeof CURABLE)[number] | undefined {
  // A package that is not there, or not the one that was copied, is as good as one that cannot be opened.
  const named = code === "not_found" || code === "package_differs" ? "package_unreadable" : code;
  return CURABLE.find((curable) => curable === named);
}

/** What follows from an installation that failed: the service of the installer is started once, a person is asked, or it has failed (domain page, 4.7). */
function afterFailure(failure: Failure, address: string, past: Past): Decision<never> {
  const start = lastStart(past);
  const helped = past.acts.some((act) => act.attempt === past.attempt && act.action === "start_installer");
  if (failure.code === "installer_unavailable" && !helped) return { kind: "act", actions: [{ action: "start_installer" }], because: failure.because };
  const stop = stopAnswer(past);
  if (start === undefined || stop !== undefined || !ASKED_ABOUT.includes(failure.code)) return giveUp(past, failure.code, stop === undefined ? failure.because : `${failure.because}; ${saidStop(stop)}`);
  return askToTryAgain(`Setup on ${address} ended before it changed anything (${failure.code}). Start it again?`, [failure.because], failure.because);
}

/** `exchange.install_rollup`: installs an update rollup on the passive node. */
export const exchangeInstallRollup = defineBuiltin({
  name: "exchange.install_rollup",
  title: "Install an update rollup on the passive node",
  docs: `Runs the package with \`msiexec.exe /update\` on the target, as a job that outlasts the channel and the runner, and waits until it has
ended. Setup stops the services of Exchange and the Cluster service on the node. The job is started once: a lost channel is
waited for, and an installation of the same file that already runs, of this run or another, is waited for, too.

Directly before the start it reads the state and refuses where the node owns the mailbox server or any group, where another node is not Up, where the quorum
could not spare a vote, where the package is missing or another one than \`sha256\` says, where a setup is at work, and where the package is for another service pack.
A node that is at \`build\` or above is left alone.

While setup runs it waits as long as the log grows, warns after 45 minutes, and asks a person after two hours, or when nothing was
written for 20 minutes: then a dialog probably waits at the console. It never ends msiexec.

A good exit code is not believed: the registry and \`ExSetup.exe\` must both show the build. The node is given ten minutes to come back
into the cluster; where it does not, \`in_cluster\` is false, and \`cluster.start_node\` is due.
With \`restart_required\` the node must be restarted before it takes over; until then \`build\` may be the old one.

What an exit code that is no success leads to: the Windows Installer service is started once, and setup again; \`installer_busy\` is worth a
retry. Where nothing was changed and only a person can remove the cause (a policy, a full disk, a missing source), they are asked. Where
nothing was changed and another step can remove it, \`when_curable: done\` hands that over: \`outcome\` then says whether the package
is to be copied again or the node to be restarted, before a second step installs. All else fails, with cause, cure and the
log's own words; after \`install_failed\` services may be left Disabled: let \`windows.services_restore\` follow in an \`always\`.

Source: domain page, 2.1, 4.4, 4.5, 4.7; R8, R20 to R24, F13 to F22, F25, F34, I1, I4.`,
  examples: [{
    title: "Update NodeB",
    yaml: `- id: install
  title: Install the rollup on NodeB
  uses: exchange.install_rollup
  target: node_b
  with:
    file: D:\\ur\\Exchange2007-KB945684-x64-EN.msp
    build: 8.1.263.1
    mailbox_server: "{{inputs.cms}}"
  retry: { attempts: 4, delay: 2m, backoff: 2, on: [installer_busy] }`,
  }],
  inputs: {
    file: { type: "string", format: "path", description: "The package, on the node's own disk" },
    build: { type: "string", format: "version", description: "Build that the package brings" },
    mailbox_server: { type: "string", description: "The clustered mailbox server, which the node must not own" },
    sha256: { type: "string", format: "sha256", required: false, description: "Hash that the package must have directly before setup; without it, any" },
    log: { type: "string", format: "path", required: false, description: "Log of msiexec on the node, in a folder that exists; without it, the package's path with `.log`" },
    when_curable: { type: "string", enum: ["fail", "done"], default: "fail", description: "What a start is that changed nothing and whose cause another step can remove: a failure, or done with that in `outcome`" },
  },
  outputs: OUTPUTS,
  codes: {
    ...GUARD_CODES,
    half_installed: "registry and files name different builds",
    wrong_build: "msiexec succeeded, and the node is not at the build",
    interrupted: "the node was restarted under msiexec, or its job vanished, and it is not installed",
    package_differs: "the package on the node is not the one that `sha256` names",
    ...MSIEXEC_CODES,
  },
  place: "required",
  timeoutMs: 28_800_000,
  undo: { kind: "steps", how: "Remove it with `exchange.remove_rollup` while the node is passive (domain page, 4.9). It is a decision for people: both nodes must be at one level." },
  touches: () => ["cluster"],
  actions: {
    ...setupReadings,
    read_file: { effect: "reads", title: "Read the package's size and hash", make: ({ file }) => ({ kind: "stat", path: file }) },
    read_log_file: readLogFile(logOf),
    read_log_errors: readLogErrors(logOf),
    start_installer: { effect: "changes", title: "Start the Windows Installer service", make: () => ({ kind: "program", program: "sc.exe", args: ["start", "msiserver"] }), settlesWithinMs: 60_000 },
    install: {
      effect: "disrupts",
      title: "Install the rollup",
      fills: { build_before: "the build before" },
      make: (inputs) => ({ kind: "job", program: "msiexec.exe", args: ["/update", inputs.file, "/quiet", "/norestart", "/l*vx", logOf(inputs)], log: logOf(inputs) }),
      atMost: MOST_STARTS,
    },
  },
  look(inputs, facts, past) {
    const jobs = { jobs: { action: "read_jobs" } };
    const setup = setupJobIn(facts, past, inputs.file);
    if (setup.kind === "error") return jobs;
    if (setup.value.kind === "running") return { ...jobs, ...lookAtProgress(facts, past, inputs.file) };
    if (setup.value.kind !== "none" && setup.value.kind !== "over") return jobs;
    if (setup.value.kind === "over") return lookAfterSetup(facts, setup.value.exitCode);
    const seen = levelIn(facts);
    if (seen.kind === "error" || compareVersions(seen.value.lower, inputs.build) >= 0) return { ...jobs, ...lookAtLevel(facts) };
    return { file: { action: "read_file" }, ...lookBeforeSetup(facts) };
  },
  decide(inputs, facts, past, place): Decision<Outcome> {
    const log = logOf(inputs);
    const setup = setupJobIn(facts, past, inputs.file);
    if (setup.kind === "error") return lastStart(past) === undefined ? withoutReading(past, setup.error) : judgeSilence(setup.error.because, past, place);
    const level = levelIn(facts);
    /** Nothing was changed, and the next steps deal with it where the inputs say so. */
    const failed = (failure: Failure, exitCode?: number): Decision<Outcome> => {
      const outcome = inputs.when_curable === "done" ? curableOf(failure) : undefined;
      if (outcome === undefined || level.kind === "error") return afterFailure(failure, place.address, past);
      const { lower } = level.value;
      return { kind: "done", outputs: { outcome, build_before: lower, build: lower, ...(exitCode === undefined ? {} : { exit_code: exitCode }), restart_required: false, in_cluster: true, log }, because: failure.because };
    };
    switch (setup.value.kind) {
      case "running":
        return judgeProgress(setup.value.job, facts, past, place);
      case "busy":
      case "not-started":
      case "unknown":
        return withoutSetup(past, setup.value, log);
      case "over": {
        const { job, exitCode, buildBefore } = setup.value;
        const verdict = judgeInstall(job, exitCode, inputs.build, log, facts);
        if (verdict.kind === "error") return withoutReading(past, verdict.error);
        if (verdict.value.kind === "fail") return failed(verdict.value, exitCode);
        if (verdict.value.kind === "wait") return { kind: "wait", because: verdict.value.because, everyMs: LOOK_AGAIN_MS };
        const { level: { lower: build }, restartRequired, inCluster, because } = verdict.value;
        return { kind: "done", outputs: { outcome: "installed", build_before: buildBefore, build, ...(exitCode === undefined ? {} : { exit_code: exitCode }), restart_required: restartRequired, in_cluster: inCluster, log }, because };
      }
      case "none":
        break;
      default:
        return assertNever(setup.value);
    }
    if (level.kind === "error") return withoutReading(past, level.error);
    const now = level.value.lower;
    if (compareVersions(now, inputs.build) >= 0) {
      return { kind: "done", outputs: { outcome: "installed", build_before: now, build: now, restart_required: false, in_cluster: true, log }, because: `the node is already at ${now}, and ${inputs.build} is wanted` };
    }
    const obstacle = obstacleToInstall(inputs, level.value, facts);
    if (obstacle.kind === "error") return withoutReading(past, obstacle.error);
    if (obstacle.value !== undefined) return failed(obstacle.value);
    return { kind: "act", actions: [{ action: "install", fill: { build_before: now } }], because: `the node is at ${now} and ${inputs.build} is wanted; it owns no group, and the rest of the cluster can carry on alone` };
  },
});

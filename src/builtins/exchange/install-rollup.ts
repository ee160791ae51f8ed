import { assertNever } from "../../core/assert-never.ts";
import { defineBuiltin } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { compareVersions } from "../../core/version.ts";
import { readClock } from "./shared/clock.ts";
import { readGroups, readNodes, readResources } from "../../formats/cluster-readings.ts";
import { readHost } from "./shared/host-name.ts";
import { obstacleToInstall, readServices } from "./shared/install-guard.ts";
import { judgeInstall } from "./shared/install-verdict.ts";
import { statusDeclaration } from "./shared/mailbox-server-status.ts";
import { levelActions, levelIn, lookAtLevel } from "./shared/rollup-level.ts";
import { lastStart, progressOf, readJobs, setupJobIn } from "./shared/setup-job.ts";

const LOOK_AGAIN_MS = 15_000;

/** Where msiexec writes its log. The folder is the package's own, so it exists: msiexec makes none (domain page, 4.5). */
function logOf(inputs: { readonly file: string; readonly log?: string | undefined }): string {
  return inputs.log ?? `${inputs.file}.log`;
}

/** `exchange.install_rollup`: installs an update rollup on the passive node. */
export const exchangeInstallRollup = defineBuiltin({
  name: "exchange.install_rollup",
  title: "Install an update rollup on the passive node",
  docs: `Runs the package with \`msiexec.exe /update\` on the target, as a job that outlasts the channel and the runner, and waits until it has
ended. Setup stops the services of Exchange and the Cluster service on the node. The job is started once: a lost channel is
waited for, and an installation of the same file that already runs, of this run or another, is waited for, too.

Directly before the start it reads the state and refuses where the node owns the mailbox server or any group, where another node is not Up, where the quorum
could not spare a vote, where the package is missing, where a setup is at work, and where the package is for another service pack.
A node that is at \`build\` or above is left alone.

A good exit code is not believed: the registry and \`ExSetup.exe\` must both show the build, and the node must be back in the cluster.
With \`restart_required\` the node must be restarted before it takes over; until then \`build\` may be the old one.

\`installer_busy\` is worth a retry; nothing was changed then. After \`install_failed\` services may be left Disabled.

Source: domain page, 2.1, 4.4, 4.5, 4.7; R8, R20 to R24, F13 to F22, I1, I4.`,
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
  timeout: 2h
  retry: { attempts: 4, delay: 2m, on: [installer_busy] }`,
  }],
  inputs: {
    file: { type: "string", format: "path", description: "The package, on the node's own disk" },
    build: { type: "string", format: "version", description: "Build that the package brings" },
    mailbox_server: { type: "string", description: "The clustered mailbox server, which the node must not own" },
    log: { type: "string", format: "path", required: false, description: "Log of msiexec on the node, in a folder that exists; without it, the package's path with `.log`" },
  },
  outputs: {
    build_before: { type: "string", format: "version", description: "The lower of both witnesses before the step" },
    build: { type: "string", format: "version", description: "The lower of both witnesses now" },
    exit_code: { type: "integer", required: false, description: "Of msiexec; absent where nothing was installed or the node was restarted under it" },
    restart_required: { type: "boolean", description: "The node must be restarted before it takes over" },
    log: { type: "string", format: "path", description: "Where the log lies on the node" },
  },
  codes: {
    owns_mailbox_server: "the node owns the mailbox server",
    owns_group: "the node owns a cluster group",
    not_a_node: "the target is no node of the cluster",
    other_node_not_up: "another node is not Up, so nothing could take over",
    no_quorum_margin: "the cluster would lose its quorum",
    setup_running: "services are Disabled: a setup runs, or one failed half-way",
    half_installed: "registry and files name different builds",
    wrong_build: "msiexec succeeded, and the node is not at the build",
    interrupted: "the node was restarted under msiexec, or its job vanished, and it is not installed",
    installer_busy: "the Windows Installer works on something else; nothing was changed",
    install_failed: "msiexec failed",
    wrong_package: "the package does not fit the node",
    package_unreadable: "msiexec cannot open the package",
    installer_unavailable: "the Windows Installer does not work or is too old",
    forbidden: "a policy forbids it, or the kind of session",
    no_space: "the temporary folder is full",
    source_missing: "the cached package of Exchange is missing",
    stopped_by_user: "somebody at the console cancelled it",
    log_not_writable: "the log cannot be opened",
    bad_command: "msiexec does not understand its command line",
  },
  place: "required",
  timeoutMs: 7_200_000,
  undo: "Remove the rollup on the node while it is passive (domain page, 4.9). It is a decision for people: both nodes must be at one level.",
  touches: () => ["cluster"],
  actions: {
    ...levelActions,
    read_jobs: readJobs,
    read_host: readHost,
    read_file: { effect: "reads", title: "Read the package's size and hash", make: ({ file }) => ({ kind: "stat", path: file }) },
    read_nodes: readNodes,
    read_groups: readGroups,
    read_resources: readResources,
    read_status: statusDeclaration((inputs: { readonly mailbox_server: string }) => inputs.mailbox_server),
    read_services: readServices,
    read_clock: readClock,
    install: {
      effect: "disrupts",
      title: "Install the rollup",
      fills: { build_before: "the build before" },
      make: (inputs) => ({ kind: "job", program: "msiexec.exe", args: ["/update", inputs.file, "/quiet", "/norestart", "/l*vx", logOf(inputs)], log: logOf(inputs) }),
    },
  },
  look(inputs, facts, past) {
    const jobs = { jobs: { action: "read_jobs" } };
    const setup = setupJobIn(facts, past, inputs.file);
    if (setup.kind === "error" || (setup.value.kind !== "none" && setup.value.kind !== "over")) return jobs;
    const level = { ...jobs, ...lookAtLevel(facts) };
    const host = { host: { action: "read_host" }, nodes: { action: "read_nodes" } };
    if (setup.value.kind === "over") return { ...level, ...host, clock: { action: "read_clock" } };
    const seen = levelIn(facts);
    if (seen.kind === "error" || compareVersions(seen.value.lower, inputs.build) >= 0) return level;
    // Who owns what is read last: it can change at any moment.
    return {
      ...level, file: { action: "read_file" }, services: { action: "read_services" }, ...host,
      resources: { action: "read_resources" }, groups: { action: "read_groups" }, status: { action: "read_status" },
    };
  },
  decide(inputs, facts, past) {
    const log = logOf(inputs);
    const setup = setupJobIn(facts, past, inputs.file);
    if (setup.kind === "error") {
      const started = lastStart(past);
      if (started === undefined) return withoutReading(past, setup.error);
      return { kind: "wait", because: `the node does not answer (${setup.error.because}). The installation goes on there without the channel and is not started again`, everyMs: LOOK_AGAIN_MS };
    }
    switch (setup.value.kind) {
      case "running":
        return { kind: "wait", because: progressOf(setup.value.job, past), everyMs: LOOK_AGAIN_MS };
      case "busy":
        return giveUp(past, "installer_busy", `msiexec works on something else since ${setup.value.job.startedAt}: ${setup.value.job.args.join(" ")}. Wait until it has ended, then try again`);
      case "not-started":
        return giveUp(past, setup.value.failure.code, `the installer could not be started: ${setup.value.failure.because}`);
      case "unknown":
        return giveUp(past, "interrupted", `the node does not know the job ${setup.value.act.job ?? ""} any more, which was started before. Look at ${log} and at the services before you try again`);
      case "over": {
        const verdict = judgeInstall(setup.value.job, setup.value.exitCode, inputs.build, log, facts);
        if (verdict.kind === "error") return withoutReading(past, verdict.error);
        if (verdict.value.kind === "fail") return giveUp(past, verdict.value.code, verdict.value.because);
        if (verdict.value.kind === "wait") return { kind: "wait", because: verdict.value.because, everyMs: LOOK_AGAIN_MS };
        const { exitCode, buildBefore } = setup.value;
        const outputs = { build_before: buildBefore, build: verdict.value.level.lower, ...(exitCode === undefined ? {} : { exit_code: exitCode }), restart_required: verdict.value.restartRequired, log };
        return { kind: "done", outputs, because: verdict.value.because };
      }
      case "none":
        break;
      default:
        return assertNever(setup.value);
    }
    const level = levelIn(facts);
    if (level.kind === "error") return withoutReading(past, level.error);
    const now = level.value.lower;
    if (compareVersions(now, inputs.build) >= 0) {
      return { kind: "done", outputs: { build_before: now, build: now, restart_required: false, log }, because: `the node is already at ${now}, and ${inputs.build} is wanted` };
    }
    const obstacle = obstacleToInstall(inputs, level.value, facts);
    if (obstacle.kind === "error") return withoutReading(past, obstacle.error);
    if (obstacle.value !== undefined) return giveUp(past, obstacle.value.code, obstacle.value.because);
    return { kind: "act", actions: [{ action: "install", fill: { build_before: now } }], because: `the node is at ${now} and ${inputs.build} is wanted; it owns no group, and the rest of the cluster can carry on alone` };
  },
});

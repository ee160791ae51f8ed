import { assertNever } from "../../core/assert-never.ts";
import { defineBuiltin, type Facts, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { obstacleToSetup } from "./shared/install-guard.ts";
import { judgeRemoval } from "./shared/removal-verdict.ts";
import { patchCodeOf, removalOf } from "./shared/removal.ts";
import { levelIn, lookAtLevel } from "./shared/rollup-level.ts";
import { lastStart, setupJobIn } from "./shared/setup-job.ts";
import { readLogErrors, readLogFile } from "./shared/setup-log.ts";
import { withoutSetup } from "./shared/setup-not-begun.ts";
import { judgeProgress, judgeSilence, lookAtProgress } from "./shared/setup-progress.ts";
import { GUARD_CODES, lookAfterSetup, lookBeforeSetup, setupReadings } from "./shared/setup-readings.ts";

const LOOK_AGAIN_MS = 15_000;

/** The product code of Exchange 2007, the same for every service pack (domain page, 4.4). */
const EXCHANGE_PRODUCT = "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}";

/** Stands for the patch code where none is known: no command line holds it. */
const NO_PATCH = "no patch";

function logOf({ log }: { readonly log: string }): string {
  return log;
}

/** The patch code that this attempt removes, else that of the rollup that the registry names. */
function codeIn(inputs: { readonly build: string }, facts: Facts, past: Past): string {
  const level = levelIn(facts);
  return lastStart(past)?.fill["patch"] ?? (level.kind === "ok" ? patchCodeOf(level.value, inputs.build) : undefined) ?? NO_PATCH;
}

/** `exchange.remove_rollup`: removes an update rollup from the passive node. */
export const exchangeRemoveRollup = defineBuiltin({
  name: "exchange.remove_rollup",
  title: "Remove an update rollup from the passive node",
  docs: `Takes the rollup of \`build\` off the target with \`msiexec.exe /package … /uninstall …\`, as a job that outlasts the channel and the runner, and waits
until it has ended. Setup stops the services of Exchange and the Cluster service on the node, as for an installation, and what it covers
comes back: the rollup before it, or the base of the service pack. The patch code is read from the registry; no package is needed.

Directly before the start it reads the state and refuses what \`exchange.install_rollup\` refuses: the node owns the mailbox server or a group, another
node is not Up, the quorum could not spare a vote, a setup is at work. It also refuses where a newer rollup lies above, where
the rollup cannot be removed, and where another level than \`to_build\` would come back. A node that is below \`build\` is left alone.

A good exit code is not believed: the registry and \`ExSetup.exe\` must both show the build that was to come back, and the node must be in the cluster again; where its Cluster service does not come back in its
time, \`in_cluster\` is false: start it with \`cluster.start_node\`. A setup that is slow or hangs is asked about, and never ended.

Both nodes must end at one level: remove it from the other node too, once that is passive. The mailbox server may be handed over to
a node below its own level (leave out \`at_least\`); that a rollup does not change the format of databases is from memory, so see its article.

Source: domain page, 4.4, 4.7, 4.9 and 11.18; R8, F22, F35, F41, I1, I4.`,
  examples: [{
    title: "Take the rollup off NodeB",
    yaml: `- id: remove
  title: Remove the rollup from NodeB
  uses: exchange.remove_rollup
  target: node_b
  with:
    build: 8.1.263.1
    mailbox_server: "{{inputs.cms}}"
    log: C:\\Windows\\Temp\\NODEB-remove-8.1.263.1.log
  timeout: 2h
  retry: { attempts: 4, delay: 2m, on: [installer_busy] }`,
  }],
  inputs: {
    build: { type: "string", format: "version", description: "Build of the rollup that is to go" },
    to_build: { type: "string", format: "version", required: false, description: "Build that must come back; without it, whatever the rollup covers" },
    mailbox_server: { type: "string", description: "The clustered mailbox server, which the node must not own" },
    log: { type: "string", format: "path", description: "Log of msiexec on the node, in a folder that exists" },
  },
  outputs: {
    build_before: { type: "string", format: "version", description: "The build that the registry named before the step" },
    build: { type: "string", format: "version", description: "The build that the registry names now" },
    exit_code: { type: "integer", required: false, description: "Of msiexec; absent where nothing was removed or the node was restarted under it" },
    restart_required: { type: "boolean", description: "The node must be restarted before it takes over" },
    in_cluster: { type: "boolean", description: "The node is back in the cluster; false where its Cluster service did not come back in its time" },
  },
  codes: {
    ...GUARD_CODES,
    newer_rollup: "a newer rollup is in force, and must go first",
    half_installed: "the files are newer than what is registered",
    other_level: "another level than `to_build` would come back",
    not_removable: "the rollup cannot be removed",
    not_applied: "no such rollup is applied",
    half_removed: "msiexec succeeded, and the files are still the newer ones",
    wrong_build: "msiexec succeeded, and another build is in force than was to come back",
    interrupted: "the node was restarted under msiexec, or its job vanished, and the rollup is not removed",
    installer_busy: "the Windows Installer works on something else; nothing was changed",
    remove_failed: "msiexec failed",
    wrong_node: "Exchange 2007 is not installed on the node",
    installer_unavailable: "the Windows Installer service does not work",
    installer_too_old: "a newer Windows Installer is needed",
    restart_first: "the node must be restarted before setup can run; nothing was changed",
    forbidden: "a policy forbids it",
    wrong_session: "it may not be removed from this kind of session",
    no_space: "the temporary folder is full",
    source_missing: "the cached packages of Exchange or of the rollup are missing",
    stopped_by_user: "somebody at the console cancelled it",
    log_not_writable: "the log cannot be opened",
    bad_command: "msiexec does not understand its command line",
  },
  place: "required",
  timeoutMs: 28_800_000,
  undo: { kind: "steps", how: "Install the rollup again with `exchange.install_rollup`, while the node is passive." },
  touches: () => ["cluster"],
  actions: {
    ...setupReadings,
    read_log_file: readLogFile(logOf),
    read_log_errors: readLogErrors(logOf),
    remove: {
      effect: "disrupts",
      title: "Remove the rollup",
      fills: { patch: "the patch code that the registry names", build_before: "the build before", leaves: "the build that comes back" },
      make: ({ log }, fill) => ({ kind: "job", program: "msiexec.exe", args: ["/package", EXCHANGE_PRODUCT, "/uninstall", fill["patch"] ?? "", "/quiet", "/norestart", "/l*vx", log], log }),
    },
  },
  look(inputs, facts, past) {
    const level = lastStart(past) === undefined ? lookAtLevel(facts) : {};
    const first = { jobs: { action: "read_jobs" }, ...level };
    const code = codeIn(inputs, facts, past);
    const setup = setupJobIn(facts, past, code);
    if (setup.kind === "error") return first;
    switch (setup.value.kind) {
      case "running":
        return { ...first, ...lookAtProgress(facts, past, code) };
      case "over":
        return lookAfterSetup(facts, setup.value.exitCode);
      case "none": {
        const found = levelIn(facts);
        const isDue = found.kind === "ok" && removalOf(found.value, inputs).kind === "removable";
        return isDue ? lookBeforeSetup(facts) : { ...first, ...lookAtLevel(facts) };
      }
      default:
        return first;
    }
  },
  decide(inputs, facts, past, place) {
    const { log } = inputs;
    const started = lastStart(past);
    const setup = setupJobIn(facts, past, codeIn(inputs, facts, past));
    if (setup.kind === "error") return started === undefined ? withoutReading(past, setup.error) : judgeSilence(setup.error.because, past, place);
    switch (setup.value.kind) {
      case "running":
        return judgeProgress(setup.value.job, facts, past, place);
      case "busy":
      case "not-started":
      case "unknown":
        return withoutSetup(past, setup.value, log);
      case "over": {
        const begun = { build: inputs.build, leaves: started?.fill["leaves"] ?? "", log };
        const verdict = judgeRemoval(setup.value.job, setup.value.exitCode, begun, facts);
        if (verdict.kind === "error") return withoutReading(past, verdict.error);
        if (verdict.value.kind === "fail") return giveUp(past, verdict.value.code, verdict.value.because);
        if (verdict.value.kind === "wait") return { kind: "wait", because: verdict.value.because, everyMs: LOOK_AGAIN_MS };
        const { exitCode, buildBefore } = setup.value;
        const outputs = { build_before: buildBefore, build: verdict.value.level.build, ...(exitCode === undefined ? {} : { exit_code: exitCode }), restart_required: verdict.value.restartRequired, in_cluster: verdict.value.inCluster };
        return { kind: "done", outputs, because: verdict.value.because };
      }
      case "none":
        break;
      default:
        return assertNever(setup.value);
    }
    const level = levelIn(facts);
    if (level.kind === "error") return withoutReading(past, level.error);
    const removal = removalOf(level.value, inputs);
    if (removal.kind === "obstacle") return giveUp(past, removal.failure.code, removal.failure.because);
    const now = level.value.build;
    if (removal.kind === "nothing") return { kind: "done", outputs: { build_before: now, build: now, restart_required: false, in_cluster: true }, because: removal.because };
    const obstacle = obstacleToSetup(inputs, facts);
    if (obstacle.kind === "error") return withoutReading(past, obstacle.error);
    if (obstacle.value !== undefined) return giveUp(past, obstacle.value.code, obstacle.value.because);
    const { code: patch, leaves } = removal;
    return { kind: "act", actions: [{ action: "remove", fill: { patch, build_before: now, leaves } }], because: `the node is at ${now}, and is at ${leaves} without that rollup; it owns no group, and the rest of the cluster can carry on alone` };
  },
});

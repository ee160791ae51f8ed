import type { JobResult } from "../../../core/action.ts";
import type { Facts } from "../../../core/builtin.ts";
import { allRead, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { compareVersions } from "../../../core/version.ts";
import { explainMsiexecExitCode } from "../../../formats/msiexec-exit-codes.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";
import { timeIn } from "./clock.ts";
import { nodesIn } from "../../../formats/cluster-readings.ts";
import { hostIn } from "./host-name.ts";
import { levelIn, type RollupLevel } from "./rollup-level.ts";

/** What an installation that is over came to. */
export type InstallVerdict =
  | { readonly kind: "installed"; readonly level: RollupLevel; readonly restartRequired: boolean; readonly because: string }
  | { readonly kind: "wait"; readonly because: string }
  | { readonly kind: "fail"; readonly code: string; readonly because: string };

/** True if the node was started after the job ended. */
function restartedSince(job: JobResult, facts: Facts): Reading<boolean> {
  const booted = timeIn(facts, "LastBootUpTime");
  if (booted.kind === "error") return booted;
  const endedMs = parseTimestamp(job.endedAt ?? "");
  return endedMs === undefined ? unreadable("the job", "the node does not say when it ended") : ok(booted.value > endedMs);
}

/** Undefined where the Cluster service of the node runs again; else how it is. */
function notBackYet(facts: Facts): Reading<string | undefined> {
  const seen = allRead({ host: hostIn(facts), nodes: nodesIn(facts) });
  if (seen.kind === "error") return seen;
  const state = seen.value.nodes.find((node) => node.name === seen.value.host)?.state;
  return ok(state === "Up" || state === "Paused" ? undefined : `${seen.value.host} is ${state ?? "no node of the cluster"}`);
}

/** Judges the level that an installation with a good exit code left behind. */
function judgeLevel(level: RollupLevel, build: string, ended: string, restartRequired: boolean): InstallVerdict {
  const registry = compareVersions(level.build, build) >= 0;
  const file = compareVersions(level.fileBuild, build) >= 0;
  if (registry && file) return { kind: "installed", level, restartRequired, because: `${ended}; registry and ExSetup.exe say ${level.lower}` };
  // A file in use is replaced when the node restarts: that is what 3010 says.
  if (registry && restartRequired) return { kind: "installed", level, restartRequired, because: `${ended}; the registry says ${level.build}, and ExSetup.exe stays at ${level.fileBuild} until the node is restarted` };
  if (registry !== file) return { kind: "fail", code: "half_installed", because: `${ended}, but the registry says ${level.build} and ExSetup.exe says ${level.fileBuild}. Setup did not run elevated, or was cut short. Do not move the mailbox server to this node; remove the rollup and install it again, elevated` };
  return { kind: "fail", code: "wrong_build", because: `${ended}, and the node is at ${level.lower}, not at ${build}. The package is for another build, or it did nothing. Compare the package with the article` };
}

/**
 * What an installation that is over came to: its exit code explained, both witnesses read, the node back in the cluster. Without
 * an exit code the node was restarted under it, and the witnesses decide. (Domain page, 4.4 and 4.7; F17, F20, F22, F25.)
 */
export function judgeInstall(job: JobResult, exitCode: number | undefined, build: string, log: string, facts: Facts): Reading<InstallVerdict> {
  const explained = exitCode === undefined ? undefined : explainMsiexecExitCode(exitCode);
  const ended = exitCode === undefined ? "the node was restarted while msiexec ran" : `msiexec ended with ${exitCode} (${explained?.name ?? ""})`;
  const outcome = explained?.outcome;
  if (explained !== undefined && outcome !== "installed" && outcome !== "installed_restart_required" && outcome !== "installed_restarting") {
    return ok({ kind: "fail", code: explained.outcome, because: `${ended}. ${explained.because} Log on the node: ${log}` });
  }
  const back = notBackYet(facts);
  const waiting = (why: string): Reading<InstallVerdict> => ok({ kind: "wait", because: `${ended}; ${why}` });
  if (outcome === "installed") {
    const level = levelIn(facts);
    if (level.kind === "error") return level;
    const verdict = judgeLevel(level.value, build, ended, false);
    if (verdict.kind === "fail") return ok(verdict);
    if (back.kind === "error") return back;
    return back.value === undefined ? ok(verdict) : waiting(`waiting for its Cluster service: ${back.value}`);
  }
  const restarted = outcome === undefined ? ok(true) : restartedSince(job, facts);
  const seen = allRead({ back, restarted, level: levelIn(facts) });
  if (seen.kind === "error") return seen;
  if (outcome === "installed_restarting" && !seen.value.restarted) return waiting("waiting for the node to restart");
  if (seen.value.back !== undefined) return waiting(`waiting for its Cluster service: ${seen.value.back}`);
  const verdict = judgeLevel(seen.value.level, build, ended, outcome === "installed_restart_required" && !seen.value.restarted);
  if (outcome !== undefined || verdict.kind !== "fail") return ok(verdict);
  return ok({ kind: "fail", code: "interrupted", because: `${ended}, and it is not installed: the registry says ${seen.value.level.build}, ExSetup.exe says ${seen.value.level.fileBuild}. Do not move the mailbox server to this node. Look at ${log} and at the services before you try again` });
}

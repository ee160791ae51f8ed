import type { JobResult } from "../../../core/action.ts";
import type { Facts } from "../../../core/builtin.ts";
import { answerOf } from "../../../core/facts.ts";
import { formatDuration } from "../../../core/quantity.ts";
import { allRead, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { compareVersions } from "../../../core/version.ts";
import { explainMsiexecExitCode, type MsiexecOutcome } from "../../../formats/msiexec-exit-codes.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";
import { timeIn } from "./clock.ts";
import { nodesIn } from "../../../formats/cluster-readings.ts";
import { hostIn } from "./host-name.ts";
import { levelIn, type RollupLevel } from "./rollup-level.ts";
import { quoteLog } from "./setup-log.ts";

/** What an installation that is over came to. */
export type InstallVerdict =
  | { readonly kind: "installed"; readonly level: RollupLevel; readonly restartRequired: boolean; readonly inCluster: boolean; readonly because: string }
  | { readonly kind: "wait"; readonly because: string }
  | { readonly kind: "fail"; readonly code: string; readonly because: string };

/** How long the Cluster service may take to come back after setup, or after a start of the node (domain page, 7.3: 2 to 5 minutes for all services, an estimate). Later it does not come by itself (F25). */
const RETURNS_WITHIN_MS = 10 * 60_000;

/** `cluster.exe` on a node whose Cluster service is stopped (domain page, 3.1). */
const SERVICE_STOPPED = 1753;

/** True if the node was started after the job ended. */
export function restartedSince(job: JobResult, facts: Facts): Reading<boolean> {
  const booted = timeIn(facts, "LastBootUpTime");
  if (booted.kind === "error") return booted;
  const endedMs = parseTimestamp(job.endedAt ?? "");
  return endedMs === undefined ? unreadable("the job", "the node does not say when it ended") : ok(booted.value > endedMs);
}

/** Undefined where the Cluster service of the node runs again; else how it is. */
export function notBackYet(facts: Facts): Reading<string | undefined> {
  const host = hostIn(facts);
  if (host.kind === "ok" && answerOf(facts, "nodes", "program")?.exitCode === SERVICE_STOPPED) return ok(`its Cluster service on ${host.value} does not run`);
  const seen = allRead({ host, nodes: nodesIn(facts) });
  if (seen.kind === "error") return seen;
  const state = seen.value.nodes.find((node) => node.name === seen.value.host)?.state;
  return ok(state === "Up" || state === "Paused" ? undefined : `${seen.value.host} is ${state ?? "no node of the cluster"}`);
}

/** True if the Cluster service had its time to come back, since the job ended or the node was started. */
export function isOverdue(job: JobResult, facts: Facts): boolean {
  const times = allRead({ now: timeIn(facts, "LocalDateTime"), booted: timeIn(facts, "LastBootUpTime") });
  if (times.kind === "error") return false;
  const sinceMs = Math.max(parseTimestamp(job.endedAt ?? job.startedAt) ?? 0, times.value.booted);
  return times.value.now - sinceMs > RETURNS_WITHIN_MS;
}

/** A level that is judged, before it is asked whether the node is back. */
type LevelVerdict = Omit<Extract<InstallVerdict, { kind: "installed" }>, "inCluster"> | Extract<InstallVerdict, { kind: "fail" }>;

/** Judges the level that an installation with a good exit code left behind. */
function judgeLevel(level: RollupLevel, build: string, ended: string, restartRequired: boolean): LevelVerdict {
  const registry = compareVersions(level.build, build) >= 0;
  const file = compareVersions(level.fileBuild, build) >= 0;
  if (registry && file) return { kind: "installed", level, restartRequired, because: `${ended}; registry and ExSetup.exe say ${level.lower}` };
  // A file in use is replaced when the node restarts: that is what 3010 says.
  if (registry && restartRequired) return { kind: "installed", level, restartRequired, because: `${ended}; the registry says ${level.build}, and ExSetup.exe stays at ${level.fileBuild} until the node is restarted` };
  if (registry !== file) return { kind: "fail", code: "half_installed", because: `${ended}, but the registry says ${level.build} and ExSetup.exe says ${level.fileBuild}. Setup did not run elevated, or was cut short. Do not move the mailbox server to this node; remove the rollup and install it again, elevated` };
  return { kind: "fail", code: "wrong_build", because: `${ended}, and the node is at ${level.lower}, not at ${build}. The package is for another build, or it did nothing. Compare the package with the article` };
}

/** True if the exit code says that the rollup is on the node. */
export function isSuccess(outcome: MsiexecOutcome): boolean {
  return outcome === "installed" || outcome === "installed_restart_required" || outcome === "installed_restarting";
}

/** A verdict with the answer to whether the node is back: an installation is over only when it is, or when it had its time. */
function withReturn(verdict: LevelVerdict, back: string | undefined, job: JobResult, facts: Facts, ended: string): InstallVerdict {
  if (verdict.kind === "fail") return verdict;
  if (back === undefined) return { ...verdict, inCluster: true };
  if (!isOverdue(job, facts)) return { kind: "wait", because: `${ended}; waiting for its Cluster service: ${back}` };
  return { ...verdict, inCluster: false, because: `${verdict.because}; its Cluster service has not come back within ${formatDuration(RETURNS_WITHIN_MS)} (${back}): start it with cluster.start_node` };
}

/**
 * What an installation that is over came to: its exit code explained, both witnesses read, the node back in the cluster. Without
 * an exit code the node was restarted under it, and the witnesses decide. (Domain page, 4.4 and 4.7; F17, F20, F22, F25.)
 */
export function judgeInstall(job: JobResult, exitCode: number | undefined, build: string, log: string, facts: Facts): Reading<InstallVerdict> {
  const explained = exitCode === undefined ? undefined : explainMsiexecExitCode(exitCode);
  const ended = exitCode === undefined ? "the node was restarted while msiexec ran" : `msiexec ended with ${exitCode} (${explained?.name ?? ""})`;
  const outcome = explained?.outcome;
  if (explained !== undefined && outcome !== undefined && !isSuccess(outcome)) {
    return ok({ kind: "fail", code: outcome, because: `${ended}. ${explained.because}${quoteLog(job, facts)} Log on the node: ${log}` });
  }
  const back = notBackYet(facts);
  if (outcome === "installed") {
    const level = levelIn(facts);
    if (level.kind === "error") return level;
    const verdict = judgeLevel(level.value, build, ended, false);
    if (verdict.kind === "fail") return ok(verdict);
    return back.kind === "error" ? back : ok(withReturn(verdict, back.value, job, facts, ended));
  }
  const seen = allRead({ back, restarted: outcome === undefined ? ok(true) : restartedSince(job, facts), level: levelIn(facts) });
  if (seen.kind === "error") return seen;
  const { level, restarted } = seen.value;
  if (outcome === "installed_restarting" && !restarted) return ok({ kind: "wait", because: `${ended}; waiting for the node to restart` });
  const verdict = judgeLevel(level, build, ended, outcome === "installed_restart_required" && !restarted);
  if (outcome !== undefined || verdict.kind !== "fail") return ok(withReturn(verdict, seen.value.back, job, facts, ended));
  if (seen.value.back !== undefined && !isOverdue(job, facts)) return ok({ kind: "wait", because: `${ended}; waiting for its Cluster service: ${seen.value.back}` });
  return ok({ kind: "fail", code: "interrupted", because: `${ended}, and it is not installed: the registry says ${level.build}, ExSetup.exe says ${level.fileBuild}.${quoteLog(job, facts)} Do not move the mailbox server to this node. Look at ${log} and at the services before you try again` });
}

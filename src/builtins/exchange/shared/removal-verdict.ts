import type { JobResult } from "../../../core/action.ts";
import type { Facts } from "../../../core/builtin.ts";
import { allRead, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { compareVersions } from "../../../core/version.ts";
import { explainMsiexecExitCode, type MsiexecOutcome } from "../../../formats/msiexec-exit-codes.ts";
import { isOverdue, isSuccess, notBackYet, restartedSince } from "./install-verdict.ts";
import { SHOWN_BY } from "./removal.ts";
import { levelIn, type RollupLevel } from "./rollup-level.ts";
import { quoteLog } from "./setup-log.ts";

/** What a removal that is over came to. */
export type RemovalVerdict =
  | { readonly kind: "removed"; readonly level: RollupLevel; readonly restartRequired: boolean; readonly inCluster: boolean; readonly because: string }
  | { readonly kind: "wait"; readonly because: string }
  | { readonly kind: "fail"; readonly code: string; readonly because: string };

/** A removal that was begun: the build that goes, and the one that is to come back. */
export interface BegunRemoval {
  readonly build: string;
  readonly leaves: string;
  readonly log: string;
}

/** Codes of a removal, by what an exit code stands for. */
const CODES: Readonly<Partial<Record<MsiexecOutcome, string>>> = { install_failed: "remove_failed", wrong_package: "wrong_node", not_installed: "wrong_node", package_unreadable: "source_missing" };

/** Exit codes that only a removal has (domain page, 4.7). */
const OWN_CODES: ReadonlyMap<number, { readonly code: string; readonly because: string }> = new Map([
  [1605, { code: "wrong_node", because: "Exchange 2007 is not installed here for Windows Installer. Look whether this is the node that was meant" }],
  [1646, { code: "not_removable", because: "The rollup was made so that it cannot be removed, or the cached package does not allow it" }],
  [1647, { code: "not_applied", because: "The rollup is not applied. Somebody may have removed it meanwhile" }],
  [1649, { code: "forbidden", because: "A policy forbids to remove patches (`DisablePatchUninstall`). Ask whoever sets it" }],
]);

/** True if both witnesses name the build that was to come back. */
function isLeft(level: RollupLevel, leaves: string): boolean {
  return compareVersions(level.build, leaves) === 0 && compareVersions(level.fileBuild, leaves) === 0;
}

/** A level that is judged, before it is asked whether the node is back. */
type LevelVerdict = Omit<Extract<RemovalVerdict, { kind: "removed" }>, "inCluster"> | Extract<RemovalVerdict, { kind: "fail" }>;

function judgeLevel(level: RollupLevel, { build, leaves }: BegunRemoval, ended: string, restartRequired: boolean): LevelVerdict {
  if (isLeft(level, leaves)) return { kind: "removed", level, restartRequired, because: `${ended}; registry and ExSetup.exe say ${leaves} again` };
  const seen = `the registry says ${level.build}, ExSetup.exe says ${level.fileBuild}`;
  const isGone = compareVersions(level.build, leaves) === 0;
  // A file in use is replaced when the node restarts: that is what 3010 says.
  if (isGone && restartRequired) return { kind: "removed", level, restartRequired, because: `${ended}; ${seen} until the node is restarted` };
  if (isGone) return { kind: "fail", code: "half_removed", because: `${ended}, but ${seen}: the files did not go back to ${leaves}. Do not move the mailbox server to this node; install the rollup again, elevated, or restore the node; ${SHOWN_BY}` };
  return { kind: "fail", code: "wrong_build", because: `${ended}, and ${seen}, where ${leaves} was to come back in place of ${build}; ${SHOWN_BY}` };
}

/**
 * What a removal that is over came to: its exit code explained, both witnesses read, the node back in the cluster. Without an exit
 * code the node was restarted under it, and the witnesses decide. (Domain page, 4.4, 4.7 and 4.9.)
 */
export function judgeRemoval(job: JobResult, exitCode: number | undefined, begun: BegunRemoval, facts: Facts): Reading<RemovalVerdict> {
  const explained = exitCode === undefined ? undefined : explainMsiexecExitCode(exitCode);
  const ended = exitCode === undefined ? "the node was restarted while msiexec ran" : `msiexec ended with ${exitCode} (${explained?.name ?? ""})`;
  const level = levelIn(facts);
  const own = OWN_CODES.get(exitCode ?? 0);
  const outcome = explained?.outcome;
  // Whoever removed it meanwhile, it is gone: what counts is the level.
  if (outcome !== undefined && !isSuccess(outcome) && !(exitCode === 1647 && level.kind === "ok" && isLeft(level.value, begun.leaves))) {
    const because = own?.because ?? explained?.because ?? "";
    return ok({ kind: "fail", code: own?.code ?? CODES[outcome] ?? outcome, because: `${ended}. ${because.replace(/\.$/, "")}.${quoteLog(job, facts)} Log on the node: ${begun.log}` });
  }
  const seen = allRead({ level, back: notBackYet(facts), restarted: exitCode === undefined ? ok(true) : outcome === "installed" ? ok(false) : restartedSince(job, facts) });
  if (seen.kind === "error") return seen;
  const { back, restarted } = seen.value;
  if (outcome === "installed_restarting" && !restarted) return ok({ kind: "wait", because: `${ended}; waiting for the node to restart` });
  const verdict = judgeLevel(seen.value.level, begun, ended, outcome === "installed_restart_required" && !restarted);
  if (verdict.kind === "fail" && outcome === "installed") return ok(verdict);
  if (back !== undefined && !isOverdue(job, facts)) return ok({ kind: "wait", because: `${ended}; waiting for its Cluster service: ${back}` });
  if (verdict.kind === "removed") return ok(back === undefined ? { ...verdict, inCluster: true } : { ...verdict, inCluster: false, because: `${verdict.because}; its Cluster service has not come back (${back}): start it with cluster.start_node` });
  if (outcome !== undefined) return ok(verdict);
  return ok({ kind: "fail", code: "interrupted", because: `${verdict.because}. Do not move the mailbox server to this node. Look at ${begun.log} and at the services before you try again` });
}

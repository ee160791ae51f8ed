import type { Facts } from "../../../core/builtin.ts";
import { formatDuration } from "../../../core/quantity.ts";
import type { Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";
import { timeIn } from "./clock.ts";
import { COPY_READINGS, copiesIn, type StorageGroupCopy } from "./copies.ts";
import { isBeforeServicePack1, versionIn } from "./mailbox-server.ts";

/** How far a copy may lag behind (domain page, 3.3; the thresholds are ours). */
export interface QueueLimits {
  readonly max_copy_queue: number;
  readonly max_replay_queue: number;
}

/** What is wrong with the copies of a mailbox server. */
export interface CopyHealth {
  /** As the last reading says. */
  readonly copies: readonly StorageGroupCopy[];
  /** One sentence for each fault; empty means healthy. */
  readonly problems: readonly string[];
  /** The copies that were not fit in a reading, as the latest such reading says. */
  readonly unfit: readonly StorageGroupCopy[];
}

/** Before service pack 1 an idle storage group shows Healthy although its copy is broken; an older last log is no proof of health (domain page, 3.3; the limit is ours). */
const RECENT_LOG_MS = 3_600_000;

/** States that pass by themselves (domain page, 7.2, rules 1 and 2; F26). */
const PASSING: ReadonlySet<string> = new Set(["Healthy", "Initializing", "Resynchronizing", "ServiceDown"]);

/** True if whatever is wrong with the copy may come right by itself. */
export function mayRecover({ status, suspended }: StorageGroupCopy): boolean {
  return !suspended && PASSING.has(status);
}

function problemsOf(copy: StorageGroupCopy, limits: QueueLimits): readonly string[] {
  const problems: string[] = [];
  if (copy.status !== "Healthy") problems.push(`${copy.name} is ${copy.status}${copy.failedMessage === undefined ? "" : ` (${excerpt(copy.failedMessage)})`}`);
  if (copy.suspended && copy.status !== "Suspended") problems.push(`${copy.name} is suspended`);
  if (copy.copyQueue > limits.max_copy_queue) problems.push(`${copy.name} has ${copy.copyQueue} logs to copy, at most ${limits.max_copy_queue} are allowed`);
  if (copy.replayQueue > limits.max_replay_queue) problems.push(`${copy.name} has ${copy.replayQueue} logs to replay, at most ${limits.max_replay_queue} are allowed`);
  return problems;
}

function staleness(copy: StorageGroupCopy, nowMs: number): readonly string[] {
  const inspectedMs = parseTimestamp(copy.lastInspectedLogTime ?? "");
  if (inspectedMs === undefined) return [`${copy.name} has inspected no log yet; send a mail, so that a log is closed`];
  if (nowMs - inspectedMs <= RECENT_LOG_MS) return [];
  return [`${copy.name} inspected its last log at ${copy.lastInspectedLogTime}, more than ${formatDuration(RECENT_LOG_MS)} ago; before service pack 1 that may be a broken copy that shows Healthy; send a mail, so that a log is closed`];
}

/**
 * Judges the copies that {@link lookAtCopies} read: every one Healthy, not suspended, its queues within the limits, and at
 * least one there. Before service pack 1 in three readings, with a log inspected within the last hour (domain page, 11.3).
 */
export function copyHealthIn(facts: Facts, limits: QueueLimits): Reading<CopyHealth> {
  const version = versionIn(facts);
  if (version.kind === "error") return version;
  const old = isBeforeServicePack1(version.value);
  let problems: readonly string[] = [];
  let unfit: readonly StorageGroupCopy[] = [];
  let last: readonly StorageGroupCopy[] = [];
  for (const reading of old ? COPY_READINGS : [COPY_READINGS[0]]) {
    const copies = copiesIn(facts, reading);
    if (copies.kind === "error") return copies;
    const found = copies.value.length === 0 ? ["there is no copy"] : copies.value.flatMap((copy) => problemsOf(copy, limits));
    // Each of three readings must be good; the latest that is not says what is wrong.
    if (found.length > 0) {
      problems = found;
      unfit = copies.value.filter((copy) => problemsOf(copy, limits).length > 0);
    }
    last = copies.value;
  }
  if (old) {
    const now = timeIn(facts, "LocalDateTime");
    if (now.kind === "error") return now;
    problems = [...problems, ...last.flatMap((copy) => staleness(copy, now.value))];
  }
  return ok({ copies: last, problems, unfit });
}

import { durationMs } from "../core/quantity.ts";
import type { ObjectSchema, TypeOf } from "../core/schema.ts";
import { BY_ITSELF } from "./cause.ts";
import type { Due } from "./occurrence.ts";
import { faultAt, unknownName, type WorldFault } from "./world-fault.ts";

const optional = { required: false } as const;

/** A backup that a scheduler of the house starts, whatever else goes on. */
export const BACKUP_JOB_SCHEMA = {
  type: "object",
  properties: {
    at: { type: "duration", ...optional, description: "Once, that long after the world began" },
    daily: { type: "string", pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", ...optional, description: "Every day at this time, UTC: `22:30`" },
    takes: { type: "duration", description: "How long it takes" },
    of: { type: "string", enum: ["active", "passive"], ...optional, description: "The databases, or their copies on the passive node; default active" },
    storage_groups: { type: "list", items: { type: "string" }, ...optional, description: "Default: all" },
  },
} as const satisfies ObjectSchema;

/** A backup job as the world file has it. */
export type BackupJobFile = TypeOf<typeof BACKUP_JOB_SCHEMA>;

/** A backup job. */
export interface BackupJobState {
  /** Undefined where it runs once. */
  readonly everyMs?: number | undefined;
  readonly takesMs: number;
  readonly of: "active" | "passive";
  /** Undefined: of all. */
  readonly storageGroups?: readonly string[] | undefined;
}

const DAY_MS = 86_400_000;

/** The backup jobs of a world. */
export function backupJobsOf(files: readonly BackupJobFile[]): readonly BackupJobState[] {
  return files.map(({ daily, takes, of, storage_groups: storageGroups }) => ({ everyMs: daily === undefined ? undefined : DAY_MS, takesMs: durationMs(takes), of: of ?? "active", storageGroups }));
}

/** When each job begins for the first time; numbered from `first` on. A daily one comes at its next time of day. */
export function dueBackups(files: readonly BackupJobFile[], epochMs: number, first: number): readonly Due[] {
  return files.map(({ at, daily }, job) => ({ atMs: daily === undefined ? epochMs + durationMs(at ?? "0s") : nextTimeOfDay(daily, epochMs), number: first + job, what: { kind: "backup-begins", job }, cause: BY_ITSELF }));
}

function nextTimeOfDay(daily: string, epochMs: number): number {
  const [hours = 0, minutes = 0] = daily.split(":").map(Number);
  const today = Math.floor(epochMs / DAY_MS) * DAY_MS + (hours * 60 + minutes) * 60_000;
  return today < epochMs ? today + DAY_MS : today;
}

/** What is wrong with the backup jobs of a world file. */
export function checkBackupJobs(files: readonly BackupJobFile[], storageGroups: readonly string[]): readonly WorldFault[] {
  return files.flatMap((file, index) => [
    ...((file.at === undefined) === (file.daily === undefined) ? [faultAt(["backup_jobs", index], "a backup job has one of `at` and `daily`")] : []),
    ...(file.storage_groups ?? []).flatMap((name, at) => unknownName(["backup_jobs", index, "storage_groups", at], "storage group", name, storageGroups)),
  ]);
}

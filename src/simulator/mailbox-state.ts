/** What the copy of a storage group can suffer from. */
export type CopyTrouble = "Failed" | "Seeding" | "Resynchronizing" | "Stopped";

/** Every summary of a copy (domain page, 3.3). */
export type CopySummary = CopyTrouble | "Healthy" | "Initializing" | "Suspended" | "ServiceDown" | "Disabled";

/** The copy of a storage group on the passive node. */
export interface CopyState {
  trouble?: { readonly status: CopyTrouble; readonly message: string; readonly untilMs?: number | undefined } | undefined;
  suspended?: { readonly comment: string } | undefined;
  /** True while the replication service of the passive node works on it. */
  served: boolean;
  /** From then on it is copied; before that it is Initializing. */
  readyMs: number;
  /** `log`: the next log that is closed ends Initializing earlier (domain page, 7.2 rule 2); `time`: nothing does. */
  awaits: "log" | "time";
  /** The node that keeps it now lost logs when it crashed: what it has is not what the other went on from. */
  diverged?: boolean | undefined;
}

/** Log counters as they stood at one moment; what they are later follows from it. */
export interface LogState {
  readonly atMs: number;
  readonly generated: number;
  readonly copied: number;
  readonly replayed: number;
  /** When the last of them was written. */
  readonly grewMs: number;
}

/** A storage group with its one database (domain page, glossary). */
export interface StorageGroupState {
  readonly name: string;
  readonly database: string;
  /** Stays dismounted when the mailbox server is online. */
  dismounted: boolean;
  lastFullBackupMs?: number | undefined;
  /** A full backup that began before this time and ends then; absent where none was begun, or it was aborted. */
  backupUntilMs?: number | undefined;
  /** What that backup reads: the database, or its copy on the passive node. */
  backupOf: "active" | "passive";
  /** Logs a minute while it is mounted. */
  logRate: number;
  /** Logs a minute that are copied and replayed while it catches up. */
  catchUpRate: number;
  /** From which range that rate is drawn whenever the copy comes back; undefined: it stays. */
  readonly catchUp?: { readonly from: number; readonly to: number } | undefined;
  /** How far replay stays behind what was copied, in ms of the load. */
  readonly replayLagMs: number;
  logs: LogState;
  readonly copy: CopyState;
}

/** Where the mailbox server is on its way. `offline-pending` and `online-pending` have a ticket. */
export type MailboxPhase = "online" | "online-pending" | "offline" | "offline-pending" | "failed";

/** The six states that Exchange shows (domain page, 3.2). */
export type MailboxServerStatus = "Online" | "Partially Online" | "Online Pending" | "Offline" | "Offline Pending" | "Failed";

/** How a handoff will go; what is absent goes well. */
export interface MoveOutcome {
  /** Databases that do not mount on the target (F29). */
  readonly dismounted?: readonly string[] | undefined;
  /** What becomes of the copies in their new direction (F33). */
  readonly copies?: CopyTrouble | undefined;
  /** How long it stays Online Pending (F30), in ms. */
  readonly onlinePendingMs?: number | undefined;
}

/** The handoff under way, or the last one. */
export interface MoveState {
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
  readonly startedMs: number;
  readonly outcome: MoveOutcome;
  result: "running" | "done" | "failed";
  because: string;
}

/** The clustered mailbox server; a CCR cluster has one. */
export interface MailboxServerState {
  readonly name: string;
  readonly group: string;
  /** CCR, a single copy cluster, or no clustered mailbox server at all (domain page, 3.5). */
  readonly storage: "NonShared" | "Shared" | "Disabled";
  readonly redundantMachines: readonly string[];
  phase: MailboxPhase;
  ticket: number;
  /** It failed on one node already since it was last online (domain page, 7.2 rule 4). */
  bounced: boolean;
  /** An administrator stopped it: no restart brings it back (domain page, 2.5). */
  stopped?: { readonly reason: string } | undefined;
  move?: MoveState | undefined;
  readonly storageGroups: StorageGroupState[];
}

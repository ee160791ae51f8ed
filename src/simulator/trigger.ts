import type { Fault } from "./fault.ts";
import type { InstallOutcome } from "./job-state.ts";
import type { MoveOutcome } from "./mailbox-state.ts";

/** What becomes of the reply to a call that a trigger meets; absent parts are as they would have been. */
export interface ReplyChange {
  /** `none`: the command does nothing. */
  readonly effect: "done" | "none";
  readonly exitCode?: number | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly failure?: { readonly code: string; readonly because: string } | undefined;
  readonly lost: boolean;
  /** The reply comes that much later. */
  readonly slowMs: number;
}

/** How what a call begins will go; what is absent goes well. */
export interface CallOutcome {
  /** Of the installer. */
  readonly install?: InstallOutcome | undefined;
  /** Of `Move-ClusteredMailboxServer`. */
  readonly move?: MoveOutcome | undefined;
  /** Of the move of a group: how long it takes, and the state in which it ends (F11). */
  readonly group?: { readonly takesMs?: number | undefined; readonly status?: "Partially Online" | "Failed" | undefined } | undefined;
  /** Of the copy of a file: other bytes arrive than were sent (F34). */
  readonly file?: "damaged" | undefined;
}

/** What waits for the n-th changing call of a command. */
export interface TriggerState {
  /** Words that the call must have: the first is its program or cmdlet, each other begins one of its arguments. */
  readonly command: readonly string[];
  /** Only on this node; absent: on any. */
  readonly node?: string | undefined;
  readonly nth: number;
  /** How many calls it meets from the n-th on. */
  readonly times: number;
  /** Matching calls so far. */
  seen: number;
  readonly reply: ReplyChange;
  readonly outcome: CallOutcome;
  /** From the beginning of the call to the faults; 0: directly before it. */
  readonly afterMs: number;
  readonly faults: readonly Fault[];
}

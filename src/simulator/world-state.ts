import type { BackupJobState } from "./backup-job.ts";
import type { Cause } from "./cause.ts";
import type { ClusterState, GroupState } from "./cluster-state.ts";
import type { Fault } from "./fault.ts";
import type { MailboxServerState } from "./mailbox-state.ts";
import type { NodeState } from "./node-state.ts";
import type { Due } from "./occurrence.ts";
import type { Timings } from "./timings.ts";
import type { TriggerState } from "./trigger.ts";

/** A rollup's package: `msiexec` knows it by the hash of its content. */
export interface PackageState {
  readonly sha256: string;
  /** Bytes of the stand-in. */
  readonly fileBytes: number;
  readonly kb: string;
  /** Base build that it fits. */
  readonly target: string;
  readonly build: string;
  readonly architecture: "x64" | "x86";
  readonly displayName: string;
  /** Its `AllowRemoval` (domain page, 4.7 and 4.8). */
  readonly removable: boolean;
  /** How large the real package is: the copy of the stand-in file takes that long. */
  readonly bytes: number;
}

/** The account that the run acts under. */
export interface AccountState {
  readonly name: string;
  /** Delegated the Exchange Server Administrator role (R5). */
  readonly exchangeRole: boolean;
}

/** The answer of a program that is none of the model's (`run.query`, `run.program`). */
export interface OwnProgramState {
  readonly command: readonly string[];
  readonly node?: string | undefined;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly takesMs: number;
  readonly changes: boolean;
  readonly faults: readonly Fault[];
}

/** What a person of the world says to a question. */
export interface PersonAnswerState {
  readonly kind: "approve" | "confirm" | "ask" | "do" | "choose";
  /** A text that the question must contain, in any case of letters. */
  readonly question: string;
  readonly answer: string;
  readonly reason?: string | undefined;
  readonly afterMs: number;
  readonly does: readonly Fault[];
}

/** Somebody who can be asked. */
export interface PersonState {
  readonly name: string;
  readonly account: string;
  readonly answers: readonly PersonAnswerState[];
}

/** An invariant of the procedure that was broken (domain page, 7.4): when, how, and who set it off. */
export interface Breach extends Cause {
  readonly invariant: string;
  readonly atMs: number;
  readonly because: string;
}

/** A time in which the mailbox server was not Online. `by` and `what` say who set it off, or who keeps it from ending. */
export interface WorldOutage {
  readonly fromMs: number;
  toMs?: number | undefined;
  readonly cause: "move" | "stop" | "fault";
  by: Cause["by"];
  what: string;
  /** How it looked when it was last recorded: `Failed on NODEB`. */
  seen: string;
}

/**
 * A whole simulated system: plain JSON values, so that it can be saved, cloned and compared. It is changed in place, by the
 * rules and the commands of this room alone; `World` is its owner. Times are ms since 1970, on the world's clock.
 */
export interface WorldState {
  readonly v: 2;
  readonly name: string;
  readonly seed: number;
  /** When the world began. */
  readonly epochMs: number;
  nowMs: number;
  /** Changing commands begun so far: part of the key of every draw. */
  changes: number;
  /** Who set off what is happening now. */
  cause: Cause;
  /** The last number given to a due occurrence or a ticket. */
  lastNumber: number;
  readonly domain: string;
  readonly timings: Timings;
  /** Bytes a second of a copy to a node. */
  readonly copyRate: number;
  readonly account: AccountState;
  readonly nodes: NodeState[];
  readonly cluster: ClusterState;
  readonly mailboxServer: MailboxServerState;
  /** Whether mail that the mailbox server sends arrives. */
  mailFlow: "working" | "failing";
  readonly packages: readonly PackageState[];
  readonly programs: readonly OwnProgramState[];
  readonly people: readonly PersonState[];
  readonly triggers: TriggerState[];
  readonly backupJobs: readonly BackupJobState[];
  /** In the order in which they come. */
  readonly due: Due[];
  readonly breaches: Breach[];
  readonly outages: WorldOutage[];
  /** Startup types at the beginning, by node and service: what I8 compares with. */
  readonly startModes: readonly { readonly node: string; readonly service: string; readonly startMode: string }[];
  /** Databases that were mounted at the beginning: what I9 compares with. */
  readonly mountedAtStart: readonly string[];
}

/** True if two names of Windows are the same: they have no case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The node of that name; undefined if there is none. */
export function findNode(state: WorldState, name: string): NodeState | undefined {
  return state.nodes.find((node) => sameName(node.name, name));
}

/** A node that the model itself names. */
export function nodeOf(state: WorldState, name: string): NodeState {
  const node = findNode(state, name);
  if (node === undefined) throw new Error(`the world has no node ${name}`);
  return node;
}

/** The resource group of that name; undefined if there is none. */
export function findGroup(state: WorldState, name: string): GroupState | undefined {
  return state.cluster.groups.find((group) => sameName(group.name, name));
}

/** A group that the model itself names. */
export function groupOf(state: WorldState, name: string): GroupState {
  const group = findGroup(state, name);
  if (group === undefined) throw new Error(`the world has no group ${name}`);
  return group;
}

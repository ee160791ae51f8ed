import type { AskedTerms } from "./approval.ts";
import type { Question } from "./builtin.ts";
import type { Json } from "./json.ts";
import type { PlanNode, ResolvedInput } from "./plan.ts";
import type { Reference } from "./runbook.ts";
import type { ActionFinished, ActionOutput, ActionStarted, AttemptFailed, Decided, Looked, StepFinished, StepStarted } from "./step-event.ts";
import type { Outage } from "./outage.ts";

/** How a run ended (language.md section 7). */
export type RunResult = "succeeded" | "nothing to do" | "stopped" | "waiting" | "cancelled" | "interrupted" | "failed";

/** The state of a probe: what `up` said, or that it could not be read. */
export type ProbeState = "up" | "down" | "unknown";

/** What every event has. */
export interface Stamp {
  readonly v: 1;
  /** From 1, without gaps. */
  readonly seq: number;
  /** RFC 3339 with milliseconds, the system's clock; never goes back. */
  readonly at: string;
  readonly run: string;
}

/** Something that is left for a person although the run went on. */
export interface OpenItem {
  readonly step: string;
  readonly code: string;
  readonly because: string;
}

/** Every event, without its stamp: the one union that screen, journal, JSON, report and exit code read. */
export type EventBody =
  | RunStarted | RunResumed | PlanMade
  | StepStarted | Looked | Decided | ActionStarted | ActionOutput | ActionFinished | AttemptFailed | StepFinished
  | Unwinding | WatchStarted | ProbeChanged | WatchStopped | InvariantBroken | InvariantRestored
  | QuestionAsked | QuestionAnswered | QuestionExpired | Warning | RunFinished | RollbackStarted | RolledBack;

/** An event as it is written. */
export type Event = Stamp & EventBody;

export interface RunStarted {
  readonly type: "run-started";
  readonly runbook: string;
  readonly title: string;
  readonly file: string;
  /** SHA-256 of the file's text. */
  readonly digest: string;
  readonly system: string;
  readonly simulated: boolean;
  readonly inputs: readonly ResolvedInput[];
  /** Who answers for the procedure, when a person last reviewed it, and where it comes from, as the file says it; absent where it does not. */
  readonly owner?: string;
  readonly reviewed?: string;
  readonly references?: readonly Reference[];
  readonly operator: string;
  readonly account: string;
  readonly host: string;
  readonly tool: string;
  /** The run that this one undoes; absent for any other run. */
  readonly undoes?: string;
  /** Steps of that run, by path, that are left as they are. */
  readonly left?: readonly string[];
}
/** A run is taken up again. What stands before it in the journal happened. */
/** A change of a run's file with which the run goes on. `as-done`: what has run counts as it ran; `enter-again`: it is entered anew; `harmless`: nobody had to say anything. */
export interface AcceptedChange {
  readonly step: string;
  /** In the file's words. */
  readonly what: string;
  readonly answer: "harmless" | "as-done" | "enter-again";
  /** Steps that are entered anew for it, by their paths without items; absent where none is. */
  readonly again?: readonly string[];
}
export interface RunResumed {
  readonly type: "run-resumed";
  /** `abandon`: to pay what is owed and to let go of the system, not to go on. `rollback`: to come to rest, because it is to be undone. */
  readonly to: "go-on" | "abandon" | "rollback";
  /** How it had ended; `interrupted` where it had not. */
  readonly after: RunResult;
  /** When its last record was written. */
  readonly lastAt: string;
  /** SHA-256 of the file's text now. */
  readonly digest: string;
  /** How many steps are given back as they ended. */
  readonly givenBack: number;
  /** Paths of the leaves that had not ended, or had failed, and are entered again. */
  readonly again: readonly string[];
  /** Probes that nobody watched since the last record and that were down then. */
  readonly unwatched: readonly string[];
  /** What was changed in the file since it was last taken up, or began, by step, and what was said to it. Absent where nothing was that a step does. */
  readonly changes?: readonly AcceptedChange[];
  readonly operator: string;
  readonly account: string;
  readonly host: string;
  readonly tool: string;
  /** For a run that undoes another one: further steps of that run that are left as they are. */
  readonly left?: readonly string[];
}
/** Another run begins to undo this one, which is not taken up any more. */
export interface RollbackStarted {
  readonly type: "rollback-started";
  /** The run that undoes it. */
  readonly by: string;
}
/** What this run did has been undone. */
export interface RolledBack {
  readonly type: "rolled-back";
  readonly by: string;
}
export interface PlanMade {
  readonly type: "plan-made";
  readonly digest: string;
  readonly nodes: readonly PlanNode[];
}
export interface Unwinding {
  readonly type: "unwinding";
  readonly step: string;
  readonly part: "rescue" | "always";
  readonly cause: string;
  /** How the block's steps had ended: what a run that is taken up in the middle of the unwinding goes on from. */
  readonly main: UnwoundMain;
  /** What halted the run, where that is why it unwinds. */
  readonly halt?: HaltCause;
}
/** Why no further change is to be begun. `rollback`: the run is to be undone, and what is in doubt settles first. `not-permitted`: a person did not let it through. `not-recorded`: the journal cannot be written. */
export type HaltCause =
  | { readonly kind: "cancelled" | "rollback" | "not-permitted" | "not-recorded"; readonly because: string }
  | { readonly kind: "invariant"; readonly invariant: string; readonly because: string };
/** How the steps of a block ended before it unwound. */
export interface UnwoundMain {
  readonly kind: "went-on" | "failed" | "interrupted";
  readonly step?: string;
  readonly code?: string;
  readonly because?: string;
  readonly changed: boolean;
}
export interface WatchStarted {
  readonly type: "watch-started";
  readonly probe: string;
  readonly title: string;
  readonly everyMs: number;
  readonly budgetMs?: number;
}
export interface ProbeChanged {
  readonly type: "probe-changed";
  readonly probe: string;
  readonly state: ProbeState;
  /** When the state began. */
  readonly since: string;
  /** The state before, and since when. */
  readonly last?: { readonly state: ProbeState; readonly since: string };
  readonly because: string;
  /** On the way down: what the outage is charged to, as in `Outage`. */
  readonly step?: string;
  /** On the way back up: the outage that ended. */
  readonly outage?: Outage;
}
export interface WatchStopped {
  readonly type: "watch-stopped";
  readonly probe: string;
  readonly samples: number;
  readonly downMs: number;
}
export interface InvariantBroken {
  readonly type: "invariant-broken";
  readonly invariant: string;
  readonly because: string;
}
export interface InvariantRestored {
  readonly type: "invariant-restored";
  readonly invariant: string;
  readonly because: string;
}
export interface QuestionAsked {
  readonly type: "question-asked";
  readonly step: string;
  readonly kind: "approve" | "confirm" | "ask" | "do" | "choose";
  readonly question: string;
  readonly show: readonly string[];
  readonly choices?: Readonly<Record<string, string>>;
  /** For `ask`: what the value must be. */
  readonly value?: Question["value"];
  readonly digest: string;
  /** For `approve`: whose yes counts, and how many. Absent: anyone's, once. */
  readonly terms?: AskedTerms;
  /** For `choose`: the choices that are taken only with a reason. */
  readonly reasonFor?: readonly string[];
  /** When it ends without an answer, in the time of `at`; absent: never. */
  readonly expires?: string;
  /** `failure`: what to do about a failed step, or one that is entered again. Absent: the step itself asks. */
  readonly about?: "failure";
}
export interface QuestionAnswered {
  readonly type: "question-answered";
  readonly step: string;
  /** Of the question. */
  readonly digest: string;
  readonly answer: string;
  readonly by: string;
  readonly account: string;
  readonly host: string;
  readonly reason?: string;
  /** The answer held a secret, and is not what was answered: it is asked for again where it is needed again. */
  readonly masked?: true;
  /** Names the answer in the run's inbox, where it was left there: it is used once. */
  readonly left?: string;
}
/** Nobody answered in its time, or not as many as have to. */
export interface QuestionExpired {
  readonly type: "question-expired";
  readonly step: string;
  /** Of the question. */
  readonly digest: string;
}
export interface Warning {
  readonly type: "warning";
  readonly code: string;
  readonly message: string;
  readonly step?: string;
}
export interface RunFinished {
  readonly type: "run-finished";
  readonly result: RunResult;
  readonly exitCode: number;
  readonly because: string;
  readonly outages: readonly Outage[];
  readonly outputs: Readonly<Record<string, Json>>;
  readonly openItems: readonly OpenItem[];
  /** Failed steps that the run went on over. */
  readonly passedOver: readonly string[];
  /** Blocks whose `always` could not run. */
  readonly owed: readonly string[];
  /** Commands that a person may type now, each with what it does. */
  readonly next: readonly { readonly command: string; readonly does: string }[];
}

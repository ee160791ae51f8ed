import type { Action, Effect } from "./action.ts";
import type { Json } from "./json.ts";
import type { Phase, PlanNode, ResolvedInput } from "./plan.ts";

/** How a step stands. */
export type StepStatus = "pending" | "running" | "waiting" | "ok" | "unchanged" | "skipped" | "failed" | "unknown" | "interrupted" | "rescued";

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

/** An interval in which a probe was down. */
export interface Outage {
  readonly probe: string;
  /** Path of the step whose intent was open when it began; absent where none was. */
  readonly step?: string;
  /** From the first `down` sample to the first `up` sample. */
  readonly ms: number;
  /** From the last `up` sample before: the most that it can have been. */
  readonly upperMs: number;
  readonly since: string;
  /** True if it had not ended when the run did. */
  readonly open: boolean;
}

/** Something that is left for a person although the run went on. */
export interface OpenItem {
  readonly step: string;
  readonly code: string;
  readonly because: string;
}

/** Every event, without its stamp: the one union that screen, journal, JSON, report and exit code read. */
export type EventBody =
  | RunStarted | PlanMade
  | StepStarted | Looked | Decided | ActionStarted | ActionOutput | ActionFinished | AttemptFailed | StepFinished
  | Unwinding | WatchStarted | ProbeChanged | WatchStopped | InvariantBroken | InvariantRestored
  | QuestionAsked | QuestionAnswered | Warning | RunFinished;

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
  readonly operator: string;
  readonly account: string;
  readonly host: string;
  readonly tool: string;
}
export interface PlanMade {
  readonly type: "plan-made";
  readonly digest: string;
  readonly nodes: readonly PlanNode[];
}
export interface StepStarted {
  readonly type: "step-started";
  readonly step: string;
  /** Path of the step around it; absent at the top. */
  readonly parent?: string;
  readonly kind: "leaf" | "block" | "for-each" | "call" | "instance";
  readonly phase: Phase;
  readonly attempt: number;
  readonly title: string;
  readonly why?: string;
  readonly uses?: string;
  readonly target?: string;
  readonly effect: Effect;
  /** Keys of a loop's items. */
  readonly items?: readonly string[];
  readonly irreversible?: string;
  readonly limitMs?: number;
}
export interface Looked {
  readonly type: "looked";
  readonly step: string;
  readonly turn: number;
  /** By reading: its answer, bounded, or why there is none. */
  readonly facts: Readonly<Record<string, Json>>;
}
export interface Decided {
  readonly type: "decided";
  readonly step: string;
  readonly turn: number;
  readonly decision: "done" | "act" | "wait" | "refuse" | "fail" | "ask";
  readonly code?: string;
  readonly because: string;
}
export interface ActionStarted {
  readonly type: "action-started";
  readonly step: string;
  readonly turn: number;
  /** Counts the actions of the run, from 1. */
  readonly number: number;
  readonly action: {
    readonly name: string;
    readonly title: string;
    readonly target: string;
    readonly what: Action;
    readonly job?: string;
    /** What the facts added to the inputs, where they did. */
    readonly fill?: Readonly<Record<string, string>>;
  };
  readonly effect: Effect;
}
export interface ActionOutput {
  readonly type: "action-output";
  readonly step: string;
  readonly number: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  readonly droppedBytes: number;
}
export interface ActionFinished {
  readonly type: "action-finished";
  readonly step: string;
  readonly turn: number;
  readonly number: number;
  readonly outcome: "ok" | "failed" | "lost" | "timeout";
  readonly exitCode?: number;
  readonly code?: string;
  readonly because?: string;
  readonly ms: number;
}
export interface AttemptFailed {
  readonly type: "attempt-failed";
  readonly step: string;
  readonly attempt: number;
  readonly code: string;
  readonly because: string;
  readonly delayMs: number;
}
export interface StepFinished {
  readonly type: "step-finished";
  readonly step: string;
  readonly status: StepStatus;
  readonly code?: string;
  readonly because?: string;
  /** What the conditions came to, where `because` is in the author's own words. */
  readonly condition?: string;
  readonly outputs?: Readonly<Record<string, Json>>;
  readonly attempts: number;
  readonly target?: string;
  readonly ms: number;
  /** The policy let the run go on over this failure (`continue`, a skip, an instance of a loop), or made it an open item (`note`). */
  readonly passedOver?: "continue" | "note" | "skip" | "max-failures";
}
export interface Unwinding {
  readonly type: "unwinding";
  readonly step: string;
  readonly part: "rescue" | "always";
  readonly cause: string;
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
  readonly digest: string;
}
export interface QuestionAnswered {
  readonly type: "question-answered";
  readonly step: string;
  readonly answer: string;
  readonly by: string;
  readonly account: string;
  readonly host: string;
  readonly reason?: string;
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

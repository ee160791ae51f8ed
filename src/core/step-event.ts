import type { Action, ActionResult, Effect } from "./action.ts";
import type { Json } from "./json.ts";
import type { Phase } from "./plan.ts";

/** How a step stands. */
export type StepStatus = "pending" | "running" | "waiting" | "ok" | "unchanged" | "skipped" | "failed" | "unknown" | "interrupted" | "rescued";

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
  /** `not-begun`: its intent could not be kept, so nothing was done. */
  readonly outcome: "ok" | "failed" | "lost" | "timeout" | "not-begun";
  /** The whole answer of an action that does not only read: what the next decision is made from, also after a resume. */
  readonly result?: ActionResult;
  /** The result held a secret, and what was told of it is not what came. */
  readonly masked?: true;
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
  /** Names of the outputs that held a secret: nobody can read them after a resume. Absent where none did. */
  readonly masked?: readonly string[];
  readonly attempts: number;
  readonly target?: string;
  readonly ms: number;
  /** The policy let the run go on over this failure (`continue`, a skip, an instance of a loop), or made it an open item (`note`). */
  readonly passedOver?: "continue" | "note" | "skip" | "max-failures";
}

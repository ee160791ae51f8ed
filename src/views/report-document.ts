import type { Action, Effect } from "../core/action.ts";
import type { AcceptedChange, OpenItem, ProbeState, QuestionAsked, RunFinished, RunResult, Unwinding } from "../core/event.ts";
import type { Outage } from "../core/outage.ts";
import type { Json } from "../core/json.ts";
import type { Phase, ResolvedInput } from "../core/plan.ts";
import type { Reference } from "../core/runbook.ts";
import type { StepFinished, StepStarted, StepStatus } from "../core/step-event.ts";
import type { Standing } from "./standing.ts";

/** What `report --format json` prints: the evidence of a run. A fold over its events, and what its journal was when it was read. Times are RFC 3339, the system's. */
export interface ReportDocument {
  readonly v: 1;
  readonly run: string;
  readonly title: string;
  readonly runbook: ReportedRunbook;
  readonly system: string;
  readonly simulated: boolean;
  readonly standing: Standing;
  /** Why it ended so; "" while it has not ended. */
  readonly because: string;
  /** "" where the run never began. */
  readonly startedAt: string;
  /** When its last record was written. */
  readonly lastAt: string;
  readonly inputs: readonly ResolvedInput[];
  /** SHA-256 of the last plan; "" where none was made. */
  readonly planDigest: string;
  /** The run that this one undoes; absent for any other run. */
  readonly undoes?: string;
  /** When other runs began to undo this one, and did. */
  readonly undoings: readonly ReportedUndoing[];
  /** From a beginning or a resumption to the end that followed, in their order: the first is the beginning. */
  readonly sessions: readonly ReportedSession[];
  /** How long it waited for answers in those sessions, in milliseconds: what passed between them is none of it. */
  readonly waitedMs: number;
  /** In the order in which they were first entered. */
  readonly steps: readonly ReportedStep[];
  /** Every action that does not only read, in its order. */
  readonly actions: readonly ReportedAction[];
  /** What was read at least twice in the same way and was not the same at the end. */
  readonly differences: readonly ReportedDifference[];
  readonly questions: readonly ReportedQuestion[];
  readonly probes: readonly ReportedProbe[];
  /** The last is open where the run ended in it. */
  readonly outages: readonly Outage[];
  readonly invariants: readonly ReportedInvariant[];
  readonly retries: readonly ReportedRetry[];
  readonly unwindings: readonly ReportedUnwinding[];
  readonly warnings: readonly ReportedWarning[];
  readonly openItems: readonly OpenItem[];
  /** Paths of failed steps that the run went on over. */
  readonly passedOver: readonly string[];
  /** Paths of blocks whose `always` could not run. */
  readonly owed: readonly string[];
  readonly outputs: Readonly<Record<string, Json>>;
  readonly next: RunFinished["next"];
  readonly journal: ReportedJournal;
}

/** `begun`: a run begins to undo this one; `done`: it has. */
export interface ReportedUndoing extends Recorded {
  readonly at: string;
  readonly by: string;
  readonly state: "begun" | "done";
}

/** The procedure, as the file said it when the run began. */
export interface ReportedRunbook {
  readonly name: string;
  readonly file: string;
  /** SHA-256 of the file's text. */
  readonly digest: string;
  readonly owner?: string;
  readonly reviewed?: string;
  readonly references: readonly Reference[];
}

/** Where in the journal something stands: the number of its record, which is the `seq` of the event. */
export interface Recorded {
  readonly record: number;
}

/** The time in which one process carried the run out. */
export interface ReportedSession extends Recorded {
  readonly kind: "began" | "resumed" | "abandoned";
  readonly at: string;
  readonly operator: string;
  readonly account: string;
  readonly host: string;
  readonly tool: string;
  /** SHA-256 of the runbook's text then. */
  readonly digest: string;
  readonly planDigest: string;
  /** How many steps were given back as they had ended; 0 for a beginning. */
  readonly givenBack: number;
  /** Paths of the leaves that were entered again. */
  readonly again: readonly string[];
  /** Probes that were down and that nobody watched since the session before. */
  readonly unwatched: readonly string[];
  /** What was changed in the file since the session before, in its words, and what was said to it. */
  readonly changes: readonly Pick<AcceptedChange, "what" | "answer">[];
  /** When the last record of the session was written. */
  readonly endedAt: string;
  readonly lastRecord: number;
  /** `running`: it goes on; `interrupted`: it was cut off. */
  readonly ended: RunResult | "running";
  readonly because: string;
  /** Paths of the leaves that had begun and not ended when it was cut off. */
  readonly underWay: readonly string[];
}

/** A step that was entered. */
export interface ReportedStep {
  readonly path: string;
  readonly parent?: string;
  readonly kind: StepStarted["kind"];
  readonly phase: Phase;
  readonly title: string;
  readonly why?: string;
  readonly uses?: string;
  readonly target?: string;
  readonly effect: Effect;
  readonly irreversible?: string;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly code?: string;
  readonly because?: string;
  readonly condition?: string;
  readonly passedOver?: StepFinished["passedOver"];
  readonly outputs: Readonly<Record<string, Json>>;
  /** When it was entered and when it ended, each time. The last has no end where the step has none. */
  readonly spans: readonly Span[];
  /** The commands that it looked with, each once, and where. */
  readonly looks: readonly { readonly target: string; readonly command: string }[];
}

/** From a time to a time; without an end where there is none yet. */
export interface Span {
  readonly from: string;
  readonly to?: string;
}

/** An action that does not only read. */
export interface ReportedAction extends Recorded {
  readonly number: number;
  readonly at: string;
  readonly step: string;
  readonly title: string;
  readonly target: string;
  readonly effect: Effect;
  readonly what: Action;
  /** As a line for people. */
  readonly command: string;
  readonly job?: string;
  /** `in doubt`: nobody recorded how it ended. */
  readonly outcome: "ok" | "failed" | "lost" | "timeout" | "in doubt";
  readonly exitCode?: number;
  readonly code?: string;
  readonly because?: string;
  readonly ms?: number;
  /** The whole answer, where one was recorded. */
  readonly result?: Readonly<Record<string, Json>>;
  readonly output: readonly { readonly stream: "stdout" | "stderr"; readonly text: string; readonly droppedBytes: number }[];
}

/** One value of a reading that was made at least twice: at first, and at last. */
export interface ReportedDifference {
  readonly uses: string;
  readonly target: string;
  /** The step that read it first, and the one that read it last. */
  readonly first: string;
  readonly last: string;
  /** `build`, `groups[Cluster Group].owner`. */
  readonly value: string;
  /** Absent where it was not there. */
  readonly before?: Json;
  readonly after?: Json;
}

/** A question, and its answer where it has one. */
export interface ReportedQuestion extends Recorded {
  readonly step: string;
  readonly kind: QuestionAsked["kind"];
  readonly question: string;
  readonly show: readonly string[];
  /** Of the question: what the answer is bound to. */
  readonly digest: string;
  readonly askedAt: string;
  /** When its time was over without an answer. */
  readonly expiredAt?: string;
  readonly answer?: Recorded & { readonly at: string; readonly answer: string; readonly by: string; readonly account: string; readonly host: string; readonly reason?: string };
}

/** What was watched beside the steps. */
export interface ReportedProbe {
  readonly probe: string;
  readonly title: string;
  readonly everyMs: number;
  /** How long one outage may last; absent where nothing is said. */
  readonly budgetMs?: number;
  /** How many were taken in the sessions whose end was recorded. */
  readonly samples: number;
  readonly downMs: number;
  readonly states: readonly { readonly state: ProbeState; readonly since: string; readonly because: string }[];
  readonly watched: readonly Span[];
}

/** An invariant that broke. */
export interface ReportedInvariant extends Recorded {
  readonly invariant: string;
  readonly at: string;
  readonly because: string;
  readonly restoredAt?: string;
}

/** An attempt that failed and was followed by another. */
export interface ReportedRetry extends Recorded {
  readonly step: string;
  readonly at: string;
  readonly attempt: number;
  readonly code: string;
  readonly because: string;
  readonly delayMs: number;
}

/** A `rescue` or an `always` that began. */
export interface ReportedUnwinding extends Recorded {
  readonly step: string;
  readonly at: string;
  readonly part: Unwinding["part"];
  readonly cause: string;
}

/** Something that was told on the way. */
export interface ReportedWarning extends Recorded {
  readonly at: string;
  readonly code: string;
  readonly message: string;
  readonly step?: string;
}

/** The journal as it was when the report was made: whoever knows the digest can tell later whether anything before it was changed. */
export interface ReportedJournal {
  readonly records: number;
  /** The chain's last digest; "" where it is not known. */
  readonly chain: string;
}

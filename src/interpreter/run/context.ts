import type { Event, EventBody, OpenItem } from "../../core/event.ts";
import type { StepStatus } from "../../core/step-event.ts";
import type { Json } from "../../core/json.ts";
import type { Phase, Plan } from "../../core/plan.ts";
import type { Transports } from "../../core/port.ts";
import type { Runbook, Scope } from "../../core/runbook.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { Roots } from "../plan/roots.ts";
import type { Engine } from "./engine.ts";
import type { Failing } from "./failing.ts";
import type { Gate } from "./gate.ts";
import type { Course, Halt } from "./halt.ts";
import type { OwnAct } from "./leaf-state.ts";
import type { Limit } from "./limit.ts";
import type { PlannedIndex } from "./planned-index.ts";
import type { Resumption } from "./resumption.ts";
import type { Task } from "./scheduler.ts";
import type { Watch } from "./watch.ts";

/** What all branches of one run share. */
export interface Run {
  readonly id: string;
  /** The account that started it. */
  readonly account: string;
  readonly plan: Plan;
  readonly planned: PlannedIndex;
  readonly transports: Transports;
  readonly engine: Engine;
  /** What knows the secrets of the run; undefined for a run without any, and where they are withheld. */
  readonly secrets: Secrets | undefined;
  /** `withheld`: a plan's looks are made without the secrets that a run would have. */
  readonly secretInputs: "known" | "withheld";
  /** Stamps and records an event, in which every secret is masked. */
  readonly emit: (event: EventBody) => Event;
  readonly halt: Halt;
  /** Aborted at the second signal. */
  readonly abort: AbortSignal;
  readonly gate: Gate;
  readonly watch: Watch;
  readonly tally: Tally;
  /** For a run that is taken up again: what is given back. */
  readonly resumption: Resumption | undefined;
}

/** What a run counts and remembers beside its events' fold, because the next decision needs it. */
export interface Tally {
  actions: number;
  /** Intents so far. */
  intents: number;
  /** True if something was rescued or noted. */
  rescuedOrNoted: boolean;
  readonly attempts: Map<string, number>;
  /** What the steps did, by path, over all their entries. */
  readonly acts: Map<string, OwnAct[]>;
  /** Steps that did their work, by path, with that end: one that is entered again and cannot look does not act unasked. */
  readonly ran: Map<string, StepEnd>;
  /** How many failures are being mended: by a rescue, an `always`, or a person who is asked what to do. */
  mending: number;
  /** Paths of steps that are entered and not ended. */
  readonly entered: Set<string>;
  /** Paths of steps that were told as started and not yet as finished, in that order. */
  readonly told: Set<string>;
  readonly openItems: OpenItem[];
  readonly passedOver: string[];
  readonly owed: string[];
}

/** Where in the run a step is entered. */
export interface Branch {
  readonly task: Task;
  readonly runbook: Runbook;
  /** What the paths of steps here begin with. */
  readonly prefix: string;
  readonly parent: string | undefined;
  readonly phase: Phase;
  readonly roots: Roots;
  /** The roots, and what loops and a failure add. */
  readonly scope: Scope;
  /** The limits around: of blocks, instances, calls and the run. */
  readonly limits: readonly Limit[];
  /** What stops it, and whether it mends. */
  readonly course: Course;
  /** True once a loop around has given up: its instances end the step they are in. */
  readonly givenUp: () => boolean;
  /** `once`: one look, without waiting, retry or questions (the goal, and the first pass over a list of reading steps). */
  readonly depth: "whole" | "once";
  /** How many disrupting steps may be unsettled at a time. */
  readonly disruptors: number;
}

/** How a step ended. `not-yet`: one look was made, and only waiting, a retry or a person could bring it about. */
export interface StepEnd {
  readonly status: StepStatus | "not-yet";
  readonly code?: string;
  readonly because?: string;
  /** What the conditions came to that `because` gives the author's words for. */
  readonly condition?: string;
  readonly outputs?: Readonly<Record<string, Json>>;
  readonly each?: readonly { readonly item: Json; readonly status: string; readonly outputs?: Readonly<Record<string, Json>> }[];
  /** Of a list of which all is reported: each failure below it. */
  readonly failures?: readonly Failing[];
  /** The leaf that failed, where the step is none. */
  readonly failedStep?: string;
  readonly attempts?: number;
  /** The failure is passed over or an open item: the list goes on. */
  readonly passedOver?: "continue" | "note" | "skip" | "max-failures";
}

/** True once nothing new is to be begun here. */
export function isStopped(run: Run, branch: Branch): boolean {
  return run.halt.stopOf(branch.course).raised;
}

/** True if a step is entered: nothing has stopped the run, its end is given back, or an unwinding inside it has to be finished first. */
export function mayEnter(run: Run, branch: Branch, path: string): boolean {
  return !isStopped(run, branch) || run.resumption?.isGivenBack(path) === true || run.resumption?.leadsToUnwinding(path) === true;
}

/** True from a failure or a broken invariant to the end of the unwinding: what is broken already is no reason not to mend it. */
export function isMending(run: Run, branch: Branch): boolean {
  return branch.course === "rescue" || branch.course === "always" || (branch.course === "closing" && run.halt.raised);
}

/** True for the statuses that `steps.x.done` counts. */
export function isDone(status: StepEnd["status"]): boolean {
  return status === "ok" || status === "unchanged" || status === "rescued";
}

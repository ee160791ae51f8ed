import type { Event, EventBody, OpenItem } from "../../core/event.ts";
import type { StepStatus } from "../../core/event.ts";
import type { Json } from "../../core/json.ts";
import type { Phase, Plan } from "../../core/plan.ts";
import type { Transports } from "../../core/port.ts";
import type { Runbook, Scope } from "../../core/runbook.ts";
import type { Roots } from "../plan/roots.ts";
import type { Engine } from "./engine.ts";
import type { Gate } from "./gate.ts";
import type { Halt } from "./halt.ts";
import type { PlannedIndex } from "./planned-index.ts";
import type { Task } from "./scheduler.ts";
import type { Watch } from "./watch.ts";

/** What all branches of one run share. */
export interface Run {
  readonly id: string;
  readonly plan: Plan;
  readonly planned: PlannedIndex;
  readonly transports: Transports;
  readonly engine: Engine;
  /** Stamps and records an event. */
  readonly emit: (event: EventBody) => Event;
  readonly halt: Halt;
  /** Aborted at the second signal. */
  readonly abort: AbortSignal;
  readonly gate: Gate;
  readonly watch: Watch;
  readonly tally: Tally;
}

/** What a run counts and remembers beside its events' fold, because the next decision needs it. */
export interface Tally {
  actions: number;
  /** Intents so far. */
  intents: number;
  /** True if a step that was entered could change something. */
  couldChange: boolean;
  /** True if something was rescued or noted. */
  rescuedOrNoted: boolean;
  readonly attempts: Map<string, number>;
  /** Paths of steps that are entered and not ended. */
  readonly entered: Map<string, number>;
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
  /** When the smallest limit around ends, in ms since 1970. */
  readonly deadlineMs: number | undefined;
  /** `mending`: from a failure or a broken invariant to the end of the unwinding: a halt does not stop it, a broken invariant does not either. */
  readonly course: "forward" | "mending";
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
  readonly outputs?: Readonly<Record<string, Json>>;
  readonly each?: readonly { readonly item: Json; readonly status: string; readonly outputs?: Readonly<Record<string, Json>> }[];
  /** The leaf that failed, where the step is none. */
  readonly failedStep?: string;
  readonly attempts?: number;
  /** The failure is passed over or an open item: the list goes on. */
  readonly passedOver?: "continue" | "note" | "skip" | "max-failures";
}

/** True for the statuses that `steps.x.done` counts. */
export function isDone(status: StepEnd["status"]): boolean {
  return status === "ok" || status === "unchanged" || status === "rescued";
}

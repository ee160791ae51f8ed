import type { Effect } from "../core/action.ts";
import type { InvariantBroken, PlanMade, ProbeState, QuestionAsked, RunFinished, RunStarted, Stamp } from "../core/event.ts";
import type { Outage } from "../core/outage.ts";
import type { ActionStarted, StepFinished, StepStarted, StepStatus } from "../core/step-event.ts";
import type { Json } from "../core/json.ts";
import type { Phase } from "../core/plan.ts";
import { Waited } from "./waited.ts";

/** What a screen knows of a step that was entered. */
export interface StepView {
  readonly path: string;
  readonly parent: string | undefined;
  readonly kind: StepStarted["kind"];
  readonly phase: Phase;
  readonly title: string;
  /** Why it is there, on one line; "" where nothing is said. */
  readonly why: string;
  readonly uses: string | undefined;
  readonly target: string | undefined;
  readonly effect: Effect;
  /** When it began, later by what has passed between sessions since: it is there to measure from. */
  startedMs: number;
  readonly limitMs: number | undefined;
  readonly children: string[];
  /** How many items a loop has; undefined for what is no loop. */
  readonly itemCount: number | undefined;
  status: StepStatus;
  /** The last reason that was given: of a decision, then of the end. */
  because: string;
  /** Since when it waits; undefined while it does anything else. */
  waitingSinceMs: number | undefined;
  action: ActionView | undefined;
  /** True once it began an action that changes something. */
  hasActed: boolean;
  finished: (StepFinished & { readonly atMs: number }) | undefined;
}

/** The action that a step is at. */
export interface ActionView {
  readonly number: number;
  readonly what: ActionStarted["action"];
  readonly startedMs: number;
  /** True if the step had changed nothing before. */
  readonly isFirst: boolean;
  /** The last line that it put out; "" before the first. */
  lastLine: string;
  /** What has come since the last line end; "" directly after one. */
  unended: string;
}

/** What a screen knows of a probe. */
export interface ProbeView {
  readonly name: string;
  readonly title: string;
  readonly budgetMs: number | undefined;
  state: ProbeState | undefined;
  /** Since when it has this state. */
  sinceMs: number;
  /** The outages that have ended. */
  readonly outages: Outage[];
}

/** A node of the plan as far as a screen needs it before its turn comes. */
export interface PlannedPart {
  readonly path: string;
  readonly phase: Phase;
  readonly title: string;
}

/** What is to be seen of a run: a fold over its events. It is filled in place, since a run may have a hundred thousand of them. */
export interface ViewState {
  /** `atMs`: when it began, later by what has passed between its sessions: it is there to measure from. */
  run: (Stamp & RunStarted & { readonly atMs: number }) | undefined;
  /** How often it was begun or taken up. */
  sessions: number;
  readonly waited: Waited;
  /** The parts at the top of the plan, by path, in order. */
  readonly planned: Map<string, PlannedPart>;
  /** By path, in the order of their beginning. */
  readonly steps: Map<string, StepView>;
  /** Paths of the steps at the top that were entered. */
  readonly roots: string[];
  /** Paths of the steps that are under way and have none below them that was entered, in the order of their beginning. */
  readonly underWay: Set<string>;
  /** Numbers of the actions that change something. */
  readonly changes: Set<number>;
  readonly probes: Map<string, ProbeView>;
  readonly broken: Map<string, InvariantBroken>;
  readonly answers: { readonly step: string; readonly answer: string; readonly by: string }[];
  question: QuestionAsked | undefined;
  /** What unwinds now, and why, by the path of the block; the innermost last. */
  readonly unwinding: Map<string, string>;
  finished: (RunFinished & { readonly atMs: number }) | undefined;
  /** The time of the last event. */
  nowMs: number;
}

/** Nothing seen yet. */
export function emptyViewState(): ViewState {
  return {
    run: undefined, sessions: 0, waited: new Waited(), planned: new Map(), steps: new Map(), roots: [], underWay: new Set(), changes: new Set(), probes: new Map(), broken: new Map(),
    answers: [], question: undefined, unwinding: new Map(), finished: undefined, nowMs: 0,
  };
}

/** The top of a plan as parts of the screen. */
export function plannedParts(plan: PlanMade): readonly PlannedPart[] {
  return plan.nodes.filter((node) => node.phase !== "probe").map(({ path, phase, title }) => ({ path, phase, title }));
}

/** The outputs that a step gave; none where it has not ended. */
export function outputsOf(step: StepView): Readonly<Record<string, Json>> {
  return step.finished?.outputs ?? {};
}

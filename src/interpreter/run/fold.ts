import { assertNever } from "../../core/assert-never.ts";
import type { Event, OpenItem, ProbeState, QuestionAsked, RunFinished, RunStarted } from "../../core/event.ts";
import type { Outage } from "../../core/outage.ts";
import type { StepStarted, StepStatus } from "../../core/step-event.ts";
import type { Json } from "../../core/json.ts";
import type { PlanNode } from "../../core/plan.ts";

/** A step as the events tell it. */
export interface StepState {
  readonly path: string;
  readonly parent: string | undefined;
  readonly kind: StepStarted["kind"];
  readonly phase: StepStarted["phase"];
  readonly title: string;
  readonly target: string | undefined;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  readonly because: string | undefined;
  readonly code: string | undefined;
  readonly outputs: Readonly<Record<string, Json>> | undefined;
  /** The action at hand, by its title. */
  readonly action: string | undefined;
  readonly limitMs: number | undefined;
}

/** A probe as the events tell it. */
export interface ProbeSeen {
  readonly probe: string;
  readonly title: string;
  readonly state: ProbeState;
  readonly since: string;
}

/** The state of a run: what its events add up to. Steps in the order in which they were first entered. */
export interface RunState {
  readonly started: RunStarted | undefined;
  readonly startedAt: string | undefined;
  readonly lastAt: string | undefined;
  readonly planned: readonly PlanNode[];
  readonly steps: ReadonlyMap<string, StepState>;
  readonly probes: ReadonlyMap<string, ProbeSeen>;
  readonly outages: readonly Outage[];
  readonly question: (QuestionAsked & { readonly at: string }) | undefined;
  readonly broken: ReadonlyMap<string, string>;
  readonly intents: number;
  readonly openItems: readonly OpenItem[];
  readonly warnings: readonly string[];
  readonly finished: RunFinished | undefined;
  /** The run that undoes this one, or has done so. */
  readonly rollback: { readonly by: string; readonly state: "begun" | "done" } | undefined;
}

/** Nothing has happened yet. */
export function emptyState(): RunState {
  return {
    started: undefined, startedAt: undefined, lastAt: undefined, planned: [], steps: new Map(), probes: new Map(), outages: [], question: undefined,
    broken: new Map(), intents: 0, openItems: [], warnings: [], finished: undefined, rollback: undefined,
  };
}

/**
 * The state after one more event. It takes over the maps of the state before and changes them, so that a run of ten thousand
 * steps folds in linear time: keep no earlier state.
 */
export function fold(state: RunState, event: Event): RunState {
  const next: RunState = { ...state, lastAt: event.at };
  switch (event.type) {
    case "run-started":
      return { ...next, started: event, startedAt: event.at };
    case "run-resumed":
      return { ...next, finished: undefined };
    case "plan-made":
      return { ...next, planned: event.nodes };
    case "step-started":
      put(state.steps, event.step, {
        path: event.step, parent: event.parent, kind: event.kind, phase: event.phase, title: event.title, target: event.target, status: "running", attempt: event.attempt,
        startedAt: state.steps.get(event.step)?.startedAt ?? event.at, finishedAt: undefined, because: undefined, code: undefined, outputs: undefined, action: undefined, limitMs: event.limitMs,
      });
      return next;
    case "looked":
      return next;
    case "decided":
      change(state, event.step, { because: event.because, status: "running" });
      return next;
    case "action-started":
      change(state, event.step, { action: event.action.title });
      return event.effect === "reads" ? next : { ...next, intents: state.intents + 1 };
    case "action-output":
      return next;
    case "action-finished":
      change(state, event.step, { action: undefined });
      return next;
    case "attempt-failed":
      change(state, event.step, { because: event.because, code: event.code });
      return next;
    case "step-finished":
      change(state, event.step, { status: event.status, finishedAt: event.at, because: event.because, code: event.code, outputs: event.outputs, action: undefined });
      return next;
    case "unwinding":
      return next;
    case "watch-started":
      put(state.probes, event.probe, { probe: event.probe, title: event.title, state: "unknown", since: event.at });
      return next;
    case "probe-changed": {
      const seen = state.probes.get(event.probe);
      put(state.probes, event.probe, { probe: event.probe, title: seen?.title ?? event.probe, state: event.state, since: event.since });
      return event.outage === undefined ? next : { ...next, outages: [...state.outages, event.outage] };
    }
    case "watch-stopped":
      return next;
    case "invariant-broken":
      put(state.broken, event.invariant, event.because);
      return next;
    case "invariant-restored":
      (state.broken as Map<string, string>).delete(event.invariant);
      return next;
    case "question-asked":
      change(state, event.step, { status: "waiting", because: event.question });
      return { ...next, question: event };
    case "question-answered":
    case "question-expired":
      change(state, event.step, { status: "running" });
      return { ...next, question: undefined };
    case "warning":
      return { ...next, warnings: [...state.warnings, event.message] };
    case "run-finished":
      return { ...next, finished: event, outages: event.outages, openItems: event.openItems };
    case "rollback-started":
      return { ...next, rollback: { by: event.by, state: "begun" } };
    case "rolled-back":
      return { ...next, rollback: { by: event.by, state: "done" } };
    default:
      return assertNever(event);
  }
}

function put<T>(map: ReadonlyMap<string, T>, key: string, value: T): void {
  (map as Map<string, T>).set(key, value);
}

function change(state: RunState, path: string, part: Partial<StepState>): void {
  const step = state.steps.get(path);
  if (step !== undefined) put(state.steps, path, { ...step, ...part });
}

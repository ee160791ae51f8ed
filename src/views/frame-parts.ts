import type { StepStatus } from "../core/step-event.ts";
import type { Phase } from "../core/plan.ts";
import type { StepView, ViewState } from "./view-state.ts";

/** A row of the live list: a step at the top, or all preconditions (postconditions) together. */
export interface Part {
  readonly title: string;
  readonly status: StepStatus;
  /** Of the whole part, in milliseconds; undefined before it began. */
  readonly spentMs: number | undefined;
  /** For a group: how many of how many have ended. */
  readonly progress: string;
  /** A failure that the run went on over: it became an open item, or was passed over. */
  readonly isPassedOver: boolean;
  readonly paths: readonly string[];
}

/** The parts of a run at a moment, from top to bottom: the goal while it is asked, preconditions as one, every step at the top, postconditions as one. */
export function partsOf(state: ViewState, nowMs: number): readonly Part[] {
  return [
    ...groupPart(state, nowMs, "goal", "Is there anything to do?"),
    ...groupPart(state, nowMs, "precondition", "Preconditions"),
    ...topPaths(state, ["step", "rescue", "always", "rollback"]).map((path) => stepPart(state, nowMs, path)),
    ...groupPart(state, nowMs, "postcondition", "Postconditions"),
  ];
}

function topPaths(state: ViewState, phases: readonly Phase[]): readonly string[] {
  const planned = [...state.planned.values()].filter((part) => phases.includes(part.phase)).map((part) => part.path);
  return [...planned, ...state.roots.filter((path) => !state.planned.has(path) && phases.includes(state.steps.get(path)?.phase ?? "step"))];
}

function groupPart(state: ViewState, nowMs: number, phase: Phase, title: string): readonly Part[] {
  const paths = topPaths(state, [phase]);
  if (paths.length === 0) return [];
  const entered = paths.flatMap((path) => state.steps.get(path) ?? []);
  const ended = entered.filter((step) => step.finished !== undefined);
  if (phase === "goal" && (entered.length === 0 || ended.length === entered.length)) return [];
  const first = entered[0];
  const last = ended.at(-1);
  return [{
    title,
    paths,
    progress: `${ended.length} of ${paths.length}`,
    isPassedOver: entered.every((step) => (step.status !== "failed" && step.status !== "unknown") || step.finished?.passedOver !== undefined),
    status: groupStatus(paths.length, entered),
    spentMs: first === undefined ? undefined : ((ended.length === paths.length ? last?.finished?.atMs : undefined) ?? nowMs) - first.startedMs,
  }];
}

function groupStatus(count: number, entered: readonly StepView[]): StepStatus {
  if (entered.length === 0) return "pending";
  const bad = entered.find((step) => step.status === "failed" || step.status === "unknown");
  if (bad !== undefined) return bad.status;
  if (entered.length < count || entered.some((step) => step.finished === undefined)) return "running";
  return entered.every((step) => step.status === "skipped") ? "skipped" : "ok";
}

function stepPart(state: ViewState, nowMs: number, path: string): Part {
  const step = state.steps.get(path);
  if (step === undefined) return { title: state.planned.get(path)?.title ?? path, status: "pending", spentMs: undefined, progress: "", isPassedOver: false, paths: [path] };
  const spentMs = step.status === "skipped" ? undefined : (step.finished?.atMs ?? nowMs) - step.startedMs;
  return { title: step.title, status: step.status, spentMs, progress: loopProgress(state, step), isPassedOver: step.finished?.passedOver !== undefined, paths: [path] };
}

function loopProgress(state: ViewState, step: StepView): string {
  if (step.itemCount === undefined) return "";
  // One that was interrupted, or of which nobody knows how it ended, is still to go on.
  const ended = step.children.flatMap((path) => state.steps.get(path)?.finished ?? []).filter(({ status }) => status !== "interrupted" && status !== "unknown");
  return `${ended.length} of ${step.itemCount}`;
}

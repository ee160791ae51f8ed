import { assertNever } from "../core/assert-never.ts";
import type { Event, ProbeChanged } from "../core/event.ts";
import type { ActionOutput, StepStarted } from "../core/step-event.ts";
import { timeMs } from "../core/time.ts";
import { oneLine, safeLines } from "./terminal-text.ts";

import { plannedParts, type ActionView, type StepView, type ViewState } from "./view-state.ts";

/** Takes one event into what is to be seen. Events come in the order of their `seq`; one of a step that never began changes nothing. */
export function foldView(state: ViewState, event: Event): void {
  const atMs = timeMs(event.at);
  state.nowMs = Math.max(state.nowMs, atMs);
  state.waited.see(event);
  const step = "step" in event && event.step !== undefined ? state.steps.get(event.step) : undefined;
  switch (event.type) {
    case "run-started":
      state.run = { ...event, atMs };
      state.sessions = 1;
      return;
    case "run-resumed":
      passOver(state, atMs - timeMs(event.lastAt));
      state.finished = undefined;
      state.question = undefined;
      state.unwinding.clear();
      return;
    case "plan-made":
      for (const part of plannedParts(event)) state.planned.set(part.path, part);
      return;
    case "step-started":
      begin(state, event, atMs);
      return;
    case "looked":
      return;
    case "decided":
      if (step === undefined) return;
      step.because = event.because;
      step.action = undefined;
      step.waitingSinceMs = event.decision === "wait" ? (step.waitingSinceMs ?? atMs) : undefined;
      step.status = event.decision === "wait" || event.decision === "ask" ? "waiting" : "running";
      return;
    case "action-started":
      if (event.effect === "reads") return;
      state.changes.add(event.number);
      if (step === undefined) return;
      step.action = { number: event.number, what: event.action, startedMs: atMs, lastLine: "", unended: "", isFirst: !step.hasActed };
      step.hasActed = true;
      return;
    case "action-output":
      if (step?.action?.number === event.number) takeOutput(step.action, event);
      return;
    case "action-finished":
      if (event.outcome === "not-begun" && step?.action?.number === event.number && step.action.isFirst) step.hasActed = false;
      if (step?.action?.number === event.number) step.action = undefined;
      return;
    case "attempt-failed":
      if (step === undefined) return;
      step.because = `attempt ${event.attempt} failed (${event.code}): ${event.because}`;
      step.waitingSinceMs = atMs;
      step.status = "waiting";
      return;
    case "step-finished":
      state.unwinding.delete(event.step);
      if (step === undefined) return;
      step.status = event.status;
      step.because = event.because ?? step.because;
      step.action = undefined;
      step.waitingSinceMs = undefined;
      step.finished = { ...event, atMs };
      state.underWay.delete(step.path);
      return;
    case "unwinding":
      state.unwinding.delete(event.step);
      state.unwinding.set(event.step, `${event.part} of ${event.step}: ${event.cause}`);
      return;
    case "watch-started":
      state.probes.set(event.probe, { name: event.probe, title: event.title, budgetMs: event.budgetMs, state: undefined, sinceMs: atMs, outages: [] });
      return;
    case "probe-changed":
      probe(state, event);
      return;
    case "watch-stopped":
      return;
    case "invariant-broken":
      state.broken.set(event.invariant, event);
      return;
    case "invariant-restored":
      state.broken.delete(event.invariant);
      return;
    case "question-asked":
      state.question = event;
      if (step !== undefined) step.status = "waiting";
      return;
    case "question-answered":
      state.question = undefined;
      state.answers.push({ step: event.step, answer: event.answer, by: event.by });
      if (step !== undefined) step.status = "running";
      return;
    case "question-expired":
      state.question = undefined;
      if (step !== undefined) step.status = "running";
      return;
    case "warning":
      return;
    case "run-finished":
      state.finished = { ...event, atMs };
      return;
    case "rollback-started":
    case "rolled-back":
      return;
    default:
      assertNever(event);
  }
}

function begin(state: ViewState, event: StepStarted, atMs: number): void {
  const before = state.steps.get(event.step);
  if (before === undefined) {
    if (event.parent === undefined) state.roots.push(event.step);
    else state.steps.get(event.parent)?.children.push(event.step);
  }
  const step: StepView = {
    path: event.step, parent: event.parent, kind: event.kind, phase: event.phase, title: oneLine(event.title), why: oneLine(event.why ?? ""), uses: event.uses,
    target: event.target, effect: event.effect, startedMs: before?.startedMs ?? atMs, limitMs: event.limitMs,
    children: before?.children ?? [], itemCount: event.items?.length, status: "running", because: "", waitingSinceMs: undefined,
    action: undefined, hasActed: before?.hasActed ?? false, finished: undefined,
  };
  state.steps.set(event.step, step);
  if (event.parent !== undefined) state.underWay.delete(event.parent);
  if (event.kind === "leaf" || event.kind === "instance") state.underWay.add(event.step);
}

/** What passed between two sessions is no part of how long anything took. */
function passOver(state: ViewState, ms: number): void {
  state.sessions += 1;
  if (state.run !== undefined) state.run = { ...state.run, atMs: state.run.atMs + ms };
  for (const step of state.steps.values()) {
    step.startedMs += ms;
    if (step.finished !== undefined) step.finished = { ...step.finished, atMs: step.finished.atMs + ms };
  }
}

/** A line that comes in pieces, as where a secret in it is masked, is shown from its beginning. */
function takeOutput(action: ActionView, { text }: ActionOutput): void {
  const lines = `${action.unended}${text}`;
  action.lastLine = safeLines(lines).findLast((line) => line.trim() !== "") ?? action.lastLine;
  action.unended = /[^\r\n]*$/u.exec(lines)?.[0] ?? "";
}

function probe(state: ViewState, event: ProbeChanged): void {
  const seen = state.probes.get(event.probe);
  if (seen === undefined) return;
  seen.state = event.state;
  seen.sinceMs = timeMs(event.since);
  if (event.outage !== undefined) seen.outages.push(event.outage);
}

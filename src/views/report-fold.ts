import type { Event, EventBody, RunResumed, RunStarted } from "../core/event.ts";
import { takeStepEvent } from "./report-fold-step.ts";
import type { ReportState } from "./report-state.ts";

type Type = EventBody["type"];
type Stamped<T extends Type> = Event & Extract<EventBody, { readonly type: T }>;
type Takers = { readonly [T in Type]?: (state: ReportState, event: Stamped<T>) => void };

/** What each type of event adds to the report of the run as a whole. A type that is not named adds nothing there, so that a journal of a newer version can be read. */
const TAKERS: Takers = {
  "run-started": (state, event) => {
    state.started = event;
    beginSession(state, event);
  },
  "run-resumed": (state, event) => {
    cutOff(state, event);
    beginSession(state, event);
  },
  "plan-made": (state, event) => {
    state.plan = event;
    const session = state.sessions.at(-1);
    if (session !== undefined) session.planDigest = event.digest;
  },
  "watch-started": (state, { at, probe, title, everyMs, budgetMs }) => {
    const seen = state.probes.get(probe);
    if (seen === undefined) state.probes.set(probe, { probe, title, everyMs, ...(budgetMs === undefined ? {} : { budgetMs }), samples: 0, downMs: 0, states: [], watched: [{ from: at }] });
    else seen.watched.push({ from: at });
  },
  "probe-changed": (state, { probe, state: now, since, because }) => {
    state.probes.get(probe)?.states.push({ state: now, since, because });
  },
  "watch-stopped": (state, { at, probe, samples, downMs }) => {
    const seen = state.probes.get(probe);
    if (seen === undefined) return;
    seen.samples += samples;
    seen.downMs = downMs;
    const span = seen.watched.at(-1);
    if (span !== undefined) span.to = at;
  },
  "invariant-broken": (state, { seq, at, invariant, because }) => {
    state.invariants.push({ record: seq, invariant, at, because });
  },
  "invariant-restored": (state, { at, invariant }) => {
    const broken = state.invariants.findLast((one) => one.invariant === invariant && one.restoredAt === undefined);
    if (broken !== undefined) broken.restoredAt = at;
  },
  warning: (state, { seq, at, code, message, step }) => {
    state.warnings.push({ record: seq, at, code, message, ...(step === undefined ? {} : { step }) });
  },
  "rollback-started": (state, { seq, at, by }) => {
    state.undoings.push({ record: seq, at, by, state: "begun" });
  },
  "rolled-back": (state, { seq, at, by }) => {
    state.undoings.push({ record: seq, at, by, state: "done" });
  },
  "run-finished": (state, event) => {
    state.finished = event;
    endSession(state, event, event.result, event.because);
  },
};

/** Takes one event into the report. Events come in the order of their `seq`; one of a step that never began changes nothing. */
export function foldReport(state: ReportState, event: Event): void {
  (TAKERS[event.type] as ((state: ReportState, event: Event) => void) | undefined)?.(state, event);
  takeStepEvent(state, event);
  state.outages.take(event);
  state.waited.see(event);
  state.lastAt = event.at;
  state.lastRecord = event.seq;
}

function beginSession(state: ReportState, event: Event & (RunStarted | RunResumed)): void {
  state.finished = undefined;
  const resumed = event.type === "run-resumed" ? event : undefined;
  state.sessions.push({
    kind: resumed === undefined ? "began" : resumed.to === "abandon" ? "abandoned" : "resumed",
    record: event.seq, at: event.at, operator: event.operator, account: event.account, host: event.host, tool: event.tool, digest: event.digest, planDigest: "",
    givenBack: resumed?.givenBack ?? 0, again: [...(resumed?.again ?? [])], unwatched: [...(resumed?.unwatched ?? [])],
    changes: (resumed?.changes ?? []).map(({ what, answer }) => ({ what, answer })), endedAt: event.at, lastRecord: event.seq, ended: "running", because: "", underWay: [],
  });
}

/** What was open when the session before ended will not end any more: its spans are cut where its last record was written. */
function cutOff(state: ReportState, { seq, lastAt }: Stamped<"run-resumed">): void {
  if (state.sessions.at(-1)?.ended === "running") endSession(state, { at: lastAt, seq: seq - 1 }, "interrupted", "");
  for (const step of state.steps.values()) {
    const span = step.spans.at(-1);
    if (span !== undefined) span.to ??= lastAt;
  }
  for (const { watched } of state.probes.values()) {
    const span = watched.at(-1);
    if (span !== undefined) span.to ??= lastAt;
  }
  state.underWay.clear();
}

function endSession(state: ReportState, { at, seq }: Pick<Event, "at" | "seq">, ended: ReportState["sessions"][number]["ended"], because: string): void {
  const session = state.sessions.at(-1);
  if (session === undefined) return;
  session.endedAt = at;
  session.lastRecord = seq;
  session.ended = ended;
  session.because = because;
  session.underWay = [...state.underWay];
}

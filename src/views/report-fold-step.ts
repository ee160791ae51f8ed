import type { Event } from "../core/event.ts";
import type { ActionFinished, ActionStarted, StepFinished, StepStarted } from "../core/step-event.ts";
import { commandLine } from "./command-line.ts";
import type { ReportState } from "./report-state.ts";

type At = Pick<Event, "at" | "seq">;

/** Takes what an event tells of a step, its actions and its questions. Other events change nothing. */
export function takeStepEvent(state: ReportState, event: Event): void {
  switch (event.type) {
    case "step-started":
      return begin(state, event);
    case "decided": {
      const step = state.steps.get(event.step);
      if (step !== undefined) step.because = event.because;
      return;
    }
    case "action-started":
      return event.effect === "reads" ? look(state, event) : act(state, event);
    case "action-output":
      state.actions.get(event.number)?.output.push({ stream: event.stream, text: event.text, droppedBytes: event.droppedBytes });
      return;
    case "action-finished":
      return actEnded(state, event);
    case "attempt-failed":
      state.retries.push({ record: event.seq, step: event.step, at: event.at, attempt: event.attempt, code: event.code, because: event.because, delayMs: event.delayMs });
      return;
    case "step-finished":
      return end(state, event);
    case "unwinding":
      state.unwindings.push({ record: event.seq, step: event.step, at: event.at, part: event.part, cause: event.cause });
      return;
    case "question-asked": {
      // After a resume it may be asked again: it is the same question.
      if (state.questions.some((one) => one.step === event.step && one.digest === event.digest && one.answer === undefined && one.expiredAt === undefined)) return;
      state.questions.push({ record: event.seq, step: event.step, kind: event.kind, question: event.question, show: [...event.show], digest: event.digest, askedAt: event.at });
      return;
    }
    case "question-answered": {
      const { seq, at, answer, by, account, host, reason } = event;
      const asked = state.questions.findLast((one) => one.step === event.step && one.digest === event.digest);
      if (asked !== undefined) asked.answer = { record: seq, at, answer, by, account, host, ...(reason === undefined ? {} : { reason }) };
      return;
    }
    case "question-expired": {
      const asked = state.questions.findLast((one) => one.step === event.step && one.digest === event.digest);
      if (asked !== undefined) asked.expiredAt = event.at;
      return;
    }
    default:
      return;
  }
}

function begin(state: ReportState, event: At & StepStarted): void {
  const before = state.steps.get(event.step);
  const { step: path, parent, kind, phase, title, why, uses, target, effect, irreversible } = event;
  state.steps.set(path, {
    path, ...(parent === undefined ? {} : { parent }), kind, phase, title, ...(why === undefined ? {} : { why }), ...(uses === undefined ? {} : { uses }),
    ...(target === undefined ? {} : { target }), effect, ...(irreversible === undefined ? {} : { irreversible }),
    status: "running", attempts: event.attempt, outputs: {}, spans: [...(before?.spans ?? []), { from: event.at }], looks: before?.looks ?? [],
  });
  if (kind === "leaf") state.underWay.add(path);
}

function end(state: ReportState, event: At & StepFinished): void {
  const step = state.steps.get(event.step);
  if (step === undefined) return;
  state.underWay.delete(event.step);
  step.status = event.status;
  step.attempts = event.attempts;
  if (event.target !== undefined) step.target = event.target;
  if (event.code !== undefined) step.code = event.code;
  if (event.because !== undefined) step.because = event.because;
  if (event.condition !== undefined) step.condition = event.condition;
  if (event.passedOver !== undefined) step.passedOver = event.passedOver;
  step.outputs = event.outputs ?? {};
  const span = step.spans.at(-1);
  if (span !== undefined) span.to = event.at;
}

function look(state: ReportState, { step: path, action }: ActionStarted): void {
  const step = state.steps.get(path);
  if (step === undefined) return;
  const command = commandLine(action.what);
  if (!step.looks.some((one) => one.command === command && one.target === action.target)) step.looks.push({ target: action.target, command });
}

function act(state: ReportState, { seq, at, number, step, action, effect }: At & ActionStarted): void {
  state.actions.set(number, {
    record: seq, number, at, step, title: action.title, target: action.target, effect, what: action.what, command: commandLine(action.what), ...(action.job === undefined ? {} : { job: action.job }),
    outcome: "in doubt", output: [],
  });
}

function actEnded(state: ReportState, event: ActionFinished): void {
  const action = state.actions.get(event.number);
  if (action === undefined) return;
  if (event.outcome === "not-begun") return void state.actions.delete(event.number);
  action.outcome = event.outcome;
  action.ms = event.ms;
  if (event.exitCode !== undefined) action.exitCode = event.exitCode;
  if (event.code !== undefined) action.code = event.code;
  if (event.because !== undefined) action.because = event.because;
  // Every answer is an object of JSON values.
  if (event.result !== undefined) action.result = event.result as unknown as NonNullable<typeof action.result>;
}

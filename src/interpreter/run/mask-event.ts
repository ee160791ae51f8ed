import type { Question } from "../../core/builtin.ts";
import type { EventBody, HaltCause, QuestionAnswered } from "../../core/event.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import type { PlanNode } from "../../core/plan.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { ActionFinished, StepFinished } from "../../core/step-event.ts";

type Type = EventBody["type"];
type Body<T extends Type> = Extract<EventBody, { readonly type: T }>;

/** The parts of an event that can hold what came from outside. Paths, kinds and statuses are not among them: they come from the file, and what reads events goes by them. */
type Maskers = { readonly [T in Type]: (event: Body<T>, secrets: Secrets) => Body<T> };

/** Masks some parts of an event; those that are absent stay so. What is no text is a record whose own names are ours: of outputs, facts, a result. */
function texts<E extends object, K extends keyof E>(event: E, secrets: Secrets, ...keys: readonly K[]): E {
  const masked: Partial<Record<K, unknown>> = {};
  for (const key of keys) {
    const part = event[key];
    if (part !== undefined) masked[key] = isJsonObject(part) ? secrets.maskFields(part) : secrets.maskValue(part as Json);
  }
  return { ...event, ...masked };
}

function node(planned: PlanNode, secrets: Secrets): PlanNode {
  return {
    ...texts(planned, secrets, "title", "why", "irreversible"),
    actions: planned.actions.map((action) => ({ ...action, template: secrets.maskAction(action.template) })),
    children: planned.children.map((child) => node(child, secrets)),
  };
}

function halted(cause: HaltCause | undefined, secrets: Secrets): { readonly halt?: HaltCause } {
  return cause === undefined ? {} : { halt: texts(cause, secrets, "because") };
}

function answered(event: QuestionAnswered, secrets: Secrets): QuestionAnswered {
  const masked = texts(event, secrets, "answer", "by", "reason");
  return masked.answer === event.answer ? masked : { ...masked, masked: true };
}

function actionFinished(event: ActionFinished, secrets: Secrets): ActionFinished {
  const masked = texts(event, secrets, "because", "result");
  return masked.result === event.result ? masked : { ...masked, masked: true };
}

function stepFinished(event: StepFinished, secrets: Secrets): StepFinished {
  const told = texts(event, secrets, "because", "condition", "outputs");
  const { outputs = {} } = event;
  const masked = Object.keys(outputs).filter((name) => told.outputs?.[name] !== outputs[name]);
  return masked.length === 0 ? told : { ...told, masked };
}

/** A question as it may be shown. Names of choices stay, because they are what is answered; a preset that holds a secret is left out, or Enter would answer `***`. */
export function maskQuestion(question: Question, secrets: Secrets): Question {
  const { choices, value } = question;
  const preset = value?.default;
  const asked = value === undefined || preset === undefined || secrets.mask(preset) === preset ? value : { type: value.type, ...(value.enum === undefined ? {} : { enum: value.enum }), ...(value.pattern === undefined ? {} : { pattern: value.pattern }) };
  return {
    ...question, text: secrets.mask(question.text), show: question.show.map((line) => secrets.mask(line)),
    ...(choices === undefined ? {} : { choices: Object.fromEntries(Object.entries(choices).map(([name, meaning]) => [name, secrets.mask(meaning)])) }),
    ...(asked === undefined ? {} : { value: { ...asked, ...(asked.enum === undefined ? {} : { enum: asked.enum.map((item) => secrets.mask(item)) }) } }),
  };
}

const MASKERS: Maskers = {
  "run-started": (event, secrets) => ({ ...texts(event, secrets, "title"), inputs: event.inputs.map((input) => texts(input, secrets, "value")) }),
  "run-resumed": (event) => event,
  "plan-made": (event, secrets) => ({ ...event, nodes: event.nodes.map((planned) => node(planned, secrets)) }),
  "step-started": (event, secrets) => texts(event, secrets, "title", "why", "irreversible"),
  looked: (event, secrets) => texts(event, secrets, "facts"),
  decided: (event, secrets) => texts(event, secrets, "because"),
  "action-started": (event, secrets) => ({ ...event, action: { ...texts(event.action, secrets, "fill"), what: secrets.maskAction(event.action.what) } }),
  "action-output": (event, secrets) => texts(event, secrets, "text"),
  "action-finished": actionFinished as Maskers["action-finished"],
  "attempt-failed": (event, secrets) => texts(event, secrets, "because"),
  "step-finished": stepFinished as Maskers["step-finished"],
  unwinding: (event, secrets) => ({ ...texts(event, secrets, "cause"), main: texts(event.main, secrets, "because"), ...halted(event.halt, secrets) }),
  "watch-started": (event, secrets) => texts(event, secrets, "title"),
  "probe-changed": (event, secrets) => texts(event, secrets, "because"),
  "watch-stopped": (event) => event,
  "invariant-broken": (event, secrets) => texts(event, secrets, "because"),
  "invariant-restored": (event, secrets) => texts(event, secrets, "because"),
  // Masked before it is asked, since whoever asks it shows it too.
  "question-asked": (event) => event,
  "question-answered": answered as Maskers["question-answered"],
  warning: (event, secrets) => texts(event, secrets, "message"),
  "run-finished": (event, secrets) => ({ ...texts(event, secrets, "because", "outputs"), openItems: event.openItems.map((item) => texts(item, secrets, "because")) }),
};

/** An event as it is told: with `***` for every secret of the run in it. Whatever reads events, screen, journal, JSON and report, reads this one. */
export function maskEvent(event: EventBody, secrets: Secrets): EventBody {
  // The table has a masker of its own type for each type of event.
  const masker = MASKERS[event.type] as (event: EventBody, secrets: Secrets) => EventBody;
  return masker(event, secrets);
}

import type { Question } from "../../core/builtin.ts";
import type { EventBody, HaltCause } from "../../core/event.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import type { PlanNode } from "../../core/plan.ts";
import type { Secrets } from "../../core/secrets.ts";

type Type = EventBody["type"];
type Body<T extends Type> = Omit<Extract<EventBody, { readonly type: T }>, "type">;

/**
 * What becomes of a field. `kept`: a path, a kind, a status, a number, a name of the file or of the account; what reads events goes by
 * these, and the run lets no secret into them. `masked`: what may have come from outside, at any depth; of a record the names are ours.
 */
type Field<V> = "kept" | "masked" | ((value: V, secrets: Secrets) => V);

/** Every field of every event, so that the compiler asks of a new one what it may hold. */
type Fields = { readonly [T in Type]: { readonly [K in keyof Body<T>]-?: Field<NonNullable<Body<T>[K]>> } };

function maskPart(part: unknown, secrets: Secrets): unknown {
  // What an event holds is JSON.
  return isJsonObject(part) ? secrets.maskFields(part) : secrets.maskValue(part as Json);
}

/** A record with some of its parts masked; those that are absent stay so. */
function masking<E extends object>(record: E, secrets: Secrets, ...keys: readonly (keyof E)[]): E {
  const masked: Partial<Record<keyof E, unknown>> = {};
  for (const key of keys) if (record[key] !== undefined) masked[key] = maskPart(record[key], secrets);
  return { ...record, ...masked };
}

function maskNode(planned: PlanNode, secrets: Secrets): PlanNode {
  return {
    ...masking(planned, secrets, "title", "why", "irreversible"),
    actions: planned.actions.map((action) => ({ ...action, template: secrets.maskAction(action.template) })),
    children: planned.children.map((child) => maskNode(child, secrets)),
    ...(planned.rollback === undefined ? {} : { rollback: planned.rollback.map((step) => maskNode(step, secrets)) }),
  };
}

const maskHalt = (cause: HaltCause, secrets: Secrets): HaltCause => masking(cause, secrets, "because");

const WHO = { operator: "kept", account: "kept", host: "kept", tool: "kept" } as const;

const FIELDS: Fields = {
  "run-started": {
    runbook: "kept", title: "masked", file: "kept", digest: "kept", system: "kept", simulated: "kept", owner: "kept", reviewed: "kept", references: "kept", ...WHO, undoes: "kept", left: "kept",
    inputs: (inputs, secrets) => inputs.map((input) => masking(input, secrets, "value")),
  },
  "run-resumed": { to: "kept", after: "kept", lastAt: "kept", digest: "kept", givenBack: "kept", again: "kept", unwatched: "kept", changes: "kept", ...WHO, left: "kept" },
  "rollback-started": { by: "kept" },
  "rolled-back": { by: "kept" },
  "plan-made": { digest: "kept", nodes: (nodes, secrets) => nodes.map((planned) => maskNode(planned, secrets)) },
  "step-started": {
    step: "kept", parent: "kept", kind: "kept", phase: "kept", attempt: "kept", title: "masked", why: "masked", uses: "kept", target: "kept", effect: "kept", items: "kept", irreversible: "masked", limitMs: "kept",
  },
  looked: { step: "kept", turn: "kept", facts: "masked" },
  decided: { step: "kept", turn: "kept", decision: "kept", code: "kept", because: "masked" },
  "action-started": { step: "kept", turn: "kept", number: "kept", effect: "kept", action: (action, secrets) => ({ ...masking(action, secrets, "fill"), what: secrets.maskAction(action.what) }) },
  "action-output": { step: "kept", number: "kept", stream: "kept", text: "masked", droppedBytes: "kept" },
  "action-finished": { step: "kept", turn: "kept", number: "kept", outcome: "kept", result: "masked", masked: "kept", exitCode: "kept", code: "kept", because: "masked", ms: "kept" },
  "attempt-failed": { step: "kept", attempt: "kept", code: "kept", because: "masked", delayMs: "kept" },
  "step-finished": {
    step: "kept", status: "kept", code: "kept", because: "masked", condition: "masked", outputs: "masked", masked: "kept", attempts: "kept", target: "kept", ms: "kept", passedOver: "kept",
  },
  unwinding: { step: "kept", part: "kept", cause: "masked", main: (main, secrets) => masking(main, secrets, "because"), halt: maskHalt },
  "watch-started": { probe: "kept", title: "masked", everyMs: "kept", budgetMs: "kept" },
  "probe-changed": { probe: "kept", state: "kept", since: "kept", last: "kept", because: "masked", step: "kept", outage: "kept" },
  "watch-stopped": { probe: "kept", samples: "kept", downMs: "kept" },
  "invariant-broken": { invariant: "kept", because: "masked" },
  "invariant-restored": { invariant: "kept", because: "masked" },
  // A question is masked before it is asked, since whoever asks it shows it too.
  "question-asked": { step: "kept", kind: "kept", question: "kept", show: "kept", choices: "kept", value: "kept", digest: "kept", terms: "kept", reasonFor: "kept", expires: "kept", about: "kept" },
  "question-expired": { step: "kept", digest: "kept" },
  "question-answered": { step: "kept", digest: "kept", answer: "masked", by: "masked", account: "kept", host: "kept", reason: "masked", masked: "kept", left: "kept" },
  warning: { code: "kept", message: "masked", step: "kept" },
  "run-finished": {
    result: "kept", exitCode: "kept", because: "masked", outages: "kept", outputs: "masked", passedOver: "kept", owed: "kept", next: "kept",
    openItems: (items, secrets) => items.map((item) => masking(item, secrets, "because")),
  },
};

/** An event that says of itself what was masked in it and is needed again. */
function withNotes(told: EventBody, raw: EventBody): EventBody {
  if (told.type === "action-finished" && raw.type === told.type && told.result !== raw.result) return { ...told, masked: true };
  if (told.type === "question-answered" && raw.type === told.type && told.answer !== raw.answer) return { ...told, masked: true };
  if (told.type !== "step-finished" || raw.type !== told.type || told.outputs === raw.outputs) return told;
  return { ...told, masked: Object.keys(raw.outputs ?? {}).filter((name) => told.outputs?.[name] !== raw.outputs?.[name]) };
}

/** An event as it is told: with `***` for every secret of the run in it. Whatever reads events, screen, journal, JSON and report, reads this one. */
export function maskEvent(event: EventBody, secrets: Secrets): EventBody {
  const masked: Record<string, unknown> = { ...event };
  // Each type has the fields that its event has.
  const fields = Object.entries(FIELDS[event.type] as Readonly<Record<string, Field<unknown>>>);
  for (const [name, how] of fields) {
    const value = masked[name];
    if (how === "kept" || value === undefined) continue;
    masked[name] = how === "masked" ? maskPart(value, secrets) : how(value, secrets);
  }
  return withNotes(masked as unknown as EventBody, event);
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

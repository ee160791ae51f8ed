import type { AskedTerms } from "../core/approval.ts";
import type { EventBody, OpenItem, Stamp } from "../core/event.ts";
import type { Outage } from "../core/outage.ts";
import type { Reference } from "../core/runbook.ts";
import { ANY, COUNT, DIGEST, FLAG, listOf, mapOf, objectOf, oneOfTexts, optional, ref, TEXT, TIME, type FieldsOf, type JsonSchema } from "./json-schema.ts";
import { PLAN_DEFINITIONS } from "./plan-schema.ts";

type Type = EventBody["type"];
type Body<T extends Type> = Omit<Extract<EventBody, { readonly type: T }>, "type">;

/** How a step stands. */
export const STATUS = oneOfTexts("pending", "running", "waiting", "ok", "unchanged", "skipped", "failed", "unknown", "interrupted", "rescued");
/** What a probe says. */
export const PROBE_STATE = oneOfTexts("up", "down", "unknown");
/** How a run ended. */
export const RESULT = oneOfTexts("succeeded", "nothing to do", "stopped", "waiting", "cancelled", "interrupted", "failed");
/** What is asked for. */
export const QUESTION_KIND = oneOfTexts("approve", "confirm", "ask", "do", "choose");

/** Where a procedure comes from. */
export const REFERENCE_SCHEMA: JsonSchema = objectOf<Reference>({ title: TEXT, published: optional(TEXT), note: optional(TEXT) });

const STAMP: Omit<FieldsOf<Stamp>, "v"> = { seq: { type: "integer", minimum: 1 }, at: TIME, run: TEXT };

const BODIES: { readonly [T in Type]: FieldsOf<Body<T>> } = {
  "run-started": {
    runbook: TEXT, title: TEXT, file: TEXT, digest: DIGEST, system: TEXT, simulated: FLAG, inputs: listOf(ref("input")),
    owner: optional(TEXT), reviewed: optional(TEXT), references: optional(listOf(REFERENCE_SCHEMA)), operator: TEXT, account: TEXT, host: TEXT, tool: TEXT,
    undoes: optional(TEXT), left: optional(listOf(TEXT)),
  },
  "run-resumed": {
    to: oneOfTexts("go-on", "abandon", "rollback"), after: RESULT, lastAt: TIME, digest: DIGEST, givenBack: COUNT, again: listOf(TEXT), unwatched: listOf(TEXT),
    changes: optional(listOf({ type: "object", required: ["step", "what", "answer"], properties: { step: TEXT, what: TEXT, answer: oneOfTexts("harmless", "as-done", "enter-again"), again: listOf(TEXT) } })), operator: TEXT, account: TEXT, host: TEXT, tool: TEXT,
    left: optional(listOf(TEXT)),
  },
  "rollback-started": { by: TEXT },
  "rolled-back": { by: TEXT },
  "plan-made": { digest: DIGEST, nodes: listOf(ref("planNode")) },
  "step-started": {
    step: TEXT, parent: optional(TEXT), kind: oneOfTexts("leaf", "block", "for-each", "call", "instance"), phase: ref("phase"), attempt: COUNT, title: TEXT, why: optional(TEXT),
    uses: optional(TEXT), target: optional(TEXT), effect: ref("effect"), items: optional(listOf(TEXT)), irreversible: optional(TEXT), limitMs: optional(COUNT),
  },
  looked: { step: TEXT, turn: COUNT, facts: mapOf(ANY) },
  decided: { step: TEXT, turn: COUNT, decision: oneOfTexts("done", "act", "wait", "refuse", "fail", "ask"), code: optional(TEXT), because: TEXT },
  "action-started": {
    step: TEXT, turn: COUNT, number: COUNT, effect: ref("effect"),
    action: { type: "object", required: ["name", "title", "target", "what"], properties: { name: TEXT, title: TEXT, target: TEXT, what: ref("action"), job: TEXT } },
  },
  "action-output": { step: TEXT, number: COUNT, stream: oneOfTexts("stdout", "stderr"), text: TEXT, droppedBytes: COUNT },
  "action-finished": {
    step: TEXT, turn: COUNT, number: COUNT, outcome: oneOfTexts("ok", "failed", "lost", "timeout", "not-begun"), exitCode: optional({ type: "integer" }), code: optional(TEXT), because: optional(TEXT), ms: COUNT,
    result: optional(mapOf(ANY)), masked: optional(FLAG),
  },
  "attempt-failed": { step: TEXT, attempt: COUNT, code: TEXT, because: TEXT, delayMs: COUNT },
  "step-finished": {
    step: TEXT, status: STATUS, code: optional(TEXT), because: optional(TEXT), condition: optional(TEXT), outputs: optional(mapOf(ANY)), masked: optional(listOf(TEXT)), attempts: COUNT, target: optional(TEXT), ms: COUNT,
    passedOver: optional(oneOfTexts("continue", "note", "skip", "max-failures")),
  },
  unwinding: {
    step: TEXT, part: oneOfTexts("rescue", "always"), cause: TEXT,
    main: { type: "object", required: ["kind", "changed"], properties: { kind: oneOfTexts("went-on", "failed", "interrupted"), step: TEXT, code: TEXT, because: TEXT, changed: FLAG } },
    halt: optional({ type: "object", required: ["kind", "because"], properties: { kind: oneOfTexts("cancelled", "rollback", "invariant", "not-permitted", "not-recorded"), because: TEXT, invariant: TEXT } }),
  },
  "watch-started": { probe: TEXT, title: TEXT, everyMs: COUNT, budgetMs: optional(COUNT) },
  "probe-changed": {
    probe: TEXT, state: PROBE_STATE, since: TIME, last: optional({ type: "object", required: ["state", "since"], properties: { state: PROBE_STATE, since: TIME } }), because: TEXT,
    step: optional(TEXT), outage: optional(ref("outage")),
  },
  "watch-stopped": { probe: TEXT, samples: COUNT, downMs: COUNT },
  "invariant-broken": { invariant: TEXT, because: TEXT },
  "invariant-restored": { invariant: TEXT, because: TEXT },
  "question-asked": {
    step: TEXT, kind: QUESTION_KIND, question: TEXT, show: listOf(TEXT), choices: optional(mapOf(TEXT)), value: optional(mapOf(ANY)), digest: TEXT, about: optional(oneOfTexts("failure")),
    terms: optional(objectOf<AskedTerms>({ approvers: optional(listOf(TEXT)), count: COUNT, approved: listOf(TEXT), operator: optional(TEXT) })), reasonFor: optional(listOf(TEXT)), expires: optional(TIME),
  },
  "question-expired": { step: TEXT, digest: TEXT },
  "question-answered": { step: TEXT, digest: TEXT, answer: TEXT, by: TEXT, account: TEXT, host: TEXT, reason: optional(TEXT), masked: optional(FLAG), left: optional(TEXT) },
  warning: { code: TEXT, message: TEXT, step: optional(TEXT) },
  "run-finished": {
    result: RESULT, exitCode: COUNT, because: TEXT, outages: listOf(ref("outage")), outputs: mapOf(ANY),
    openItems: listOf(ref("openItem")), passedOver: listOf(TEXT), owed: listOf(TEXT),
    next: listOf({ type: "object", required: ["command", "does"], properties: { command: TEXT, does: TEXT } }),
  },
};

/** Definitions that events and reports share: `outage`, `openItem`. */
export const EVENT_DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  outage: objectOf<Outage>({ probe: TEXT, step: optional(TEXT), ms: COUNT, upperMs: COUNT, since: TIME, open: FLAG, cut: optional(FLAG) }),
  openItem: objectOf<OpenItem>({ step: TEXT, code: TEXT, because: TEXT }),
};

/** The JSON Schema of one event, a line of `run --json`. */
export function eventSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "runbook events",
    description: "One event a line. Old types and fields keep their meaning; new ones may come.",
    type: "object",
    required: ["v", ...Object.keys(STAMP), "type"],
    properties: { v: { const: 1 }, ...STAMP, type: { enum: Object.keys(BODIES) } },
    oneOf: Object.entries(BODIES).map(([type, fields]) => tagged(type, objectOf<unknown>(fields as FieldsOf<unknown>))),
    $defs: {
      ...PLAN_DEFINITIONS, ...EVENT_DEFINITIONS,
    },
  };
}

/** The fields of one type, with the tag that says it. */
function tagged(type: string, body: JsonSchema): JsonSchema {
  return { ...body, required: ["type", ...(body["required"] as readonly string[])], properties: { type: { const: type }, ...(body["properties"] as object) } };
}

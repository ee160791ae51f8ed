import { PROBE_STATE, QUESTION_KIND, REFERENCE_SCHEMA, RESULT, STATUS } from "./event-schema.ts";
import { ANY, COUNT, DIGEST, listOf, mapOf, objectOf, oneOfTexts, optional, ref, TEXT, TIME, FLAG, type JsonSchema } from "./json-schema.ts";
import { PLAN_DEFINITIONS } from "./plan-schema.ts";
import type {
  ReportDocument, ReportedAction, ReportedDifference, ReportedInvariant, ReportedJournal, ReportedProbe, ReportedQuestion, ReportedRetry, ReportedRunbook, ReportedSession, ReportedStep, ReportedUndoing, ReportedUnwinding,
  ReportedWarning, Span,
} from "./report-document.ts";
import { STANDINGS } from "./standing.ts";

/** A digest that may be unknown. */
const DIGEST_OR_NONE: JsonSchema = { type: "string", pattern: "^([0-9a-f]{64})?$" };
/** How a run stands. */
export const STANDING_SCHEMA: JsonSchema = oneOfTexts(...STANDINGS);
/** What a journal was when it was read. */
export const JOURNAL_SCHEMA: JsonSchema = objectOf<ReportedJournal>({ records: COUNT, chain: DIGEST_OR_NONE });

const SPAN = objectOf<Span>({ from: TIME, to: optional(TIME) });

/** Definitions that a report needs beside those of plans and events. */
export const REPORT_DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  ...PLAN_DEFINITIONS,
  span: SPAN,
  session: objectOf<ReportedSession>({
    record: COUNT, lastRecord: COUNT, kind: oneOfTexts("began", "resumed", "abandoned"), at: TIME, operator: TEXT, account: TEXT, host: TEXT, tool: TEXT, digest: DIGEST, planDigest: DIGEST_OR_NONE, givenBack: COUNT, again: listOf(TEXT),
    unwatched: listOf(TEXT), changes: listOf({ type: "object", required: ["what", "answer"], properties: { what: TEXT, answer: oneOfTexts("harmless", "as-done", "enter-again") } }), endedAt: TIME, ended: { anyOf: [RESULT, { const: "running" }] }, because: TEXT, underWay: listOf(TEXT),
  }),
  step: objectOf<ReportedStep>({
    path: TEXT, parent: optional(TEXT), kind: oneOfTexts("leaf", "block", "for-each", "call", "instance"), phase: ref("phase"), title: TEXT, why: optional(TEXT), uses: optional(TEXT), target: optional(TEXT),
    effect: ref("effect"), irreversible: optional(TEXT), status: STATUS, attempts: COUNT, code: optional(TEXT), because: optional(TEXT), condition: optional(TEXT),
    passedOver: optional(oneOfTexts("continue", "note", "skip", "max-failures")), outputs: mapOf(ANY), spans: listOf(ref("span")), looks: listOf({ type: "object", required: ["target", "command"], properties: { target: TEXT, command: TEXT } }),
  }),
  reportedAction: objectOf<ReportedAction>({
    record: COUNT, number: COUNT, at: TIME, step: TEXT, title: TEXT, target: TEXT, effect: ref("effect"), what: ref("action"), command: TEXT, job: optional(TEXT), outcome: oneOfTexts("ok", "failed", "lost", "timeout", "in doubt"),
    exitCode: optional({ type: "integer" }), code: optional(TEXT), because: optional(TEXT), ms: optional(COUNT), result: optional(mapOf(ANY)),
    output: listOf({ type: "object", required: ["stream", "text", "droppedBytes"], properties: { stream: oneOfTexts("stdout", "stderr"), text: TEXT, droppedBytes: COUNT } }),
  }),
  question: objectOf<ReportedQuestion>({
    record: COUNT, step: TEXT, kind: QUESTION_KIND, question: TEXT, show: listOf(TEXT), digest: TEXT, askedAt: TIME, expiredAt: optional(TIME),
    answer: optional({ type: "object", required: ["record", "at", "answer", "by", "account", "host"], properties: { record: COUNT, at: TIME, answer: TEXT, by: TEXT, account: TEXT, host: TEXT, reason: TEXT } }),
  }),
  probe: objectOf<ReportedProbe>({
    probe: TEXT, title: TEXT, everyMs: COUNT, budgetMs: optional(COUNT), samples: COUNT, downMs: COUNT,
    states: listOf({ type: "object", required: ["state", "since", "because"], properties: { state: PROBE_STATE, since: TIME, because: TEXT } }), watched: listOf(ref("span")),
  }),
};

/** What `report --format json` prints, without `$defs`. */
export function reportSchema(): JsonSchema {
  const runbook = objectOf<ReportedRunbook>({ name: TEXT, file: TEXT, digest: DIGEST_OR_NONE, owner: optional(TEXT), reviewed: optional(TEXT), references: listOf(REFERENCE_SCHEMA) });
  return objectOf<ReportDocument>({
    v: { const: 1 }, run: TEXT, title: TEXT, runbook, system: TEXT, simulated: FLAG, standing: STANDING_SCHEMA, because: TEXT, startedAt: TEXT, lastAt: TEXT, inputs: listOf(ref("input")), planDigest: DIGEST_OR_NONE,
    undoes: optional(TEXT), undoings: listOf(objectOf<ReportedUndoing>({ record: COUNT, at: TIME, by: TEXT, state: oneOfTexts("begun", "done") })), sessions: listOf(ref("session")), waitedMs: COUNT, steps: listOf(ref("step")), actions: listOf(ref("reportedAction")),
    differences: listOf(objectOf<ReportedDifference>({ uses: TEXT, target: TEXT, first: TEXT, last: TEXT, value: TEXT, before: optional(ANY), after: optional(ANY) })),
    questions: listOf(ref("question")), probes: listOf(ref("probe")), outages: listOf(ref("outage")),
    invariants: listOf(objectOf<ReportedInvariant>({ record: COUNT, invariant: TEXT, at: TIME, because: TEXT, restoredAt: optional(TIME) })),
    retries: listOf(objectOf<ReportedRetry>({ record: COUNT, step: TEXT, at: TIME, attempt: COUNT, code: TEXT, because: TEXT, delayMs: COUNT })),
    unwindings: listOf(objectOf<ReportedUnwinding>({ record: COUNT, step: TEXT, at: TIME, part: oneOfTexts("rescue", "always"), cause: TEXT })),
    warnings: listOf(objectOf<ReportedWarning>({ record: COUNT, at: TIME, code: TEXT, message: TEXT, step: optional(TEXT) })),
    openItems: listOf(ref("openItem")), passedOver: listOf(TEXT), owed: listOf(TEXT), outputs: mapOf(ANY), next: listOf({ type: "object", required: ["command", "does"], properties: { command: TEXT, does: TEXT } }),
    journal: JOURNAL_SCHEMA,
  });
}

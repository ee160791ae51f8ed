import { CHECKS, type Diagnosis, type Finding } from "../core/finding.ts";
import type { DiagnosticDocument, DoctorDocument, PlanDocument, RunsDocument, RunSummary, ShowDocument, ValidateDocument, VerifyDocument, WorldDocument, WorldsDocument } from "./documents.ts";
import { EVENT_DEFINITIONS, eventSchema } from "./event-schema.ts";
import { ANY, COUNT, DIGEST, FLAG, listOf, mapOf, objectOf, oneOfTexts, optional, TEXT, type JsonSchema } from "./json-schema.ts";
import { PLAN_DEFINITIONS, PLAN_SCHEMA } from "./plan-schema.ts";
import type { PreviewLine } from "./preview.ts";
import { JOURNAL_SCHEMA, REPORT_DEFINITIONS, reportSchema, STANDING_SCHEMA } from "./report-schema.ts";

const V1: JsonSchema = { const: 1 };

/** The JSON Schema of everything that runbook prints for other programs, by kind: `events` (one a line), and the documents of `--json`. */
export function documentSchemas(): Readonly<Record<string, JsonSchema>> {
  const place = optional({ type: "integer", minimum: 1 });
  const diagnostic = objectOf<DiagnosticDocument>({
    code: TEXT, severity: oneOfTexts("error", "warning"), message: TEXT, hint: optional(TEXT), file: optional(TEXT), line: place, column: place, endLine: place, endColumn: place,
  });
  const preview = objectOf<PreviewLine>({ step: TEXT, says: oneOfTexts("holds", "does not hold", "nothing to do", "would act", "would wait", "would ask", "skipped", "not run"), because: TEXT });
  const file = { type: "object", required: ["file", "legal"], properties: { file: TEXT, kind: TEXT, legal: FLAG } };
  const { $defs, $schema: _schema, title: _title, ...event } = eventSchema();
  const run = objectOf<RunSummary>({ run: TEXT, runbook: TEXT, system: TEXT, simulated: FLAG, begunAt: TEXT, startedAt: TEXT, lastAt: TEXT, operator: TEXT, standing: STANDING_SCHEMA, because: TEXT, undoes: optional(TEXT) });
  const verdict = oneOfTexts("ok", "warning", "failed");
  const finding = objectOf<Finding>({ check: oneOfTexts(...CHECKS), verdict, says: TEXT, cure: optional(TEXT) });
  const diagnosis = objectOf<Diagnosis>({ address: TEXT, kind: oneOfTexts("local", "ssh", "powershell", "simulated"), reachedAs: TEXT, verdict, ms: COUNT, findings: listOf(finding) });
  return {
    events: eventSchema(),
    "printed-plan": document("what `runbook plan --json` prints", { ...objectOf<PlanDocument>({ v: V1, plan: PLAN_SCHEMA, preview: listOf(preview) }), $defs: PLAN_DEFINITIONS }),
    "printed-validate": document("what `runbook validate --json` prints", objectOf<ValidateDocument>({ v: V1, legal: FLAG, files: listOf(file), diagnostics: listOf(diagnostic) })),
    "printed-builtins": document("what `runbook builtins --json` prints", { type: "object", required: ["v", "builtins"], properties: { v: V1, builtins: listOf(builtinSchema()) } }),
    "printed-runs": document("what `runbook runs --json` prints", objectOf<RunsDocument>({ v: V1, runs: listOf(run) })),
    "printed-show": document("what `runbook show RUN --json` prints", {
      ...objectOf<ShowDocument>({ v: V1, run: TEXT, standing: STANDING_SCHEMA, heldSince: optional(TEXT), damage: optional(TEXT), journal: JOURNAL_SCHEMA, events: listOf(event) }), $defs,
    }),
    "printed-report": document("what `runbook report RUN --format json` prints", { ...reportSchema(), $defs: { ...REPORT_DEFINITIONS, ...EVENT_DEFINITIONS } }),
    "printed-verify": document("what `runbook report RUN --verify --format json` prints", objectOf<VerifyDocument>({
      v: V1, run: TEXT, whole: FLAG, journal: JOURNAL_SCHEMA, damage: optional(TEXT), neverBegan: optional(TEXT), tornBytes: COUNT, digest: optional(DIGEST), digestOfRecord: optional(COUNT),
    })),
    "printed-doctor": document("what `runbook doctor --json` prints", objectOf<DoctorDocument>({ v: V1, system: TEXT, simulated: FLAG, account: TEXT, host: TEXT, verdict, targets: listOf(diagnosis), patterns: listOf(TEXT) })),
    "printed-world": document("what `runbook world show --json` prints", objectOf<WorldDocument>({ v: V1, system: TEXT, world: ANY })),
    "printed-worlds": document("what `runbook world show --all --json` prints", objectOf<WorldsDocument>({ v: V1, systems: listOf(objectOf<WorldsDocument["systems"][number]>({ system: TEXT, description: optional(TEXT), world: ANY })) })),
  };
}

function document(title: string, schema: JsonSchema): JsonSchema {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title, ...schema };
}

function builtinSchema(): JsonSchema {
  const action = { type: "object", required: ["name", "effect", "title", "atMost"], properties: { name: TEXT, effect: TEXT, title: TEXT, atMost: COUNT } };
  const undo = { oneOf: [
    { type: "object", required: ["kind", "how"], properties: { kind: { const: "steps" }, how: TEXT } },
    { type: "object", required: ["kind", "because"], properties: { kind: { const: "nothing" }, because: TEXT } },
  ] };
  const example = { type: "object", required: ["title", "yaml"], properties: { title: TEXT, yaml: TEXT } };
  return {
    type: "object",
    required: ["name", "title", "docs", "examples", "inputs", "outputs", "codes", "place", "timeoutMs", "effect", "actions"],
    properties: {
      name: TEXT, title: TEXT, docs: TEXT, examples: listOf(example), inputs: mapOf(ANY), outputs: mapOf(ANY), codes: mapOf(TEXT),
      place: oneOfTexts("required", "optional", "none"), timeoutMs: COUNT, undo, oneWay: FLAG, effectFromInput: FLAG, cannotLook: FLAG, repeatable: FLAG,
      effect: oneOfTexts("reads", "changes", "disrupts", "destroys", "from-input"), actions: listOf(action),
    },
  };
}

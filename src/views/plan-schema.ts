import type { Plan, PlanNode, PlannedAction, ResolvedInput } from "../core/plan.ts";
import { ACTION_SCHEMA, EFFECT_SCHEMA } from "./action-schema.ts";
import { ANY, COUNT, DIGEST, FLAG, listOf, objectOf, oneOfTexts, optional, ref, TEXT, type JsonSchema } from "./json-schema.ts";

/** Where in a run a step stands. */
export const PHASE_SCHEMA: JsonSchema = oneOfTexts("goal", "precondition", "step", "rescue", "always", "postcondition", "probe", "rollback");

const TARGET: JsonSchema = {
  oneOf: [
    { type: "object", required: ["kind", "address"], properties: { kind: { const: "address" }, address: TEXT } },
    { type: "object", required: ["kind", "addresses"], properties: { kind: { const: "one-of" }, addresses: listOf(TEXT) } },
    { type: "object", required: ["kind"], properties: { kind: { const: "none" } } },
  ],
};

const SECRET_SOURCE: JsonSchema = {
  oneOf: [
    { type: "object", required: ["kind", "name"], properties: { kind: { const: "env" }, name: TEXT } },
    { type: "object", required: ["kind", "path"], properties: { kind: { const: "file" }, path: TEXT } },
    { type: "object", required: ["kind", "command", "folder"], properties: { kind: { const: "command" }, command: listOf(TEXT), folder: TEXT } },
    { type: "object", required: ["kind"], properties: { kind: { const: "prompt" } } },
  ],
};

/** Definitions that plans and events share: `effect`, `action`, `phase`, `input`, `plannedAction`, `planNode`. */
export const PLAN_DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  effect: EFFECT_SCHEMA,
  action: ACTION_SCHEMA,
  phase: PHASE_SCHEMA,
  input: objectOf<ResolvedInput>({ name: TEXT, value: ANY, origin: TEXT, secret: optional(SECRET_SOURCE) }),
  plannedAction: objectOf<PlannedAction>({ name: TEXT, title: TEXT, effect: ref("effect"), atMost: COUNT, template: ref("action") }),
  planNode: objectOf<PlanNode>({
    path: TEXT, kind: oneOfTexts("leaf", "block", "for-each", "call"), phase: ref("phase"), title: TEXT, why: optional(TEXT), if: optional(TEXT), uses: optional(TEXT),
    effect: ref("effect"), target: TARGET, irreversible: optional(TEXT), actions: listOf(ref("plannedAction")), children: listOf(ref("planNode")), rollback: optional(listOf(ref("planNode"))),
  }),
};

/** A plan. */
export const PLAN_SCHEMA: JsonSchema = objectOf<Plan>({
  digest: DIGEST, runbook: TEXT, file: TEXT, title: TEXT, system: TEXT, simulated: FLAG, inputs: listOf(ref("input")), addresses: listOf(TEXT), locks: listOf(TEXT), nodes: listOf(ref("planNode")),
});

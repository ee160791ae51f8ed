import type { Action } from "../core/action.ts";
import { ANY, COUNT, listOf, mapOf, objectOf, oneOfTexts, optional, TEXT, type FieldsOf, type JsonSchema } from "./json-schema.ts";

type Kind = Action["kind"];
type Body<K extends Kind> = Omit<Extract<Action, { readonly kind: K }>, "kind">;

const BODIES: { readonly [K in Kind]: FieldsOf<Body<K>> } = {
  program: { program: TEXT, args: listOf(TEXT), stdin: optional(TEXT), env: optional(mapOf(TEXT)), folder: optional(TEXT) },
  cmdlet: { name: TEXT, parameters: mapOf(ANY), properties: listOf(TEXT) },
  script: { script: TEXT, parameters: mapOf(ANY) },
  put: { from: TEXT, to: TEXT },
  get: { from: TEXT, limitBytes: COUNT },
  stat: { path: TEXT },
  job: { program: TEXT, args: listOf(TEXT), log: optional(TEXT) },
  jobs: {},
  source: { path: TEXT, as: optional(oneOfTexts("patch")) },
};

/** What an action does to the world. */
export const EFFECT_SCHEMA: JsonSchema = oneOfTexts("reads", "changes", "disrupts", "destroys");

/** An action as it stands in events and plans. */
export const ACTION_SCHEMA: JsonSchema = {
  oneOf: Object.entries(BODIES).map(([kind, fields]) => {
    const body = objectOf<unknown>(fields as FieldsOf<unknown>);
    return { ...body, required: ["kind", ...(body["required"] as readonly string[])], properties: { kind: { const: kind }, ...(body["properties"] as object) } };
  }),
};

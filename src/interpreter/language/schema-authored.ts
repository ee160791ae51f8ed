import { assertNever } from "../../core/assert-never.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { conditional } from "./schema-conditional.ts";
import { FORMS, type FormName, HOLDS_TEMPLATE } from "./schema-forms.ts";
import type { CaseBranch, CasesPlace, Grammar, Place, RecordPlace, Templates } from "./schema-place.ts";

/** A JSON Schema with a name, to which others refer by it. */
export type NamedSchema = JsonObject & { readonly $id: string };

/**
 * The grammar as JSON Schemas (draft-07) over the *tree*: every scalar is a string, as it was written, and an absent value is
 * null. One schema for each record, case and form, so that an error's path begins with the name of what was not met.
 */
export function authoredSchemas(grammar: Grammar): readonly NamedSchema[] {
  const forms = Object.keys(FORMS).flatMap((form) => [formSchema(form as FormName, "none"), formSchema(form as FormName, "allowed")]);
  return [...forms, ...grammar.records.map(recordSchema), ...grammar.cases.flatMap(casesSchemas)];
}

function idOf(form: FormName, templates: Templates): string {
  return templates === "allowed" && FORMS[form].pattern !== undefined ? `${form}.t` : form;
}

function formSchema(form: FormName, templates: Templates): NamedSchema {
  const { pattern } = FORMS[form];
  return { $id: idOf(form, templates), type: "string", ...(pattern === undefined ? {} : { pattern: templates === "allowed" ? `${pattern}|${HOLDS_TEMPLATE}` : pattern }) };
}

function placeSchema(place: Place): JsonObject {
  switch (place.kind) {
    case "scalar":
      return { $ref: idOf(place.form, place.templates) };
    case "word": {
      const words = { type: "string", enum: place.words };
      return place.templates === "none" ? words : conditional({ type: "string", pattern: HOLDS_TEMPLATE }, {}, words);
    }
    case "list":
      return { type: "array", items: placeSchema(place.items), ...(place.atLeast === undefined ? {} : { minItems: place.atLeast }) };
    case "map":
      if (place.keys === undefined) return { type: "object", additionalProperties: placeSchema(place.values) };
      return { type: "object", patternProperties: { [FORMS[place.keys].pattern ?? ""]: placeSchema(place.values) }, additionalProperties: false };
    case "record":
      return { $ref: place.name };
    case "either":
      return eitherSchema(place);
    case "any":
      return {};
    default:
      return assertNever(place);
  }
}

function eitherSchema(place: Place & { readonly kind: "either" }): JsonObject {
  const kinds: readonly (readonly [string, Place | undefined])[] = [["array", place.list], ["object", place.map], ["string", place.scalar]];
  const schemas = kinds.flatMap(([type, part]) => (part === undefined ? [] : [{ type, schema: placeSchema(part) }]));
  return schemas.reduceRight<JsonObject>((otherwise, { type, schema }, index) => (index === schemas.length - 1 ? schema : conditional({ type }, schema, otherwise)), {});
}

function recordSchema(record: RecordPlace): NamedSchema {
  const keys = Object.entries(record.keys);
  const allOf: JsonObject[] = [];
  if (record.exactlyOne !== undefined) allOf.push({ oneOf: record.exactlyOne.map((key) => ({ required: [key] })) });
  if (record.cases !== undefined) allOf.push({ $ref: record.cases });
  return {
    $id: record.name,
    type: "object",
    properties: Object.fromEntries(keys.map(([key, { place }]) => [key, placeSchema(place)])),
    required: keys.filter(([, { required }]) => required === true).map(([key]) => key),
    additionalProperties: false,
    ...dependenciesOf(record),
    ...(allOf.length === 0 ? {} : { allOf }),
  };
}

function dependenciesOf(record: RecordPlace): JsonObject {
  const dependencies: Record<string, JsonObject> = {};
  for (const key of Object.keys(record.keys)) {
    const needed = record.needs?.[key];
    const properties: Record<string, Json> = {};
    for (const excluded of record.excludes?.[key] ?? []) properties[excluded] = false;
    for (const [other, place] of Object.entries(record.beside?.[key] ?? {})) properties[other] = placeSchema(place);
    if (needed === undefined && Object.keys(properties).length === 0) continue;
    dependencies[key] = { ...(needed === undefined ? {} : { required: [needed] }), ...(Object.keys(properties).length === 0 ? {} : { properties }) };
  }
  return Object.keys(dependencies).length === 0 ? {} : { dependencies };
}

/** With a discriminator only the one case that applies is looked at; where an absent key counts too, conditions do it. */
function casesSchemas(cases: CasesPlace): readonly NamedSchema[] {
  const branches = Object.entries(cases.branches).map(([value, branch]) => ({ value, schema: branchSchema(cases, value, branch) }));
  const { absent } = cases;
  if (absent === undefined) {
    const whole = { $id: cases.name, type: "object", discriminator: { propertyName: cases.key }, required: [cases.key], oneOf: branches.map(({ schema }) => ({ $ref: schema.$id })) };
    return [...branches.map(({ schema }) => schema), whole];
  }
  const conditions = branches.map(({ value, schema }) =>
    conditional({ properties: { [cases.key]: { const: value } }, ...(value === absent ? {} : { required: [cases.key] }) }, { $ref: schema.$id }));
  return [...branches.map(({ schema }) => schema), { $id: cases.name, allOf: conditions }];
}

function branchSchema(cases: CasesPlace, value: string, branch: CaseBranch): NamedSchema {
  const properties: Record<string, Json> = { [cases.key]: { const: value } };
  for (const [key, place] of Object.entries(branch.keys ?? {})) properties[key] = placeSchema(place);
  for (const key of branch.excludes ?? []) properties[key] = false;
  const required = [...(cases.absent === undefined ? [cases.key] : []), ...(branch.requires ?? [])];
  if (cases.absent !== undefined) delete properties[cases.key];
  return { $id: `${cases.name}.${value}`, properties, required };
}

import { assertNever } from "../../core/assert-never.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { conditional } from "./schema-conditional.ts";
import { FORMS, HOLDS_TEMPLATE } from "./schema-forms.ts";
import type { CasesPlace, Grammar, KeyPlace, Place, RecordPlace } from "./schema-place.ts";

/** The grammar as one JSON Schema (draft-07) over YAML's own types, for editors: with descriptions, defaults and examples. */
export function publishedSchema(grammar: Grammar): JsonObject {
  const definitions: Record<string, Json> = {};
  for (const record of grammar.records) definitions[record.name] = recordSchema(record);
  for (const cases of grammar.cases) definitions[cases.name] = casesSchema(cases);
  return { $schema: "http://json-schema.org/draft-07/schema#", title: grammar.title, $ref: refTo(grammar.root), definitions };
}

function refTo(name: string): string {
  return `#/definitions/${name}`;
}

function placeSchema(place: Place): JsonObject {
  switch (place.kind) {
    case "scalar": {
      const { pattern, yamlTypes } = FORMS[place.form];
      const type = yamlTypes.length === 0 ? "string" : ["string", ...yamlTypes];
      return { type, ...(pattern === undefined ? {} : { pattern: place.templates === "allowed" ? `${pattern}|${HOLDS_TEMPLATE}` : pattern }) };
    }
    case "word": {
      const words = { enum: place.words.length === 1 ? place.words.map(asYamlReads) : [...new Set(place.words.flatMap((word) => [asYamlReads(word), word]))] };
      return place.templates === "none" ? words : { anyOf: [words, { type: "string", pattern: HOLDS_TEMPLATE }] };
    }
    case "list":
      return { type: "array", items: placeSchema(place.items), ...(place.atLeast === undefined ? {} : { minItems: place.atLeast }) };
    case "map":
      if (place.keys === undefined) return { type: "object", additionalProperties: placeSchema(place.values) };
      return { type: "object", propertyNames: { pattern: FORMS[place.keys].pattern ?? "" }, additionalProperties: placeSchema(place.values) };
    case "record":
      return { $ref: refTo(place.name) };
    case "either":
      return { anyOf: [place.scalar, place.list, place.map].flatMap((part) => (part === undefined ? [] : [placeSchema(part)])) };
    case "any":
      return {};
    default:
      return assertNever(place);
  }
}

/** `1` is a number to an editor, `true` a truth value. */
function asYamlReads(word: string): Json {
  return /^(?:true|false|-?(?:0|[1-9]\d*))$/.test(word) ? (JSON.parse(word) as Json) : word;
}

/** Notes stand beside the place; beside a `$ref`, draft-07 would not see them. */
function keySchema(key: KeyPlace): JsonObject {
  const schema = placeSchema(key.place);
  const notes: Record<string, Json> = {};
  if (key.description !== "") notes["description"] = key.description;
  if (key.default !== undefined) notes["default"] = key.default as Json;
  if (key.examples !== undefined) notes["examples"] = key.examples as Json;
  if (Object.keys(notes).length === 0) return schema;
  return "$ref" in schema ? { ...notes, allOf: [schema] } : { ...notes, ...schema };
}

function recordSchema(record: RecordPlace): JsonObject {
  const keys = Object.entries(record.keys);
  const allOf: JsonObject[] = [];
  if (record.exactlyOne !== undefined) allOf.push({ oneOf: record.exactlyOne.map((key) => ({ required: [key] })) });
  for (const key of Object.keys(record.keys)) {
    const needed = record.needs?.[key];
    const excluded = Object.fromEntries((record.excludes?.[key] ?? []).map((other) => [other, false]));
    const exact = Object.fromEntries(Object.entries(record.beside?.[key] ?? {}).map(([other, place]) => [other, placeSchema(place)]));
    const properties = { ...excluded, ...exact };
    if (needed === undefined && Object.keys(properties).length === 0) continue;
    const asked = { ...(needed === undefined ? {} : { required: [needed] }), ...(Object.keys(properties).length === 0 ? {} : { properties }) };
    allOf.push(conditional({ required: [key] }, asked));
  }
  if (record.cases !== undefined) allOf.push({ $ref: refTo(record.cases) });
  const required = keys.filter(([, { required: is }]) => is === true).map(([key]) => key);
  return {
    type: "object",
    properties: Object.fromEntries(keys.map(([key, place]) => [key, keySchema(place)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...(allOf.length === 0 ? {} : { allOf }),
  };
}

/** The words themselves are offered by an editor, and any other is left to the checker. */
function casesSchema(cases: CasesPlace): JsonObject {
  const words = Object.keys(cases.branches);
  return {
    properties: { [cases.key]: { anyOf: [{ enum: words }, { type: "string" }] } },
    allOf: Object.entries(cases.branches).map(([value, branch]) => {
      const properties: Record<string, Json> = {};
      for (const [key, place] of Object.entries(branch.keys ?? {})) properties[key] = placeSchema(place);
      for (const key of branch.excludes ?? []) properties[key] = false;
      const condition = { properties: { [cases.key]: { const: value } }, ...(value === cases.absent ? {} : { required: [cases.key] }) };
      return conditional(condition, { properties, ...(branch.requires === undefined ? {} : { required: branch.requires }) });
    }),
  };
}

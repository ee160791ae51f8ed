import { assertNever } from "../../core/assert-never.ts";
import type { JsonObject } from "../../core/json.ts";
import { isRequired, type Properties, type Schema } from "../../core/schema.ts";
import { FORMS } from "./schema-forms.ts";
import { EXPRESSION, type KeyPlace, listOf, type Place, recordOf, type RecordPlace, scalarOf, type Templates } from "./schema-place.ts";

/** The JSON Schema (draft-07) of the *values* of a schema, as JSON holds them: a duration, a size, a version is text. A verdict has no JSON, so every value is admitted for it. What takes a secret is `writeOnly`. */
export function jsonSchemaOf(schema: Schema): JsonObject {
  return { ...valueSchemaOf(schema), ...notesOf(schema) };
}

function valueSchemaOf(schema: Schema): JsonObject {
  switch (schema.type) {
    case "string":
      return { type: "string", ...(schema.enum === undefined ? {} : { enum: schema.enum }), ...(schema.pattern === undefined ? {} : { pattern: schema.pattern }) };
    case "integer":
      return { type: "integer", ...limitsOf(schema), ...(schema.enum === undefined ? {} : { enum: schema.enum }) };
    case "number":
      return { type: "number", ...limitsOf(schema) };
    case "boolean":
      return { type: "boolean" };
    case "duration":
    case "size":
      return { type: "string", pattern: FORMS[schema.type].pattern ?? "" };
    case "list":
      return { type: "array", items: jsonSchemaOf(schema.items) };
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, jsonSchemaOf(property)])),
        required: requiredOf(schema.properties),
        additionalProperties: false,
      };
    case "map":
      return { type: "object", additionalProperties: jsonSchemaOf(schema.values) };
    case "any":
    case "condition":
    case "reading":
      return {};
    default:
      return assertNever(schema);
  }
}

function limitsOf(schema: { readonly minimum?: number; readonly maximum?: number }): JsonObject {
  return { ...(schema.minimum === undefined ? {} : { minimum: schema.minimum }), ...(schema.maximum === undefined ? {} : { maximum: schema.maximum }) };
}

function notesOf(schema: Schema): JsonObject {
  return {
    ...(schema.description === undefined ? {} : { description: schema.description }),
    ...(schema.secret === true ? { writeOnly: true } : {}),
    ...("default" in schema && schema.default !== undefined ? { default: schema.default as JsonObject[string] } : {}),
  };
}

/** Names of the properties that must be there. */
export function requiredOf(properties: Properties): readonly string[] {
  return Object.entries(properties).filter(([, schema]) => isRequired(schema)).map(([name]) => name);
}

/**
 * Where a value of a schema is authored: its place, `templates` saying whether it may be (or hold) a template. Records that are
 * needed for objects inside go into `records`, named after `name`.
 */
export function placeOf(schema: Schema, name: string, templates: Templates, records: RecordPlace[]): Place {
  switch (schema.type) {
    case "string":
      return schema.enum === undefined ? scalarOf("text", templates) : { kind: "word", words: schema.enum, templates };
    case "integer":
    case "number":
    case "boolean":
    case "duration":
    case "size":
      return scalarOf(schema.type, templates);
    case "list":
      return orTemplate({ kind: "either", list: listOf(placeOf(schema.items, `${name}.item`, templates, records)) }, "list-template", templates);
    case "object":
      records.push(recordPlaceOf(schema.properties, name, `\`${name.split(".").at(-1) ?? name}\``, templates, records));
      return orTemplate({ kind: "either", map: recordOf(name) }, "map-template", templates);
    case "map":
      return orTemplate({ kind: "either", map: { kind: "map", keys: undefined, values: placeOf(schema.values, `${name}.value`, templates, records) } }, "map-template", templates);
    case "any":
      return { kind: "any" };
    case "condition":
      return EXPRESSION;
    case "reading":
      return recordOf("reading");
    default:
      return assertNever(schema);
  }
}

/** A mapping with the keys of some properties; `title` as a message says it. */
export function recordPlaceOf(properties: Properties, name: string, title: string, templates: Templates, records: RecordPlace[]): RecordPlace {
  const required = requiredOf(properties);
  const keys: Record<string, KeyPlace> = {};
  for (const [key, schema] of Object.entries(properties)) {
    keys[key] = {
      place: placeOf(schema, `${name}.${key}`, templates, records),
      description: schema.description ?? "",
      ...(required.includes(key) ? { required: true } : {}),
      ...("default" in schema && schema.default !== undefined ? { default: schema.default } : {}),
      ...("examples" in schema && schema.examples !== undefined ? { examples: schema.examples } : {}),
    };
  }
  return { name, title, keys };
}

function orTemplate(place: { readonly kind: "either"; readonly list?: Place; readonly map?: Place }, form: "list-template" | "map-template", templates: Templates): Place {
  if (templates === "allowed") return { ...place, scalar: scalarOf(form, "none") };
  return place.list ?? place.map ?? place;
}

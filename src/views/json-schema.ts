/** A JSON Schema (draft 2020-12), as far as the printed documents need it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A field that may be absent. */
export interface OptionalField {
  readonly optional: JsonSchema;
}

/** One schema for each field of a type: the compiler says which are missing, too many, or not marked as optional. */
export type FieldsOf<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? OptionalField : JsonSchema };

export const TEXT: JsonSchema = { type: "string" };
export const COUNT: JsonSchema = { type: "integer", minimum: 0 };
export const FLAG: JsonSchema = { type: "boolean" };
export const TIME: JsonSchema = { type: "string", format: "date-time" };
/** Lower-case hexadecimal SHA-256. */
export const DIGEST: JsonSchema = { type: "string", pattern: "^[0-9a-f]{64}$" };
/** Any JSON value. */
export const ANY: JsonSchema = {};

/** A field that may be absent. */
export function optional(schema: JsonSchema): OptionalField {
  return { optional: schema };
}

/** A list of one kind of thing. */
export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

/** An object with any names and one kind of value. */
export function mapOf(values: JsonSchema): JsonSchema {
  return { type: "object", additionalProperties: values };
}

/** One of some texts. */
export function oneOfTexts<const T extends string>(...texts: readonly T[]): JsonSchema {
  return { enum: texts };
}

/** A schema that is defined once, under `$defs`. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}

/** An object with these fields; others may come in later versions. */
export function objectOf<T>(fields: FieldsOf<T>): JsonSchema {
  const entries: readonly (readonly [string, JsonSchema | OptionalField])[] = Object.entries(fields);
  const properties = Object.fromEntries(entries.map(([name, field]) => [name, isOptional(field) ? field.optional : field]));
  return { type: "object", required: entries.flatMap(([name, field]) => (isOptional(field) ? [] : [name])), properties };
}

function isOptional(field: JsonSchema | OptionalField): field is OptionalField {
  return "optional" in field;
}

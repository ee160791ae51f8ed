import { assertNever } from "../../core/assert-never.ts";
import { emptyObject } from "../../core/json.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import type { CelType } from "./cel-node.ts";

/** The library's names for lengths and points of time. */
export const CEL_DURATION = "google.protobuf.Duration";
export const CEL_TIME = "google.protobuf.Timestamp";

/** A record type: what an object schema is in CEL. Two schemas with the same names and types share one. */
export interface CelRecord {
  readonly name: string;
  /** CEL types by name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly properties: Properties;
  /** The class of its values: a library that types by constructor needs one for each type. */
  readonly ctor: new (entries: Iterable<readonly [string, unknown]>) => Map<string, unknown>;
}

/** The record types that were met, by their fields and by their name. Grows with the number of different object types, not with the file. */
const byFields = new Map<string, CelRecord>();
const byName = new Map<string, CelRecord>();

/** The record type of an object schema. */
export function recordOf(properties: Properties): CelRecord {
  const fields = emptyObject<string>();
  for (const [name, schema] of Object.entries(properties)) fields[name] = celTypeOf(schema);
  const key = JSON.stringify(Object.entries(fields));
  const known = byFields.get(key);
  if (known !== undefined) return known;
  const made: CelRecord = { name: `record${byFields.size + 1}`, fields, properties, ctor: class extends Map<string, unknown> {} };
  byFields.set(key, made);
  byName.set(made.name, made);
  return made;
}

/** The record type of a name that {@link celTypeOf} gave; undefined where the type is no record. */
export function recordNamed(name: string): CelRecord | undefined {
  return byName.get(name);
}

/** The CEL type of a schema. */
export function celTypeOf(schema: Schema): string {
  switch (schema.type) {
    case "string":
      return schema.format === "version" ? "version" : schema.format === "time" ? CEL_TIME : "string";
    case "integer":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "duration":
      return CEL_DURATION;
    case "size":
      return "filesize";
    case "list":
      return `list<${celTypeOf(schema.items)}>`;
    case "map":
      return `map<string, ${celTypeOf(schema.values)}>`;
    case "object":
      return recordOf(schema.properties).name;
    case "any":
    case "condition":
    case "reading":
      return "dyn";
    default:
      return assertNever(schema);
  }
}

/** The schema of a CEL type. What CEL does not know (an enum, a format that is only text) is lost. */
export function schemaOf(type: CelType): Schema {
  switch (type.name) {
    case "string":
      return { type: "string" };
    case "version":
      return { type: "string", format: "version" };
    case CEL_TIME:
      return { type: "string", format: "time" };
    case "int":
      return { type: "integer" };
    case "double":
      return { type: "number" };
    case "bool":
      return { type: "boolean" };
    case CEL_DURATION:
      return { type: "duration" };
    case "filesize":
      return { type: "size" };
  }
  if (type.kind === "list") return { type: "list", items: type.valueType === undefined ? { type: "any" } : schemaOf(type.valueType) };
  if (type.kind === "map") return { type: "map", values: type.valueType === undefined ? { type: "any" } : schemaOf(type.valueType) };
  const record = recordNamed(type.name);
  return record === undefined ? { type: "any" } : { type: "object", properties: record.properties };
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"], ["int", "a whole number"], ["double", "a number"], ["bool", "true or false"], ["version", "a version"],
  [CEL_TIME, "a time"], [CEL_DURATION, "a duration"], ["filesize", "a size"], ["null", "null"], ["type", "a type"],
]);

/** A CEL type for a message: "a list of texts", "a version". */
export function celTypeWords(type: CelType): string {
  const words = WORDS.get(type.name);
  if (words !== undefined) return words;
  if (type.kind === "list") return type.valueType === undefined || type.valueType.kind === "param" ? "a list" : `a list (each ${celTypeWords(type.valueType)})`;
  if (type.kind === "map") return "a map";
  return recordNamed(type.name) === undefined ? "a value whose type is not known before the run" : "an object";
}

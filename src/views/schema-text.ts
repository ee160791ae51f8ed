import { assertNever } from "../core/assert-never.ts";
import { isRequired, type Schema } from "../core/schema.ts";
import { oneLine } from "./terminal-text.ts";

/** A type for people, on one line: `netbios_name`, `one of x64, x86`, `list of {name: string, state: string}`. */
export function schemaText(schema: Schema): string {
  switch (schema.type) {
    case "string":
      if (schema.enum !== undefined) return `one of ${schema.enum.map(oneLine).join(", ")}`;
      return schema.format ?? (schema.pattern === undefined ? "string" : `string like ${oneLine(schema.pattern)}`);
    case "integer":
    case "number":
    case "duration":
    case "size":
      return `${schema.type}${boundsText(schema.minimum, schema.maximum)}`;
    case "list":
      return `list of ${schemaText(schema.items)}`;
    case "object":
      return `{${Object.entries(schema.properties).map(([name, property]) => `${name}${isRequired(property) ? "" : "?"}: ${schemaText(property)}`).join(", ")}}`;
    case "map":
      return `names with ${schemaText(schema.values)}`;
    case "boolean":
      return "true or false";
    case "any":
      return "any value";
    case "condition":
      return "condition (CEL)";
    case "reading":
      return "reading step {uses, with, target, that}";
    default:
      return assertNever(schema);
  }
}

function boundsText(minimum: number | string | undefined, maximum: number | string | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? "" : ` of at most ${maximum}`;
}

/** Whether an input takes a secret: `; may be a secret`, or "". */
export function secretText(schema: Schema): string {
  if (schema.secret === true) return "; may be a secret";
  return schema.type === "map" && schema.values.secret === true ? "; its values may be secrets" : "";
}

/** What an input is when nothing is given: ` (default 1)`, ` (optional)`, or "" where it must be given. */
export function absenceText(schema: Schema): string {
  if ("default" in schema && schema.default !== undefined) return ` (default ${JSON.stringify(schema.default)})`;
  return isRequired(schema) ? "" : " (optional)";
}

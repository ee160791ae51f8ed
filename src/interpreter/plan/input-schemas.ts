import { emptyObject } from "../../core/json.ts";
import type { Runbook } from "../../core/runbook.ts";
import type { Properties, Schema } from "../../core/schema.ts";

/** The inputs of a file, by name. */
export function inputSchemas(runbook: Runbook): Properties {
  const schemas = emptyObject<Schema>();
  for (const { name, schema } of runbook.inputs) schemas[name] = schema;
  return schemas;
}

import { isJsonObject, ownValue, type Json } from "../../core/json.ts";
import type { Path, Scope } from "../../core/runbook.ts";

/** The value at a path: own keys of objects, indexes of lists (`0`, `1`, …). Undefined where something on the way is absent; a JSON null is a value. */
export function valueAtPath(scope: Scope, path: Path): Json | undefined {
  let value: unknown = scope;
  for (const segment of path) {
    if (Array.isArray(value)) value = /^\d{1,9}$/.test(segment) ? value[Number(segment)] : undefined;
    else value = isJsonObject(value) ? ownValue(value, segment) : undefined;
    if (value === undefined) return undefined;
  }
  // A scope holds JSON by its definition; only its outermost object is typed more loosely.
  return value as Json;
}

/** A path as the author wrote it, for messages: `steps.copy.outputs.sha256`. */
export function pathText(path: Path): string {
  return path.join(".");
}

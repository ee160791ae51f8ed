import { isJsonObject, ownValue, type Json } from "../../core/json.ts";
import type { Path, Scope } from "../../core/runbook.ts";
import { holdsMasked, Masked } from "../../core/secret.ts";

/** The value at a path: own keys of objects, indexes of lists (`0`, `1`, …). Undefined where something on the way is absent; a JSON null is a value. Below what was masked all is masked. */
export function valueAtPath(scope: Scope, path: Path): Json | undefined {
  let value: unknown = scope;
  for (const segment of path) {
    const whole = value;
    if (Array.isArray(value)) value = /^\d{1,9}$/.test(segment) ? value[Number(segment)] : undefined;
    else value = isJsonObject(value) ? ownValue(value, segment) : undefined;
    // A scope holds JSON by its definition, but for what was masked.
    if (value === undefined) return whole instanceof Masked ? (whole as unknown as Json) : undefined;
  }
  return value as Json;
}

/** Why a value cannot be read: it, or a part of it, was masked. Only what a step gave can be, and only as a whole output. */
export function maskedAt(path: Path, value: Json): string | undefined {
  const [root, , part] = path;
  if (typeof value !== "object" || value === null || (root !== "steps" && root !== "outputs")) return undefined;
  const masked: unknown = value;
  const isWithin = root === "outputs" ? path.length === 1 : path.length <= 3 || part === "each";
  if (!(masked instanceof Masked) && !(isWithin && holdsMasked(masked))) return undefined;
  return `\`${pathText(path)}\` ${new Masked().because}`;
}

/** A path as the author wrote it, for messages: `steps.copy.outputs.sha256`. */
export function pathText(path: Path): string {
  return path.join(".");
}

import { emptyObject, isJsonObject, type Json } from "../../core/json.ts";
import { HOLE_START } from "../../core/plan.ts";
import type { Schema } from "../../core/schema.ts";
import { isAbsolutePath, resolvePath } from "./load-path.ts";

/** True for a text that is a path, and no absolute one. What begins with a hole of a plan may be either, and an empty text is no path. */
function isRelative(value: Json): value is string {
  return typeof value === "string" && value !== "" && !value.startsWith(HOLE_START) && !isAbsolutePath(value);
}

/** A value with its files made absolute: they are relative to `folder` (absolute), where what said them lies. Other values stay as they are. */
export function withFolder(value: Json, schema: Schema, folder: string): Json {
  if (schema.type === "string") return schema.format === "file" && isRelative(value) ? resolvePath(folder, value) : value;
  if (schema.type === "list" && Array.isArray(value)) return value.map((item: Json) => withFolder(item, schema.items, folder));
  if (schema.type !== "object" || !isJsonObject(value)) return value;
  const object = emptyObject<Json>();
  for (const [name, item] of Object.entries(value)) {
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    object[name] = property === undefined ? item : withFolder(item, property, folder);
  }
  return object;
}

/** True if a value of this schema can be a file, or hold one. */
export function holdsFile(schema: Schema): boolean {
  if (schema.type === "string") return schema.format === "file";
  if (schema.type === "list") return holdsFile(schema.items);
  return schema.type === "object" && Object.values(schema.properties).some(holdsFile);
}

/** A declaration whose default has its files made absolute, so that it means the same for whoever calls the file. */
export function withDefaultIn(schema: Schema, folder: string): Schema {
  if (!("default" in schema) || schema.default === undefined) return schema;
  // A default is JSON that was converted by its own schema, and keeps its type.
  return { ...schema, default: withFolder(schema.default as Json, schema, folder) } as Schema;
}

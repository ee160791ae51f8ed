import { emptyObject, isJsonObject, type Json } from "../../core/json.ts";
import type { Schema } from "../../core/schema.ts";
import { isAbsolutePath, resolvePath } from "./load-path.ts";

/** A value with its files made absolute: they are relative to `folder` (absolute), where what said them lies. Other values stay as they are. */
export function withFolder(value: Json, schema: Schema, folder: string): Json {
  if (schema.type === "string") return schema.format === "file" && typeof value === "string" && !isAbsolutePath(value) ? resolvePath(folder, value) : value;
  if (schema.type === "list" && Array.isArray(value)) return value.map((item: Json) => withFolder(item, schema.items, folder));
  if (schema.type !== "object" || !isJsonObject(value)) return value;
  const object = emptyObject<Json>();
  for (const [name, item] of Object.entries(value)) {
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    object[name] = property === undefined ? item : withFolder(item, property, folder);
  }
  return object;
}

/** A declaration whose default has its files made absolute, so that it means the same for whoever calls the file. */
export function withDefaultIn(schema: Schema, folder: string): Schema {
  if (!("default" in schema) || schema.default === undefined) return schema;
  // A default is JSON that was converted by its own schema, and keeps its type.
  return { ...schema, default: withFolder(schema.default as Json, schema, folder) } as Schema;
}

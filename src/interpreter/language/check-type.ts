import { assertNever } from "../../core/assert-never.ts";
import type { ObjectSchema, Schema, StringFormat, StringSchema } from "../../core/schema.ts";

const FORMAT_NAMES: Readonly<Record<StringFormat, string>> = {
  hostname: "a host name",
  netbios_name: "a machine's name",
  path: "a path on a target",
  file: "a file of this machine",
  sha256: "a SHA-256",
  url: "a URL",
  version: "a version",
  time: "a time",
};

/** What a schema admits, for a sentence: "a version", "a list of whole numbers", "one of `x64`, `x86`". */
export function typeName(schema: Schema): string {
  switch (schema.type) {
    case "string":
      if (schema.enum !== undefined) return `one of ${schema.enum.map((value) => `\`${value}\``).join(", ")}`;
      return schema.format === undefined ? "text" : FORMAT_NAMES[schema.format];
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "duration":
      return "a duration";
    case "size":
      return "a size";
    case "list":
      return schema.items.type === "any" ? "a list" : `a list (each ${typeName(schema.items)})`;
    case "object":
    case "map":
      return "a record";
    case "any":
      return "anything";
    case "condition":
      return "a condition";
    case "reading":
      return "a reading";
    default:
      return assertNever(schema);
  }
}

/** Formats whose values are names of machines: they stand for one another. */
const MACHINES: ReadonlySet<StringFormat | undefined> = new Set<StringFormat>(["hostname", "netbios_name"]);

function stringMisfit(from: StringSchema, to: StringSchema): boolean {
  if (to.enum !== undefined && from.enum !== undefined) return from.enum.some((value) => !to.enum?.includes(value));
  if (from.format === undefined || to.format === undefined || from.format === to.format) return false;
  return !(MACHINES.has(from.format) && MACHINES.has(to.format));
}

/** Types that are written as text, in their shortest exact form, where text is wanted. */
const WRITTEN_AS_TEXT: ReadonlySet<Schema["type"]> = new Set(["string", "integer", "number", "boolean", "duration", "size", "any"]);

/** True if a value of this type can stand inside a text. Lists and records cannot: `join` and `json` make text of them. */
export function isWrittenAsText(schema: Schema): boolean {
  return WRITTEN_AS_TEXT.has(schema.type);
}

/**
 * True if a value of the first type is never, or not always, what the second admits: a version is no whole number, text is
 * never converted back. What only the value can tell (a pattern, a range, whether text is a host name) is no misfit: the
 * run checks it.
 */
export function isMisfit(from: Schema, to: Schema): boolean {
  if (from.type === "any" || to.type === "any") return false;
  switch (to.type) {
    case "string":
      if (from.type === "string") return stringMisfit(from, to);
      return !isWrittenAsText(from) || to.format !== undefined || to.enum !== undefined;
    case "number":
      return from.type !== "number" && from.type !== "integer";
    case "integer":
    case "boolean":
    case "duration":
    case "size":
      return from.type !== to.type;
    case "list":
      return from.type !== "list" || isMisfit(from.items, to.items);
    case "object":
      return objectMisfit(from, to);
    case "map":
      if (from.type === "map") return isMisfit(from.values, to.values);
      return from.type !== "object" || Object.values(from.properties).some((property) => isMisfit(property, to.values));
    case "condition":
    case "reading":
      return true;
    default:
      return assertNever(to);
  }
}

function objectMisfit(from: Schema, to: ObjectSchema): boolean {
  if (from.type === "map") return false;
  if (from.type !== "object") return true;
  return Object.entries(to.properties).some(([name, wanted]) => {
    const given = Object.hasOwn(from.properties, name) ? from.properties[name] : undefined;
    return given === undefined ? wanted.required === true : isMisfit(given, wanted);
  });
}

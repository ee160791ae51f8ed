import { assertNever } from "../../core/assert-never.ts";
import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import { isRequired, type ListSchema, type MapSchema, type ObjectSchema, type Schema } from "../../core/schema.ts";
import { convertText, convertValue } from "./convert.ts";
import { entryAt, type Node, type ScalarNode } from "./node.ts";

/** A value that was authored, as JSON in its one form. */
export interface AuthoredValue {
  /** Undefined where the whole of it is unusable; a list or an object otherwise lacks what has a fault. */
  readonly value: Json | undefined;
  /** Every fault at its own place; empty for a value that fits. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A part of a file as a value of a schema: each scalar is read by the type of its place, defaults are filled in. Templates have no meaning here and are text. */
export function valueOf(node: Node, schema: Schema): AuthoredValue {
  const diagnostics: Diagnostic[] = [];
  const value = read(node, schema, diagnostics);
  return { value, diagnostics };
}

/** A value in a place that takes anything: a number, `true` and `false` where they read the same written back, else text (`15.10` stays as it is). */
export function looseValueOf(node: ScalarNode): Json {
  const { text } = node;
  if (node.style !== "plain" || text === "") return text;
  if (text === "true" || text === "false") return text === "true";
  return Number.isFinite(Number(text)) && String(Number(text)) === text ? Number(text) : text;
}

const KIND_WORDS: Readonly<Record<Node["kind"], string>> = { scalar: "a text", list: "a list", map: "a mapping" };

function read(node: Node, schema: Schema, diagnostics: Diagnostic[]): Json | undefined {
  switch (schema.type) {
    case "list":
      return node.kind === "list" ? readList(node.items, schema, diagnostics) : misfit(node, "a list", diagnostics);
    case "object":
      return node.kind === "map" ? readObject(node, schema, diagnostics) : misfit(node, "a mapping", diagnostics);
    case "map":
      return node.kind === "map" ? readMap(node, schema, diagnostics) : misfit(node, "a mapping", diagnostics);
    case "any":
      return readAny(node);
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "duration":
    case "size":
    case "condition":
    case "reading":
      return node.kind === "scalar" ? readScalar(node, schema, diagnostics) : misfit(node, "one value", diagnostics);
    default:
      return assertNever(schema);
  }
}

function misfit(node: Node, wanted: string, diagnostics: Diagnostic[]): undefined {
  diagnostics.push(errorAt(node.span, "wrong-shape", `expected ${wanted}, found ${KIND_WORDS[node.kind]}`));
  return undefined;
}

function readScalar(node: ScalarNode, schema: Schema, diagnostics: Diagnostic[]): Json | undefined {
  const converted = convertText(node.text, schema);
  if (converted.kind === "ok") return converted.value;
  diagnostics.push(errorAt(node.span, "wrong-value", converted.error));
  return undefined;
}

function readList(items: readonly Node[], schema: ListSchema, diagnostics: Diagnostic[]): Json {
  return items.map((item) => read(item, schema.items, diagnostics)).filter((item) => item !== undefined);
}

function readMap(node: Node & { readonly kind: "map" }, schema: MapSchema, diagnostics: Diagnostic[]): Json {
  const object = emptyObject<Json>();
  for (const { key, value } of node.entries) {
    const converted = read(value, schema.values, diagnostics);
    if (converted !== undefined) object[key.text] = converted;
  }
  return object;
}

function readObject(node: Node & { readonly kind: "map" }, schema: ObjectSchema, diagnostics: Diagnostic[]): Json {
  const object = emptyObject<Json>();
  const names = Object.keys(schema.properties);
  for (const { key } of node.entries) {
    if (!Object.hasOwn(schema.properties, key.text)) diagnostics.push(errorAt(key.span, "unknown-key", `there is no \`${key.text}\` here`, nameHint(key.text, names)));
  }
  for (const [name, property] of Object.entries(schema.properties)) {
    const entry = entryAt(node, name);
    const value = entry === undefined ? defaultOf(node, name, property, diagnostics) : read(entry.value, property, diagnostics);
    if (value !== undefined) object[name] = value;
  }
  return object;
}

function defaultOf(node: Node, name: string, schema: Schema, diagnostics: Diagnostic[]): Json | undefined {
  if ("default" in schema && schema.default !== undefined) {
    const converted = convertValue(schema.default, schema);
    if (converted.kind === "ok") return converted.value;
    throw new Error(`the default of ${name} does not fit its own schema`);
  }
  if (isRequired(schema)) diagnostics.push(errorAt(node.span, "missing-key", `\`${name}\` is missing here`, schema.description));
  return undefined;
}

function readAny(node: Node): Json {
  switch (node.kind) {
    case "scalar":
      return looseValueOf(node);
    case "list":
      return node.items.map(readAny);
    case "map": {
      const object = emptyObject<Json>();
      for (const { key, value } of node.entries) object[key.text] = readAny(value);
      return object;
    }
    default:
      return assertNever(node);
  }
}

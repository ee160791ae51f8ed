import { assertNever } from "../../core/assert-never.ts";
import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import { parseDuration, parseSize } from "../../core/quantity.ts";
import { STRING_FORMATS, type Properties, type Schema } from "../../core/schema.ts";
import { convertText } from "./convert.ts";
import { checkPattern } from "./convert-pattern.ts";
import { textAt } from "./lower-declare.ts";
import { RECORDS } from "./generated/records.ts";
import { entryAt, hasKey, valueAt, type MapNode, type Node } from "./node.ts";
import { valueOf } from "./value-of.ts";

/** Takes what is wrong. */
export type Report = (diagnostic: Diagnostic) => void;

const TYPES = ["string", "integer", "number", "boolean", "duration", "size", "list", "object"] as const;
type TypeName = (typeof TYPES)[number];

/** The type that a declaration says; `string` where it says none, or one that there is not. */
function typeOf(node: MapNode, report: Report): TypeName {
  const type = valueAt(node, "type");
  if (type?.kind !== "scalar") return "string";
  const known = TYPES.find((name) => name === type.text);
  if (known === undefined) report(errorAt(type.span, "unknown-type", `there is no type \`${type.text}\``, nameHint(type.text, TYPES)));
  return known ?? "string";
}

/** A bound, as a number of the type's own kind; undefined where there is none or it is wrong. */
function bound(node: MapNode, key: "minimum" | "maximum", type: "integer" | "number" | "duration" | "size", report: Report): string | undefined {
  const value = valueAt(node, key);
  if (value?.kind !== "scalar") return undefined;
  const converted = convertText(value.text, { type });
  if (converted.kind === "ok") return String(converted.value);
  report(errorAt(value.span, "wrong-value", `\`${key}\`: ${converted.error}`));
  return undefined;
}

function bounds(node: MapNode, type: "integer" | "number" | "duration" | "size", report: Report): { readonly minimum?: string; readonly maximum?: string } {
  const minimum = bound(node, "minimum", type, report);
  const maximum = bound(node, "maximum", type, report);
  const amount = (text: string): number => (type === "duration" ? parseDuration(text) : type === "size" ? parseSize(text) : Number(text)) ?? 0;
  if (minimum !== undefined && maximum !== undefined && amount(minimum) > amount(maximum)) {
    report(errorAt((valueAt(node, "maximum") ?? node).span, "wrong-value", `\`maximum\` ${maximum} is less than \`minimum\` ${minimum}`, "no value would fit"));
  }
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

/** The values that are possible. A list whose items are wrong is reported by the conversion. */
function enumOf(node: MapNode, type: "string" | "integer", report: Report): readonly (string | number)[] | undefined {
  const list = valueAt(node, "enum");
  if (list?.kind !== "list") return undefined;
  return list.items.flatMap((item) => {
    const { value, diagnostics } = valueOf(item, { type });
    diagnostics.forEach(report);
    return typeof value === "string" || typeof value === "number" ? [value] : [];
  });
}

function formatOf(node: MapNode, report: Report): (typeof STRING_FORMATS)[number] | undefined {
  const format = valueAt(node, "format");
  if (format?.kind !== "scalar") return undefined;
  const known = STRING_FORMATS.find((name) => name === format.text);
  if (known === undefined) report(errorAt(format.span, "unknown-format", `there is no format \`${format.text}\``, nameHint(format.text, STRING_FORMATS)));
  return known;
}

function patternOf(node: MapNode, report: Report): string | undefined {
  const pattern = valueAt(node, "pattern");
  if (pattern?.kind !== "scalar") return undefined;
  const fault = checkPattern(pattern.text);
  if (fault === undefined) return pattern.text;
  report(errorAt(pattern.span, "bad-pattern", fault));
  return undefined;
}

function bare(node: MapNode, type: TypeName, report: Report): Schema {
  switch (type) {
    case "string": {
      const [format, pattern, values] = [formatOf(node, report), patternOf(node, report), enumOf(node, "string", report)];
      return { type, ...(format === undefined ? {} : { format }), ...(pattern === undefined ? {} : { pattern }), ...(values === undefined ? {} : { enum: values.map(String) }) };
    }
    case "integer":
    case "number": {
      const { minimum, maximum } = bounds(node, type, report);
      const range = { ...(minimum === undefined ? {} : { minimum: Number(minimum) }), ...(maximum === undefined ? {} : { maximum: Number(maximum) }) };
      const values = type === "integer" ? enumOf(node, "integer", report) : undefined;
      return type === "number" ? { type, ...range } : { type, ...range, ...(values === undefined ? {} : { enum: values.map(Number) }) };
    }
    case "duration":
    case "size":
      return { type, ...bounds(node, type, report) };
    case "boolean":
      return { type };
    case "list": {
      const items = valueAt(node, "items");
      return { type, items: items === undefined ? { type: "string" } : lowerSchema(items, report) };
    }
    case "object":
      return { type, properties: lowerProperties(valueAt(node, "properties"), report) };
    default:
      return assertNever(type);
  }
}

function flag(node: MapNode, key: string): boolean | undefined {
  const text = textAt(node, key);
  return text === "true" ? true : text === "false" ? false : undefined;
}

function examplesOf(node: MapNode, schema: Schema, report: Report): readonly Json[] {
  const examples = valueAt(node, "examples");
  return (examples?.kind === "list" ? examples.items : []).flatMap((example): readonly Json[] => {
    const { value, diagnostics } = valueOf(example, schema);
    diagnostics.forEach(report);
    return value === undefined ? [] : [value];
  });
}

/** What cannot stand beside `secret`, and why. */
const NOT_BESIDE_SECRET: Readonly<Record<string, string>> = {
  default: "it would stand in the file for everybody to read; `from` says where it is kept",
  examples: "nobody is shown what a secret looks like; `description` says what it is",
  enum: "what is one of a few words is soon guessed",
  format: "what is brought to another form can no longer be recognized and masked",
  remember: "what is remembered is kept in the journal, and a secret never is",
};

function refuseBesideSecret(node: MapNode, type: TypeName, report: Report): void {
  if (type !== "string") report(errorAt((valueAt(node, "type") ?? node).span, "not-beside-secret", `a secret is a text, and this is of type \`${type}\``, "leave `type` out; a secret of several parts is several inputs"));
  for (const [key, hint] of Object.entries(NOT_BESIDE_SECRET)) {
    const entry = entryAt(node, key);
    if (entry !== undefined) report(errorAt(entry.key.span, "not-beside-secret", `a secret has no \`${key}\``, hint));
  }
}

/** A declaration of a type: its grammar as the author wrote it (language.md section 3), or the name of a type alone. Its default and its examples must satisfy the rest. */
export function lowerSchema(node: Node, report: Report): Schema {
  if (node.kind === "scalar") {
    const known = TYPES.find((name) => name === node.text) ?? "string";
    return known === "list" ? { type: "list", items: { type: "string" } } : known === "object" ? { type: "object", properties: emptyObject<Schema>() } : { type: known };
  }
  if (node.kind === "list") return { type: "string" };
  const type = typeOf(node, report);
  const schema = bare(node, type, report);
  const [description, required, remember, secret] = [textAt(node, "description"), flag(node, "required"), flag(node, "remember"), flag(node, "secret")];
  if (secret === true) refuseBesideSecret(node, type, report);
  else if (hasKey(node, "from") && hasKey(node, "secret")) report(errorAt((valueAt(node, "from") ?? node).span, "not-a-secret", "`from` says where a secret is asked for, and this input is none", "write `secret: true` beside it"));
  // What is refused beside a secret is not quoted in a second message.
  const examples = secret === true ? [] : examplesOf(node, schema, report);
  const whole = {
    ...schema,
    ...(description === undefined ? {} : { description }),
    ...(required === undefined ? {} : { required }),
    ...(remember === undefined ? {} : { remember }),
    ...(secret === true ? { secret } : {}),
    ...(examples.length === 0 ? {} : { examples }),
  };
  const given = secret === true ? undefined : valueAt(node, "default");
  if (given === undefined) return whole as Schema;
  const { value, diagnostics } = valueOf(given, schema);
  diagnostics.forEach(report);
  // Default and examples have the type of the schema that they were just converted by. A default that does not fit was reported; the input still counts as one that has a default.
  return { ...whole, default: value ?? "" } as Schema;
}

/** False for a declaration with a key, a type or a format that there is not, which the validator has refused: nobody can tell its type. */
function isSound(node: Node): boolean {
  if (node.kind !== "map" || node.entries.some(({ key }) => RECORDS["input"]?.keys.includes(key.text) !== true)) return false;
  const [type, format] = [textAt(node, "type"), textAt(node, "format")];
  return (type === undefined || TYPES.some((name) => name === type)) && (format === undefined || STRING_FORMATS.some((name) => name === format));
}

/** Named declarations: the inputs of a file, the properties of an object. */
export function lowerProperties(node: Node | undefined, report: Report): Properties {
  const properties = emptyObject<Schema>();
  if (node?.kind === "map") for (const { key, value } of node.entries) properties[key.text] = isSound(value) ? lowerSchema(value, report) : { type: "any" };
  return properties;
}

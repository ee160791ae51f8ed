import { assertNever } from "../../core/assert-never.ts";
import { emptyObject, isJsonObject, type Json } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import { SECRET_HOLE } from "../../core/plan.ts";
import { formatDuration, formatSize, parseDuration, parseSize } from "../../core/quantity.ts";
import { error, ok, type Result } from "../../core/result.ts";
import { isRequired, type DurationSchema, type IntegerSchema, type NumberSchema, type ObjectSchema, type Schema, type SizeSchema, type StringSchema } from "../../core/schema.ts";
import { canonicalText } from "./convert-format.ts";
import { matchesPattern } from "./convert-pattern.ts";

/** What does not fit, and where in the value: `members[1].name`, empty for the value itself. */
export interface ValueFault {
  readonly path: string;
  readonly message: string;
}

/** How deep a value may be nested. */
const DEEPEST = 100;

/** What a number does in the place of a text: it is written out (a value that a template passed on), or refused (`[8.10]`, whose zero JSON has already eaten). */
type NumberAsText = "written" | "refused";

/**
 * A text (from `--set`, the environment, a prompt, a YAML scalar) as a value of a schema, in its one form. Lists, objects and maps
 * are written as JSON. A text for a string stays as it is: `8.10` is `8.10`. On the unhappy path: one sentence with every fault.
 */
export function convertText(text: string, schema: Schema): Result<Json, string> {
  const read = valueOfText(text, schema);
  if (read.kind === "error") return read;
  const faults: ValueFault[] = [];
  const value = convert(read.value, schema, "", 0, "refused", faults);
  if (faults.length > 0 || value === undefined) return error(faults.map(({ path, message }) => (path === "" ? message : `\`${path}\`: ${message}`)).join("; "));
  return ok(value);
}

/**
 * A JSON value as a value of a schema, in its one form: durations and sizes shortest, machine names in one case, times in UTC,
 * defaults filled in. A text never becomes a number; a number becomes a text where one is due. On the unhappy path: every fault.
 */
export function convertValue(value: unknown, schema: Schema): Result<Json, readonly ValueFault[]> {
  const faults: ValueFault[] = [];
  const converted = convert(value, schema, "", 0, "written", faults);
  return faults.length > 0 || converted === undefined ? error(faults) : ok(converted);
}

/** What a text says where the schema's values are not written as text anyway. */
function valueOfText(text: string, schema: Schema): Result<unknown, string> {
  switch (schema.type) {
    case "integer":
      if (/^-?(?:0|[1-9]\d*)$/.test(text)) return ok(Number(text));
      return error(`expected a whole number, found ${describe(text)}${/^-?0\d+$/.test(text) ? ": a number does not begin with 0" : ""}`);
    case "number":
      return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(text) ? ok(Number(text)) : error(`expected a number, found ${describe(text)}`);
    case "boolean":
      return text === "true" || text === "false" ? ok(text === "true") : error(`expected true or false, found ${describe(text)}`);
    case "list":
    case "object":
    case "map":
      return valueOfJson(text, schema.type);
    case "string":
    case "duration":
    case "size":
    case "any":
    case "condition":
    case "reading":
      return ok(text);
    default:
      return assertNever(schema);
  }
}

function valueOfJson(text: string, type: "list" | "object" | "map"): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return error(type === "list" ? `expected a list written as JSON, \`["a", "b"]\`, found ${describe(text)}` : `expected an object written as JSON, \`{"name": "value"}\`, found ${describe(text)}`);
  }
}

/** The value in its one form; undefined where there is a fault, which is then in `faults`. */
function convert(value: unknown, schema: Schema, path: string, depth: number, numberAsText: NumberAsText, faults: ValueFault[]): Json | undefined {
  const refuse = (message: string): undefined => void faults.push({ path, message });
  if (depth > DEEPEST) return refuse(`the value is nested more than ${DEEPEST} deep`);
  const inner = (item: unknown, of: Schema, at: string): Json | undefined => convert(item, of, at, depth + 1, numberAsText, faults);
  switch (schema.type) {
    case "string":
      return convertString(value, schema, numberAsText, refuse);
    case "integer":
    case "number":
      return convertNumber(value, schema, refuse);
    case "boolean":
      return typeof value === "boolean" ? value : refuse(`expected true or false, found ${describe(value)}`);
    case "duration":
    case "size":
      return convertQuantity(value, schema, refuse);
    case "list": {
      if (!Array.isArray(value)) return refuse(`expected a list, found ${describe(value)}`);
      const items = value.map((item, index) => inner(item, schema.items, `${path}[${index}]`));
      return items.filter((item) => item !== undefined);
    }
    case "map": {
      if (!isJsonObject(value)) return refuse(`expected an object, found ${describe(value)}`);
      const entries = Object.entries(value).map(([key, item]) => [key, inner(item, schema.values, below(path, key))] as const);
      return objectOf(entries);
    }
    case "object":
      return isJsonObject(value) ? convertObject(value, schema, path, inner, faults) : refuse(`expected an object, found ${describe(value)}`);
    case "any":
    case "condition":
    case "reading":
      return convertAny(value, schema, path, inner, refuse);
    default:
      return assertNever(schema);
  }
}

type Refuse = (message: string) => undefined;
type Inner = (item: unknown, of: Schema, at: string) => Json | undefined;

function convertString(value: unknown, schema: StringSchema, numberAsText: NumberAsText, refuse: Refuse): string | undefined {
  const isWritten = (typeof value === "number" && Number.isFinite(value)) || typeof value === "boolean";
  if (isWritten && numberAsText === "refused") return refuse(`expected a text, found ${describe(value)}: put it into double quotes`);
  if (typeof value !== "string" && !isWritten) return refuse(`expected a text, found ${describe(value)}`);
  let text = String(value);
  // A plan holds no secret: whether one fits is seen where it is read.
  if (text.includes(SECRET_HOLE)) return text;
  if (schema.format !== undefined) {
    const canonical = canonicalText(text, schema.format);
    if (canonical.kind === "error") return refuse(`expected ${canonical.error}, found ${describe(text)}`);
    text = canonical.value;
  }
  if (schema.enum !== undefined && !schema.enum.includes(text)) {
    const hint = nameHint(text, schema.enum);
    return refuse(`expected one of ${schema.enum.map((one) => `\`${one}\``).join(", ")}, found ${describe(text)}${hint?.startsWith("did") === true ? `, ${hint}` : ""}`);
  }
  if (schema.pattern !== undefined && matchesPattern(schema.pattern, text) !== true) return refuse(`expected a text that matches \`${schema.pattern}\`, found ${describe(text)}`);
  return text;
}

function convertNumber(value: unknown, schema: IntegerSchema | NumberSchema, refuse: Refuse): number | undefined {
  const kind = schema.type === "integer" ? "a whole number" : "a number";
  if (typeof value !== "number" || !Number.isFinite(value)) return refuse(`expected ${kind}, found ${describe(value)}`);
  if (schema.type === "integer" && !Number.isInteger(value)) return refuse(`expected ${kind}, found ${describe(value)}`);
  if (schema.type === "integer" && !Number.isSafeInteger(value)) return refuse(`expected a whole number up to ${Number.MAX_SAFE_INTEGER}, found a larger one`);
  if (schema.type === "integer" && schema.enum !== undefined && !schema.enum.includes(value)) return refuse(`expected one of ${schema.enum.join(", ")}, found ${value}`);
  if (schema.minimum !== undefined && value < schema.minimum) return refuse(`expected at least ${schema.minimum}, found ${value}`);
  if (schema.maximum !== undefined && value > schema.maximum) return refuse(`expected at most ${schema.maximum}, found ${value}`);
  // Minus zero is zero to everybody but JavaScript.
  return value + 0;
}

const QUANTITIES = {
  duration: { parse: parseDuration, format: formatDuration, expected: "a duration: `90s`, `10m`, `1h30m`, `3d`", unit: "`90s`" },
  size: { parse: parseSize, format: formatSize, expected: "a size: `200MB`, `1.5GiB`", unit: "`200MB`" },
} as const;

function convertQuantity(value: unknown, schema: DurationSchema | SizeSchema, refuse: Refuse): string | undefined {
  const { parse, format, expected, unit } = QUANTITIES[schema.type];
  const amount = typeof value === "string" ? parse(value) : undefined;
  if (amount === undefined) {
    const isBare = typeof value === "number" || (typeof value === "string" && /^-?[\d.]+$/.test(value));
    return refuse(`expected ${expected}, found ${describe(value)}${isBare ? `, which has no unit: ${unit}` : ""}`);
  }
  const least = schema.minimum === undefined ? undefined : parse(schema.minimum);
  const most = schema.maximum === undefined ? undefined : parse(schema.maximum);
  if (least !== undefined && amount < least) return refuse(`expected at least ${schema.minimum}, found ${format(amount)}`);
  if (most !== undefined && amount > most) return refuse(`expected at most ${schema.maximum}, found ${format(amount)}`);
  return format(amount);
}

function convertObject(value: { readonly [key: string]: unknown }, schema: ObjectSchema, path: string, inner: Inner, faults: ValueFault[]): Json {
  const names = Object.keys(schema.properties);
  for (const key of Object.keys(value)) {
    if (names.includes(key) || value[key] === undefined) continue;
    const hint = nameHint(key, names);
    faults.push({ path: below(path, key), message: `there is no such name here${hint === undefined ? "" : `, ${hint}`}` });
  }
  const entries: (readonly [string, Json | undefined])[] = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const filled = given ?? (given === undefined && "default" in property ? property.default : given);
    if (filled !== undefined) entries.push([name, inner(filled, property, below(path, name))]);
    else if (isRequired(property)) faults.push({ path: below(path, name), message: "is missing" });
  }
  return objectOf(entries);
}

function convertAny(value: unknown, schema: Schema, path: string, inner: Inner, refuse: Refuse): Json | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => inner(item, schema, `${path}[${index}]`)).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return refuse("expected a JSON value");
  return objectOf(Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, inner(item, schema, below(path, key))]));
}

function objectOf(entries: readonly (readonly [string, Json | undefined])[]): Json {
  const object = emptyObject<Json>();
  for (const [name, item] of entries) if (item !== undefined) object[name] = item;
  return object;
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** A value for a message: short, and what kind it is. */
function describe(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : "an object";
}

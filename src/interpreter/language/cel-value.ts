import { Duration } from "@marcbachmann/cel-js/evaluator";
import { assertNever } from "../../core/assert-never.ts";
import { emptyObject, isJsonObject, type Json } from "../../core/json.ts";
import { formatDuration, formatSize, parseDuration, parseSize } from "../../core/quantity.ts";
import type { Schema } from "../../core/schema.ts";
import { compareVersions } from "../../core/version.ts";
import { recordOf } from "./cel-type.ts";
import { formatTime, parseTime } from "./convert-time.ts";

/** Why an evaluation cannot tell: a sentence. Thrown by our functions inside an evaluation and caught at its end. */
export class NotKnown extends Error {}

/** A version in CEL: compares by its numbers, is written as it was given. */
export class CelVersion {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  compare(other: CelVersion): number {
    return compareVersions(this.text, other.text);
  }
}

/** A number of bytes in CEL. */
export class CelSize {
  readonly bytes: number;
  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** A text as a duration, in CEL. Throws {@link NotKnown} where it is none. */
export function celDuration(text: string): Duration {
  const ms = parseDuration(text);
  if (ms === undefined) throw new NotKnown(`${JSON.stringify(text)} is no duration (\`90s\`, \`1h30m\`, \`3d\`)`);
  return Duration.fromMilliseconds(ms);
}

/** A text as a size, in CEL. Throws {@link NotKnown} where it is none. */
export function celSize(text: string): CelSize {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new NotKnown(`${JSON.stringify(text)} is no size (\`200MB\`, \`1.5GiB\`)`);
  return new CelSize(bytes);
}

/** A text as a time, in CEL. Throws {@link NotKnown} where it is none. */
export function celTime(text: string): Date {
  const ms = parseTime(text);
  if (ms === undefined) throw new NotKnown(`${JSON.stringify(text)} is no time (\`2007-11-20T09:00:00Z\`)`);
  return new Date(ms);
}

/** How much was handed to CEL: what a bound on the work is taken from. */
export interface CelAmount {
  values: number;
}

/** A JSON value as CEL wants it, by its type: integers as BigInt, objects as Maps (a key `constructor` is only a key there). Throws {@link NotKnown} where the value is not of that type. */
export function toCel(value: Json, schema: Schema, amount: CelAmount): unknown {
  amount.values += 1;
  switch (schema.type) {
    case "string":
      if (typeof value !== "string") throw misfit(value, "a text");
      countText(value, amount);
      return schema.format === "version" ? new CelVersion(value) : schema.format === "time" ? celTime(value) : value;
    case "integer":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw misfit(value, "a whole number");
      return BigInt(value);
    case "number":
      if (typeof value !== "number") throw misfit(value, "a number");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw misfit(value, "true or false");
      return value;
    case "duration":
      if (typeof value !== "string") throw misfit(value, "a duration");
      return celDuration(value);
    case "size":
      if (typeof value !== "string") throw misfit(value, "a size");
      return celSize(value);
    case "list":
      if (!Array.isArray(value)) throw misfit(value, "a list");
      return value.map((item: Json) => toCel(item, schema.items, amount));
    case "map":
      if (!isJsonObject(value)) throw misfit(value, "an object");
      return new Map(Object.entries(value).map(([key, item]) => [key, toCel(item, schema.values, amount)]));
    case "object": {
      if (!isJsonObject(value)) throw misfit(value, "an object");
      const entries: [string, unknown][] = [];
      for (const [name, property] of Object.entries(schema.properties)) {
        const item = Object.hasOwn(value, name) ? value[name] : undefined;
        if (item !== undefined) entries.push([name, toCel(item, property, amount)]);
      }
      return new (recordOf(schema.properties).ctor)(entries);
    }
    case "any":
    case "condition":
    case "reading":
      return anyToCel(value, amount);
    default:
      return assertNever(schema);
  }
}

/** A value of which only the value itself says what it is: whole numbers are integers. */
function anyToCel(value: Json, amount: CelAmount): unknown {
  amount.values += 1;
  if (typeof value === "string") countText(value, amount);
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item: Json) => anyToCel(item, amount));
  if (isJsonObject(value)) return new Map(Object.entries(value).map(([key, item]) => [key, anyToCel(item, amount)]));
  return value;
}

/** A long text can be split into many. */
function countText(text: string, amount: CelAmount): void {
  amount.values += Math.floor(text.length / 1_000);
}

function misfit(value: Json, expected: string): NotKnown {
  const shown = JSON.stringify(value);
  return new NotKnown(`is not ${expected}: ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`);
}

/** A CEL value as JSON, in its one form. Throws {@link NotKnown} where JSON has none: a number too large, a negative length of time. */
export function fromCel(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new NotKnown(`the number ${value} is too large`);
    return number;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotKnown("the result is no finite number");
    return value;
  }
  if (value instanceof CelVersion) return value.text;
  if (value instanceof CelSize) return value.bytes < 0 ? tooSmall("size") : formatSize(value.bytes);
  if (value instanceof Duration) return value.valueOf() < 0 ? tooSmall("duration") : formatDuration(value.valueOf());
  if (value instanceof Date) return formatTime(value.getTime());
  if (Array.isArray(value)) return value.map(fromCel);
  const object = emptyObject<Json>();
  for (const [key, item] of value instanceof Map ? value : Object.entries(value ?? {})) object[String(key)] = fromCel(item);
  return object;
}

function tooSmall(kind: "size" | "duration"): never {
  throw new NotKnown(`the result is a ${kind} below zero`);
}

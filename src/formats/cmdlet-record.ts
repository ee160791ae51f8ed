import type { CmdletResult } from "../core/action.ts";
import { isJsonObject, ownValue, type JsonObject } from "../core/json.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";

/** A property's text; undefined where it is absent, empty or no text. */
export function textField(record: JsonObject, name: string): string | undefined {
  const value = ownValue(record, name);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** A property's whole number from 0; undefined where it is none. */
export function countField(record: JsonObject, name: string): number | undefined {
  const value = ownValue(record, name);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A property's true or false; undefined where it is neither. */
export function flagField(record: JsonObject, name: string): boolean | undefined {
  const value = ownValue(record, name);
  return typeof value === "boolean" ? value : undefined;
}

/** A property's list of texts. An absent property is an empty list and a single text a list of one: PowerShell unrolls both. Undefined where an item is no text. */
export function textsField(record: JsonObject, name: string): readonly string[] | undefined {
  const value = ownValue(record, name);
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return items.every((item) => typeof item === "string") ? items : undefined;
}

/** The records of an answer; unreadable where one is no object. */
export function recordsOf(what: string, result: CmdletResult): Reading<readonly JsonObject[]> {
  return Array.isArray(result.records) && result.records.every(isJsonObject) ? ok(result.records) : unreadable(what, "the answer is no list of records");
}

/** The only record of an answer: none is `not_found`, several are unreadable. */
export function oneRecord(what: string, result: CmdletResult): Reading<JsonObject> {
  const records = recordsOf(what, result);
  if (records.kind === "error") return records;
  const [record] = records.value;
  if (record === undefined) return error({ code: "not_found", because: `${what} gave no answer: it does not exist` });
  return records.value.length === 1 ? ok(record) : unreadable(what, `expected one record, found ${records.value.length}`);
}

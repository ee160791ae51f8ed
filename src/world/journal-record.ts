import { hash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";

/** The version of the journal's format that this program writes. */
export const JOURNAL_VERSION = 1;

/** Texts longer than this stand beside the journal, named by their digest: in UTF-16 units. */
const LONG_TEXT = 4_096;

/** Key of the object that stands for a text beside the journal; of an object that happens to have it, the key is doubled. */
const OUTPUT_KEY = "$output";
const ESCAPED_KEY = "$$output";

/** A text that stands beside the journal. */
export interface OutputText {
  readonly digest: string;
  readonly text: string;
}

/** SHA-256 of a text, 64 lower-case hexadecimal digits. */
export function digestOfText(text: string): string {
  return hash("sha256", text, "hex");
}

/** The chain's next digest: over the one before and the record as it is written, so that no record can be changed, left out or put in unseen. */
export function chained(before: string, written: string): string {
  return digestOfText(`${before}\n${written}`);
}

/** A record as it is written, and the long texts that stand beside it. Most records are short, and hold none; a long one, as of a plan, need not hold any either. */
export function writtenOf(value: Json): { readonly written: string; readonly outputs: readonly OutputText[] } {
  const whole = JSON.stringify(value);
  if (!whole.includes(OUTPUT_KEY) && (whole.length <= LONG_TEXT || !holdsLongText(value))) return { written: whole, outputs: [] };
  const { value: short, outputs } = withoutLongTexts(value);
  return { written: JSON.stringify(short), outputs };
}

function holdsLongText(value: Json): boolean {
  if (typeof value === "string") return value.length > LONG_TEXT;
  if (typeof value !== "object" || value === null) return false;
  for (const inner of Array.isArray(value) ? value as readonly Json[] : Object.values(value)) if (holdsLongText(inner)) return true;
  return false;
}

/** A record without its long texts, and these. */
function withoutLongTexts(value: Json): { readonly value: Json; readonly outputs: readonly OutputText[] } {
  const outputs: OutputText[] = [];
  const walk = (inner: Json): Json => {
    if (typeof inner === "string") {
      if (inner.length <= LONG_TEXT) return inner;
      const digest = digestOfText(inner);
      outputs.push({ digest, text: inner });
      return { [OUTPUT_KEY]: digest };
    }
    if (Array.isArray(inner)) return (inner as readonly Json[]).map(walk);
    if (!isJsonObject(inner)) return inner;
    return renamed(inner, (key) => (key.startsWith("$") && key.endsWith(OUTPUT_KEY) ? `$${key}` : key), walk);
  };
  return { value: walk(value), outputs };
}

/** True if a record, as it is written, may name a text that stands beside it. Most do not, and are what they are. */
export function mayNameTexts(written: string): boolean {
  return written.includes(OUTPUT_KEY);
}

/** The record as it was, with its long texts. A text that is not there gives undefined. */
export function withLongTexts(value: Json, textOf: (digest: string) => string | undefined): { readonly value: Json; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const walk = (inner: Json): Json => {
    if (Array.isArray(inner)) return (inner as readonly Json[]).map(walk);
    if (!isJsonObject(inner)) return inner;
    const digest = inner[OUTPUT_KEY];
    if (typeof digest === "string" && Object.keys(inner).length === 1) {
      const text = textOf(digest);
      if (text === undefined) missing.push(digest);
      return text ?? "";
    }
    return renamed(inner, (key) => (key.startsWith("$") && key.endsWith(ESCAPED_KEY) ? key.slice(1) : key), walk);
  };
  return { value: walk(value), missing };
}

function renamed(object: JsonObject, keyOf: (key: string) => string, walk: (value: Json) => Json): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [keyOf(key), walk(value)]));
}

/** The first line of a journal. */
export interface JournalHeader {
  readonly journal: number;
  readonly run: string;
  readonly tool: string;
}

/** What every line of a journal begins with. */
export const LINE_START = '{"chain":"';

/**
 * A line of a journal: what is recorded, as it is written, and the chain up to it. `seal`, which the last line of what is written at once has: SHA-256 of all
 * bytes of the file before the line, so that the whole of a long journal is proved by one digest.
 */
export function lineOf(written: string, chain: string, seal?: string): string {
  return `${LINE_START}${chain}${seal === undefined ? "" : `${SEAL_START}${seal}`}${RECORD_START}${written}}\n`;
}

const CHAIN_END = LINE_START.length + 64;
const SEAL_START = '","file":"';
const SEAL_END = CHAIN_END + SEAL_START.length + 64;
const RECORD_START = '","record":';

/** The parts of a line; undefined where it is none. Whether the chain is one, and the seal, is told by whoever compares them. */
export function partsOf(line: string): { readonly chain: string; readonly seal: string | undefined; readonly written: string } | undefined {
  if (!line.startsWith(LINE_START) || !line.endsWith("}")) return undefined;
  const isSealed = line.startsWith(SEAL_START, CHAIN_END);
  const end = isSealed ? SEAL_END : CHAIN_END;
  if (!line.startsWith(RECORD_START, end)) return undefined;
  return { chain: line.slice(LINE_START.length, CHAIN_END), seal: isSealed ? line.slice(CHAIN_END + SEAL_START.length, SEAL_END) : undefined, written: line.slice(end + RECORD_START.length, -1) };
}

/** What is recorded in the line between these places of a text of lines: as it is written. "" where there is no line of a journal. */
export function writtenIn(lines: string, start: number, end: number): string {
  const record = lines.startsWith(SEAL_START, start + CHAIN_END) ? start + SEAL_END : start + CHAIN_END;
  return lines.startsWith(RECORD_START, record) ? lines.slice(record + RECORD_START.length, end - 1) : "";
}

/** The seal of the line that begins there; undefined where it has none. */
export function sealAt(bytes: Buffer, start: number): string | undefined {
  const from = start + CHAIN_END;
  return bytes.toString("latin1", from, from + SEAL_START.length) === SEAL_START ? bytes.toString("latin1", from + SEAL_START.length, start + SEAL_END) : undefined;
}

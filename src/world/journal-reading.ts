import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../core/event.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { chained, digestOfText, JOURNAL_VERSION, LINE_START, mayNameTexts, partsOf, withLongTexts, type JournalHeader } from "./journal-record.ts";

/** The journal of a run, as it lies there. */
export interface JournalReading {
  readonly header: JournalHeader;
  readonly events: readonly Event[];
  /** The chain's last digest: whoever knows it knows that nothing before was changed. */
  readonly chain: string;
  /** Bytes up to the end of the last whole record. */
  readonly bytes: number;
  /** Bytes behind it: a record that was torn when the runner or the machine died. 0 for a whole journal. */
  readonly cutBytes: number;
  /** `line`: what was cut ends with the end of a line, so that it was hardly torn, but changed. */
  readonly cut: "nothing" | "torn" | "line";
}

/** Called with each record that follows from the one before, and its digest: also with those before a damaged one. */
export type SeeRecord = (event: Event, chain: string) => void;

/** Why there is no reading. `never-began`: nothing of the run was recorded, so nothing was done; `damaged`: what is there is no journal of ours any more, or one of a newer version. */
export interface JournalFault {
  readonly kind: "never-began" | "damaged";
  readonly because: string;
}

/** Name of the journal in the folder of a run. */
export const JOURNAL_FILE = "journal.jsonl";

/** Where long texts of the journal lie, beside it. */
export const OUTPUT_FOLDER = "output";

/**
 * Reads a journal and checks its chain. A torn last record is left out and counted; a record that is damaged anywhere else is an error
 * that names it. An empty file, one whose header is torn, and one without a record are runs that never began.
 */
export function readJournal(folder: string, see?: SeeRecord): Result<JournalReading, JournalFault> {
  const path = join(folder, JOURNAL_FILE);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (fault) {
    return error(systemCode(fault) === "ENOENT" ? neverBegan(path, "it has no journal") : { kind: "damaged", because: fileFailure(path, fault).because });
  }
  const reader = new Reader(folder, path, see);
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const isLast = end === bytes.length - 1;
    const fault = reader.take(bytes.toString("utf8", start, end), start, isLast ? "last" : "inner");
    if (fault === "torn") break;
    if (fault !== undefined) return error({ kind: "damaged", because: fault });
    start = end + 1;
  }
  return reader.read(start, bytes.length - start, bytes.at(-1) === 10 ? "line" : "torn");
}

/** Lives while one journal is read. */
class Reader {
  readonly #folder: string;
  readonly #path: string;
  readonly #see: SeeRecord | undefined;
  #header: JournalHeader | undefined;
  #chain = "";
  readonly #events: Event[] = [];

  constructor(folder: string, path: string, see: SeeRecord | undefined) {
    this.#folder = folder;
    this.#path = path;
    this.#see = see;
  }

  /** What is wrong with a line: a sentence, or that it was torn. */
  take(line: string, offset: number, place: "inner" | "last"): string | "torn" | undefined {
    const number = this.#header === undefined ? 0 : this.#events.length + 1;
    const damaged = (what: string): string | "torn" => (place === "last" && !this.#holdsNext(line) ? "torn" : `${this.#path}: record ${number}, at byte ${offset}, ${what}. The journal was changed or damaged; restore it from a copy, or give the run up: abandon --without-journal`);
    const parts = partsOf(line);
    if (parts === undefined) return damaged("is no record");
    if (chained(this.#chain, parts.written) !== parts.chain) return damaged("does not follow from the one before");
    const written = parsed(parts.written);
    if (written === undefined) return damaged("is not JSON");
    if (this.#header === undefined) {
      const header = headerOf(written);
      if (header === undefined) return damaged("is no header");
      if (!Number.isSafeInteger(header.journal) || header.journal < 1) return `${this.#path}: ${header.journal} is no version of the journal's format`;
      if (header.journal > JOURNAL_VERSION) return `${this.#path} was written by a newer version of runbook (${header.tool}); this one reads journals up to version ${JOURNAL_VERSION}`;
      this.#header = header;
    } else {
      const { value, missing } = mayNameTexts(parts.written) ? withLongTexts(written, (digest) => this.#output(digest)) : { value: written, missing: [] };
      if (missing.length > 0) return `${this.#path}: record ${number}, at byte ${offset}, names the output ${missing.join(", ")}, which is missing or was changed in ${join(this.#folder, OUTPUT_FOLDER)}`;
      // What is chained was written by us.
      const event = value as unknown as Event;
      const before = this.#events.at(-1);
      if (event.seq !== (before?.seq ?? 0) + 1 || event.run !== this.#header.run || (before !== undefined && event.at < before.at)) return damaged("is not the next of this run");
      this.#events.push(event);
      this.#see?.(event, parts.chain);
    }
    this.#chain = parts.chain;
    return undefined;
  }

  /** True for a line that begins with a whole record: not torn, but run together with the next one because what ended it was changed. */
  #holdsNext(line: string): boolean {
    const parts = partsOf(line.slice(0, Math.max(0, line.indexOf(LINE_START, 1) - 1)));
    return parts !== undefined && chained(this.#chain, parts.written) === parts.chain;
  }

  read(bytes: number, cutBytes: number, tail: "torn" | "line"): Result<JournalReading, JournalFault> {
    if (this.#header === undefined) return error(neverBegan(this.#path, "its journal has no header"));
    if (this.#events.length === 0) return error(neverBegan(this.#path, "its journal has no record"));
    return ok({ header: this.#header, events: this.#events, chain: this.#chain, bytes, cutBytes, cut: cutBytes === 0 ? "nothing" : tail });
  }

  #output(digest: string): string | undefined {
    if (!/^[0-9a-f]{64}$/.test(digest)) return undefined;
    try {
      const text = readFileSync(join(this.#folder, OUTPUT_FOLDER, digest), "utf8");
      return digestOfText(text) === digest ? text : undefined;
    } catch (fault) {
      if (systemCode(fault) === "ENOENT") return undefined;
      throw fault;
    }
  }
}

function neverBegan(path: string, what: string): JournalFault {
  return { kind: "never-began", because: `${path}: the run never began: ${what}. Nothing was done; run it anew` };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined;
    throw fault;
  }
}

function headerOf(value: Json): JournalHeader | undefined {
  if (!isJsonObject(value)) return undefined;
  const { journal, run, tool } = value;
  return typeof journal === "number" && typeof run === "string" && typeof tool === "string" ? { journal, run, tool } : undefined;
}

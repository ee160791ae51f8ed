import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../core/event.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { chained, digestOfText, JOURNAL_VERSION, LINE_START, mayNameTexts, partsOf, withLongTexts, type JournalHeader } from "./journal-record.ts";

/** The journal of a run, as it lies there. */
export interface JournalReading extends JournalPlace {
  readonly events: readonly Event[];
}

/** A journal whose chain holds. What its records say is read when somebody asks for it: most of a long one is not needed to tell how a run stands. */
export interface OpenJournal extends JournalPlace {
  /** The events of these types, in their order. Fails where one of them is no record of ours, or names an output that is missing. */
  only(types: ReadonlySet<Event["type"]>): Result<readonly Event[], JournalFault>;
  /** Time of the last record: RFC 3339. */
  readonly lastAt: string;
  /** Every event. Fails as `only` does. */
  whole(): Result<JournalReading, JournalFault>;
}

/** Where a journal ends, and what it is to be gone on with. */
export interface JournalPlace {
  readonly header: JournalHeader;
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

/** Reads a journal, as `openJournal` does, with every event. `see` is called with each of them, also with those before a damaged one. */
export function readJournal(folder: string, see?: SeeRecord, run?: string): Result<JournalReading, JournalFault> {
  const journal = openJournal(folder, see, run);
  return journal.kind === "error" ? journal : journal.value.whole();
}

/**
 * Opens a journal and checks its chain. A torn last record is left out and counted; a record that is damaged anywhere else is an error
 * that names it. An empty file, one whose header is torn, and one without a record are runs that never began. `run`: whose journal it must be.
 */
export function openJournal(folder: string, see?: SeeRecord, run?: string): Result<OpenJournal, JournalFault> {
  const path = join(folder, JOURNAL_FILE);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (fault) {
    return error(systemCode(fault) === "ENOENT" ? neverBegan(path, "it has no journal") : { kind: "damaged", because: fileFailure(path, fault).because });
  }
  const reader = new Reader(folder, path, bytes, { see, run });
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const isLast = end === bytes.length - 1;
    const fault = reader.take(start, end, isLast ? "last" : "inner");
    if (fault === "torn") break;
    if (fault !== undefined) return error({ kind: "damaged", because: fault });
    start = end + 1;
  }
  return reader.read(start, bytes.length - start, bytes.at(-1) === 10 ? "line" : "torn");
}

/** What every record begins with, as it is written, before its number; behind that its time, the run and its type. */
const RECORD_HEAD = '{"v":1,"seq":';

/** A record whose place in the chain was checked. Its line stays in the bytes of the journal until somebody asks for it: tens of thousands of texts are dear to keep. */
interface ChainedRecord {
  /** Of its line, in bytes. */
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** Lives while one journal is read. */
class Reader {
  readonly #folder: string;
  readonly #path: string;
  readonly #bytes: Buffer;
  readonly #see: SeeRecord | undefined;
  readonly #run: string | undefined;
  #header: JournalHeader | undefined;
  #chain = "";
  #lastAt = "";
  readonly #records: ChainedRecord[] = [];
  /** Each type once: a text cut out of a line would keep the whole line. */
  readonly #types = new Map<string, string>();

  constructor(folder: string, path: string, bytes: Buffer, { see, run }: { readonly see: SeeRecord | undefined; readonly run: string | undefined }) {
    this.#folder = folder;
    this.#path = path;
    this.#bytes = bytes;
    this.#see = see;
    this.#run = run;
  }

  /** What is wrong with the line between these bytes: a sentence, or that it was torn. */
  take(start: number, end: number, place: "inner" | "last"): string | "torn" | undefined {
    const line = this.#bytes.toString("utf8", start, end);
    const number = this.#header === undefined ? 0 : this.#records.length + 1;
    const damaged = (what: string): string | "torn" => (place === "last" && !this.#holdsNext(line) ? "torn" : this.#damaged(number, start, what));
    const parts = partsOf(line);
    if (parts === undefined) return damaged("is no record");
    if (chained(this.#chain, parts.written) !== parts.chain) return damaged("does not follow from the one before");
    if (this.#header === undefined) {
      const written = parsed(parts.written);
      const header = written === undefined ? undefined : headerOf(written);
      if (header === undefined) return damaged("is no header");
      if (!Number.isSafeInteger(header.journal) || header.journal < 1) return `${this.#path}: ${header.journal} is no version of the journal's format`;
      if (header.journal > JOURNAL_VERSION) return `${this.#path} was written by a newer version of runbook (${header.tool}); this one reads journals up to version ${JOURNAL_VERSION}: go on with that one`;
      if (this.#run !== undefined && header.run !== this.#run) return `${this.#path} is the journal of the run ${header.run}, not of ${this.#run}. Restore its own from a copy, or give the run up: abandon ${this.#run} --without-journal`;
      this.#header = header;
    } else {
      const type = this.#typeOfNext(parts.written, number, this.#header.run);
      if (type === undefined) return damaged("is not the next of this run");
      const record: ChainedRecord = { start, end, type };
      this.#records.push(record);
      if (this.#see !== undefined) {
        const event = this.#eventOf(record, number);
        if (event.kind === "error") return event.error.because;
        this.#see(event.value, parts.chain);
      }
    }
    this.#chain = parts.chain;
    return undefined;
  }

  /** The type of a record; undefined where it is not the one of that number, or not of this run, or of a time before the last one. */
  #typeOfNext(written: string, number: number, run: string): string | undefined {
    const head = `${RECORD_HEAD}${number},"at":"`;
    const behindAt = written.indexOf('"', head.length);
    const behindRun = `","run":"${run}","type":"`;
    const begin = behindAt + behindRun.length;
    const end = written.indexOf('"', begin);
    const at = written.slice(head.length, behindAt);
    if (!written.startsWith(head) || !written.startsWith(behindRun, behindAt) || end === -1 || at < this.#lastAt) return undefined;
    this.#lastAt = at;
    const type = written.slice(begin, end);
    const known = this.#types.get(type);
    if (known === undefined) this.#types.set(type, type);
    return known ?? type;
  }

  #damaged(number: number, offset: number, what: string): string {
    return `${this.#path}: record ${number}, at byte ${offset}, ${what}. The journal was changed or damaged; restore it from a copy, or give the run up: abandon --without-journal`;
  }

  /** True for a line that begins with a whole record: not torn, but run together with the next one because what ended it was changed. */
  #holdsNext(line: string): boolean {
    const parts = partsOf(line.slice(0, Math.max(0, line.indexOf(LINE_START, 1) - 1)));
    return parts !== undefined && chained(this.#chain, parts.written) === parts.chain;
  }

  read(bytes: number, cutBytes: number, tail: "torn" | "line"): Result<OpenJournal, JournalFault> {
    const records = this.#records;
    if (this.#header === undefined) return error(neverBegan(this.#path, "its journal has no header"));
    if (records.length === 0) return error(neverBegan(this.#path, "its journal has no record"));
    const place: JournalPlace = { header: this.#header, chain: this.#chain, bytes, cutBytes, cut: cutBytes === 0 ? "nothing" : tail };
    const eventsWhere = (isWanted: (record: ChainedRecord) => boolean): Result<readonly Event[], JournalFault> => {
      const events: Event[] = [];
      for (const [index, record] of records.entries()) {
        if (!isWanted(record)) continue;
        const event = this.#eventOf(record, index + 1);
        if (event.kind === "error") return event;
        events.push(event.value);
      }
      return ok(events);
    };
    return ok({
      ...place,
      only: (types: ReadonlySet<string>) => eventsWhere(({ type }) => types.has(type)),
      lastAt: this.#lastAt,
      whole() {
        const events = eventsWhere(() => true);
        return events.kind === "error" ? events : ok({ ...place, events: events.value });
      },
    });
  }

  #eventOf({ start, end }: ChainedRecord, number: number): Result<Event, JournalFault> {
    const damaged = (because: string): Result<never, JournalFault> => error({ kind: "damaged", because });
    const text = partsOf(this.#bytes.toString("utf8", start, end))?.written ?? "";
    const written = parsed(text);
    if (written === undefined) return damaged(this.#damaged(number, start, "is not JSON"));
    const { value, missing } = mayNameTexts(text) ? withLongTexts(written, (digest) => this.#output(digest)) : { value: written, missing: [] };
    if (missing.length > 0) return damaged(`${this.#path}: record ${number}, at byte ${start}, names the output ${missing.join(", ")}, which is missing or was changed in ${join(this.#folder, OUTPUT_FOLDER)}`);
    // What is chained was written by us.
    return ok(value as unknown as Event);
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

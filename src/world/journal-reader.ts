import { createHash, type Hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../core/event.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { error, ok, type Result } from "../core/result.ts";
import { systemCode } from "./file-fault.ts";
import { OUTPUT_FOLDER, type JournalFault, type JournalPlace, type OpenJournal, type SeeRecord } from "./journal-reading.ts";
import { chained, digestOfText, JOURNAL_VERSION, LINE_START, mayNameTexts, partsOf, sealAt, withLongTexts, writtenIn, type JournalHeader } from "./journal-record.ts";

/** What every record begins with, as it is written: its number, its time, the run and its type. */
const RECORD_HEAD = /^\{"v":1,"seq":(\d+),"at":"([^"\\]+)","run":"([^"\\]+)","type":"([a-z-]+)"/;

/** Stands before the type of a record; nothing before it there is a text of anybody else. */
const TYPE_KEY = ',"type":"';

/** A record whose place in the chain was checked. Its line stays in the bytes of the journal until somebody asks for it: tens of thousands of texts are dear to keep. */
interface ChainedRecord {
  readonly number: number;
  /** Of its line, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** Lives while one journal is read. */
export class JournalReader {
  readonly #folder: string;
  readonly #path: string;
  readonly #bytes: Buffer;
  readonly #see: SeeRecord | undefined;
  readonly #run: string | undefined;
  #header: JournalHeader | undefined;
  #chain = "";
  #lastAt = "";
  /** Of the last record. */
  #number = 0;
  /** The records that a seal proves: they are not even told apart before somebody asks for them. */
  #proven = { start: 0, end: 0 };
  /** Those, decoded; undefined before somebody asks for one of them. */
  #text: string | undefined;
  readonly #checked: ChainedRecord[] = [];
  /** Over all bytes that were taken. */
  #hash = createHash("sha256");

  constructor(folder: string, path: string, bytes: Buffer, { see, run }: { readonly see: SeeRecord | undefined; readonly run: string | undefined }) {
    this.#folder = folder;
    this.#path = path;
    this.#bytes = bytes;
    this.#see = see;
    this.#run = run;
  }

  /** Takes all that the last seal proves, and gives the byte where that ends. 0 where there is no seal, or it does not hold: then every record has to be checked. */
  prove(): Result<number, JournalFault> {
    const proof = proofIn(this.#bytes);
    const headerEnd = this.#bytes.indexOf(10);
    if (proof === undefined || proof.end <= headerEnd + 1) return ok(0);
    const { end } = proof;
    const fault = this.take(0, headerEnd, "inner");
    if (fault !== undefined) return error({ kind: "damaged", because: fault });
    const lastStart = this.#bytes.lastIndexOf(10, end - 2) + 1;
    const parts = partsOf(this.#bytes.toString("utf8", lastStart, end - 1));
    const [, seq = "", at = ""] = RECORD_HEAD.exec(parts?.written ?? "") ?? [];
    if (parts === undefined || seq === "") return error({ kind: "damaged", because: this.#damaged(0, lastStart, "is no record") });
    this.#chain = parts.chain;
    this.#number = Number(seq);
    this.#lastAt = at;
    this.#proven = { start: headerEnd + 1, end };
    this.#hash = proof.hash;
    return ok(end);
  }

  /** What is wrong with the line between these bytes: a sentence, or that it was torn. */
  take(start: number, end: number, place: "inner" | "last"): string | "torn" | undefined {
    const line = this.#bytes.toString("utf8", start, end);
    const number = this.#header === undefined ? 0 : this.#number + 1;
    const damaged = (what: string): string | "torn" => (place === "last" && !this.#holdsNext(line) ? "torn" : this.#damaged(number, start, what));
    const parts = partsOf(line);
    if (parts === undefined) return damaged("is no record");
    if (chained(this.#chain, parts.written) !== parts.chain) return damaged("does not follow from the one before");
    if (parts.seal !== undefined && this.#hash.copy().digest("hex") !== parts.seal) return damaged("does not follow from the bytes before");
    if (this.#header === undefined) {
      const written = parsed(parts.written);
      const header = written === undefined ? undefined : headerOf(written);
      if (header === undefined) return damaged("is no header");
      if (!Number.isSafeInteger(header.journal) || header.journal < 1) return `${this.#path}: ${header.journal} is no version of the journal's format`;
      if (header.journal > JOURNAL_VERSION) return `${this.#path} was written by a newer version of runbook (${header.tool}); this one reads journals up to version ${JOURNAL_VERSION}: go on with that one`;
      if (this.#run !== undefined && header.run !== this.#run) return `${this.#path} is the journal of the run ${header.run}, not of ${this.#run}. Restore its own from a copy, or give the run up: abandon ${this.#run} --without-journal`;
      this.#header = header;
    } else {
      const [, seq = "", at = "", run = ""] = RECORD_HEAD.exec(parts.written) ?? [];
      if (Number(seq) !== number || run !== this.#header.run || at < this.#lastAt) return damaged("is not the next of this run");
      const record: ChainedRecord = { number, start, end };
      if (this.#see !== undefined) {
        const event = this.#eventOf(record);
        if (event.kind === "error") return event.error.because;
        this.#see(event.value, parts.chain);
      }
      this.#checked.push(record);
      this.#number = number;
      this.#lastAt = at;
    }
    this.#chain = parts.chain;
    this.#hash.update(this.#bytes.subarray(start, end + 1));
    return undefined;
  }

  #damaged(number: number, offset: number, what: string): string {
    return `${this.#path}: record ${number}, at byte ${offset}, ${what}. The journal was changed or damaged; restore it from a copy, or give the run up: abandon ${this.#run ?? this.#header?.run ?? "RUN"} --without-journal`;
  }

  /** True for a line that begins with a whole record: not torn, but run together with the next one because what ended it was changed. */
  #holdsNext(line: string): boolean {
    const parts = partsOf(line.slice(0, Math.max(0, line.indexOf(LINE_START, 1) - 1)));
    return parts !== undefined && chained(this.#chain, parts.written) === parts.chain;
  }

  read(bytes: number, cutBytes: number, tail: "torn" | "line"): Result<OpenJournal, JournalFault> {
    if (this.#header === undefined) return error(neverBegan(this.#path, "its journal has no header"));
    if (this.#number === 0) return error(neverBegan(this.#path, "its journal has no record"));
    const place: JournalPlace = { header: this.#header, chain: this.#chain, hash: this.#hash, bytes, cutBytes, cut: cutBytes === 0 ? "nothing" : tail };
    return ok({
      ...place,
      lastAt: this.#lastAt,
      only: (types: ReadonlySet<string>) => this.#eventsWhere((type) => types.has(type), "if-wanted"),
      read: (but: ReadonlySet<string> = new Set()) => {
        const events = this.#eventsWhere((type) => !but.has(type), "always");
        // Who has read all of it asks no more; a long text is dear to keep.
        this.#text = undefined;
        return events.kind === "error" ? events : ok({ ...place, events: events.value });
      },
    });
  }

  /**
   * The events of the types that are wanted, in their order. What a seal proves is decoded at once and once only, whatever is asked of it: its lines are
   * parts of one text, and the type of each is told by its head.
   */
  #eventsWhere(isWanted: (type: string) => boolean, last: "always" | "if-wanted"): Result<readonly Event[], JournalFault> {
    const events: Event[] = [];
    this.#text ??= this.#bytes.toString("utf8", this.#proven.start, this.#proven.end);
    const text = this.#text;
    const mayName = mayNameTexts(text);
    for (let start = 0, number = 1; start < text.length; number += 1) {
      const end = text.indexOf("\n", start);
      const type = text.indexOf(TYPE_KEY, start) + TYPE_KEY.length;
      if (isWanted(text.slice(type, text.indexOf('"', type)))) {
        const event = this.#eventIn(writtenIn(text, start, end), mayName, number, () => this.#proven.start + Buffer.byteLength(text.slice(0, start)));
        if (event.kind === "error") return event;
        events.push(event.value);
      }
      start = end + 1;
    }
    for (const [index, record] of this.#checked.entries()) {
      if (!isWanted(this.#typeOf(record)) && (last === "if-wanted" || index < this.#checked.length - 1)) continue;
      const event = this.#eventOf(record);
      if (event.kind === "error") return event;
      events.push(event.value);
    }
    return ok(events);
  }

  #typeOf({ start, end }: ChainedRecord): string {
    return typeIn(partsOf(this.#bytes.toString("utf8", start, end))?.written ?? "");
  }

  #eventOf({ number, start, end }: ChainedRecord): Result<Event, JournalFault> {
    const written = partsOf(this.#bytes.toString("utf8", start, end))?.written ?? "";
    return this.#eventIn(written, mayNameTexts(written), number, () => start);
  }

  /** The event of a record as it is written; `offset` of its line, in bytes, to name it where it is none. */
  #eventIn(text: string, mayName: boolean, number: number, offset: () => number): Result<Event, JournalFault> {
    const damaged = (because: string): Result<never, JournalFault> => error({ kind: "damaged", because });
    const written = parsed(text);
    if (written === undefined) return damaged(this.#damaged(number, offset(), "is not JSON"));
    const { value, missing } = mayName && mayNameTexts(text) ? withLongTexts(written, (digest) => this.#output(digest)) : { value: written, missing: [] };
    if (missing.length > 0) return damaged(`${this.#path}: record ${number}, at byte ${offset()}, names the output ${missing.join(", ")}, which is missing or was changed in ${join(this.#folder, OUTPUT_FOLDER)}`);
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

/** The type of a record as it is written; "" where that is none. */
function typeIn(written: string): string {
  return RECORD_HEAD.exec(written)?.[4] ?? "";
}

/** What the last seal of a journal proves: the bytes before its line, and the hash over them. Undefined where there is no seal, or it does not hold. */
function proofIn(bytes: Buffer): { readonly end: number; readonly hash: Hash } | undefined {
  for (let end = bytes.lastIndexOf(10); end > 0;) {
    const start = bytes.lastIndexOf(10, end - 1) + 1;
    const seal = sealAt(bytes, start);
    if (seal !== undefined) {
      const hash = createHash("sha256").update(bytes.subarray(0, start));
      return hash.copy().digest("hex") === seal ? { end: start, hash } : undefined;
    }
    end = start - 1;
  }
  return undefined;
}

/** There is no journal to speak of. */
export function neverBegan(path: string, what: string): JournalFault {
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

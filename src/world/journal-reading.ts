import type { Hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../core/event.ts";
import { error, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { JournalReader, neverBegan } from "./journal-reader.ts";
import type { JournalHeader } from "./journal-record.ts";

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
  /** Every event, or all but those of these types; the last one in any case. Fails as `only` does. */
  read(but?: ReadonlySet<Event["type"]>): Result<JournalReading, JournalFault>;
}

/** Where a journal ends, and what it is to be gone on with. */
export interface JournalPlace {
  readonly header: JournalHeader;
  /** The chain's last digest: whoever knows it knows that nothing before was changed. */
  readonly chain: string;
  /** SHA-256 over these bytes, to be gone on with by a copy. */
  readonly hash: Hash;
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
  return journal.kind === "error" ? journal : journal.value.read();
}

/**
 * Opens a journal and checks its chain; what lies before the last seal by that. A torn last record is left out and counted; a record that is
 * damaged anywhere else is an error that names it. An empty file, one whose header is torn, and one without a record are runs that never
 * began. `run`: whose journal it must be.
 */
export function openJournal(folder: string, see?: SeeRecord, run?: string): Result<OpenJournal, JournalFault> {
  const path = join(folder, JOURNAL_FILE);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (fault) {
    return error(systemCode(fault) === "ENOENT" ? neverBegan(path, "it has no journal") : { kind: "damaged", because: fileFailure(path, fault).because });
  }
  const reader = new JournalReader(folder, path, bytes, { see, run });
  // Whoever wants to see each record with its digest gets each of them checked.
  const proven = see === undefined ? reader.prove() : { kind: "ok" as const, value: 0 };
  if (proven.kind === "error") return proven;
  let start = proven.value;
  for (let end = bytes.indexOf(10, start); end !== -1; end = bytes.indexOf(10, start)) {
    const isLast = end === bytes.length - 1;
    const fault = reader.take(start, end, isLast ? "last" : "inner");
    if (fault === "torn") break;
    if (fault !== undefined) return error({ kind: "damaged", because: fault });
    start = end + 1;
  }
  return reader.read(start, bytes.length - start, bytes.at(-1) === 10 ? "line" : "torn");
}

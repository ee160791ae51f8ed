import { createHash, type Hash } from "node:crypto";
import { closeSync, fdatasync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as endOfTurn } from "node:timers/promises";
import { promisify } from "node:util";
import type { Event } from "../core/event.ts";
import type { Json } from "../core/json.ts";
import type { Journal } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { JOURNAL_FILE, OUTPUT_FOLDER, type JournalReading } from "./journal-reading.ts";
import { chained, JOURNAL_VERSION, lineOf, writtenOf, type JournalHeader } from "./journal-record.ts";
import { syncFolder } from "./sync-folder.ts";

/** So much is kept in memory before it is written, without being synced: in UTF-16 units. */
const BUFFER_LIMIT = 32 * 1024;

/** What was told is in the file after this, synced or not: a screen shows what others can read too, also while nothing is changed for long. */
const WRITTEN_AFTER_MS = 1_000;

/**
 * Where the last sync took less than this, the next is waited for in place: a thread takes longer to be woken than such a disk to
 * keep a record. On a slower one the process stays alive meanwhile.
 */
const IN_PLACE_MS = 1;

const syncInThread = promisify(fdatasync);

/** A journal that is being written. */
export interface JournalFile extends Journal {
  /** Writes and syncs what is left, and lets go of the file. */
  close(): Promise<Result<undefined, string>>;
}

/** Makes the journal of a new run in its folder. Throws where there is one already. */
export function createJournal(folder: string, header: Omit<JournalHeader, "journal">): Result<JournalFile, string> {
  const path = join(folder, JOURNAL_FILE);
  let file: number | undefined;
  try {
    mkdirSync(join(folder, OUTPUT_FOLDER), { recursive: true, mode: 0o700 });
    file = openSync(path, "wx", 0o600);
    const written = JSON.stringify({ journal: JOURNAL_VERSION, ...header } satisfies JournalHeader);
    const chain = chained("", written);
    const line = lineOf(written, chain);
    writeSync(file, line);
    fsyncSync(file);
    syncFolder(folder);
    return ok(new Writer(folder, path, file, chain, createHash("sha256").update(line)));
  } catch (fault) {
    if (file !== undefined) closeSync(file);
    return error(notWritten(path, fault));
  }
}

/** Goes on with the journal of a run that was read: a torn last record is cut off. */
export function continueJournal(folder: string, { bytes, cutBytes, chain, hash }: JournalReading): Result<JournalFile, string> {
  const path = join(folder, JOURNAL_FILE);
  try {
    const file = openSync(path, cutBytes > 0 ? "r+" : "a", 0o600);
    if (cutBytes > 0) {
      ftruncateSync(file, bytes);
      fsyncSync(file);
      closeSync(file);
    }
    return ok(new Writer(folder, path, cutBytes > 0 ? openSync(path, "a", 0o600) : file, chain, hash.copy()));
  } catch (fault) {
    return error(notWritten(path, fault));
  }
}

function notWritten(path: string, fault: unknown): string {
  const cure = systemCode(fault) === "ENOSPC" ? " Free some space, then go on." : "";
  return `The journal cannot be written: ${fileFailure(path, fault).because}.${cure}`;
}

/** Writes records in their order. All calls of `sync` in one turn of the event loop, and all that come while one is under way, share the next one. Once it has failed it stays so: what would follow a gap is no journal. */
class Writer implements JournalFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: number;
  #chain: string;
  /** Over all bytes of the file that are written. */
  readonly #hash: Hash;
  #buffer = "";
  /** The line behind the buffer: the last one of what is written at once is sealed. */
  #last: { readonly written: string; readonly chain: string } | undefined;
  #later: NodeJS.Timeout | undefined;
  /** True if something was written that was not synced. */
  #isDirty = false;
  #failed: string | undefined;
  #syncMs = IN_PLACE_MS;
  #underWay: Promise<unknown> = Promise.resolve();
  #next: Promise<Result<undefined, string>> | undefined;

  constructor(folder: string, path: string, file: number, chain: string, hash: Hash) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
    this.#chain = chain;
    this.#hash = hash;
  }

  append(event: Event): void {
    // Events are JSON.
    const { written, outputs } = writtenOf(event as unknown as Json);
    for (const { digest, text } of outputs) this.#keep(digest, text);
    this.#chain = chained(this.#chain, written);
    if (this.#last !== undefined) this.#buffer += lineOf(this.#last.written, this.#last.chain);
    this.#last = { written, chain: this.#chain };
    if (this.#buffer.length > BUFFER_LIMIT) this.#write();
    else this.#later ??= setTimeout(() => this.#write(), WRITTEN_AFTER_MS).unref();
  }

  sync(): Promise<Result<undefined, string>> {
    if (this.#next === undefined) {
      this.#next = this.#after(this.#underWay);
      this.#underWay = this.#next;
    }
    return this.#next;
  }

  async close(): Promise<Result<undefined, string>> {
    const last = await this.sync();
    closeSync(this.#file);
    return last;
  }

  async #after(before: Promise<unknown>): Promise<Result<undefined, string>> {
    await before;
    await endOfTurn();
    this.#next = undefined;
    this.#write();
    // What is written to a file that was removed is kept by nobody.
    if (this.#isDirty && this.#failed === undefined && fstatSync(this.#file).nlink === 0) this.#failed = `The journal cannot be written: ${this.#path} was removed while the run wrote it. What the run did before stands on its screen alone.`;
    if (this.#isDirty && this.#failed === undefined) await this.#syncData();
    return this.#failed === undefined ? ok(undefined) : error(this.#failed);
  }

  async #syncData(): Promise<void> {
    this.#isDirty = false;
    const begun = performance.now();
    try {
      if (this.#syncMs < IN_PLACE_MS) fdatasyncSync(this.#file);
      else await syncInThread(this.#file);
    } catch (fault) {
      this.#failed ??= notWritten(this.#path, fault);
    }
    this.#syncMs = performance.now() - begun;
  }

  /** A write that ends half-way leaves a torn record, which the next reader cuts off. */
  #write(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    if (this.#last === undefined || this.#failed !== undefined) return;
    this.#hash.update(this.#buffer);
    const last = lineOf(this.#last.written, this.#last.chain, this.#hash.copy().digest("hex"));
    this.#hash.update(last);
    const bytes = Buffer.from(`${this.#buffer}${last}`);
    this.#buffer = "";
    this.#last = undefined;
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
      this.#isDirty = true;
    } catch (fault) {
      this.#failed = notWritten(this.#path, fault);
    }
  }

  /** Durable before the record that names it is. */
  #keep(digest: string, text: string): void {
    const path = join(this.#folder, OUTPUT_FOLDER, digest);
    try {
      writeFileSync(`${path}.part`, text, { mode: 0o600, flush: true });
      renameSync(`${path}.part`, path);
      syncFolder(join(this.#folder, OUTPUT_FOLDER));
    } catch (fault) {
      this.#failed ??= notWritten(path, fault);
    }
  }
}

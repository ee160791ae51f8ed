import type { CompoundStorage } from "./compound-file.ts";
import { decodeText } from "./property-set.ts";

/** In names of tables two characters share one unit; the first unit says that a table follows. The form is Windows Installer's own, known from readers of it (from memory). */
const TABLE_MARK = "\u4840";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";
const PAIRS_FROM = 0x3800;
const SINGLES_FROM = 0x4800;
/** With this bit a reference to a text takes three bytes instead of two. */
const LONG_REFERENCES = 0x8000;
/** More texts the database of a patch does not have. */
const MOST_TEXTS = 100_000;

/** The name of a stream as the database has it; undefined where it is no table's. */
function tableName(stream: string): string | undefined {
  if (!stream.startsWith(TABLE_MARK)) return undefined;
  return Array.from(stream.slice(1), (unit) => {
    const code = unit.charCodeAt(0);
    if (code >= SINGLES_FROM) return ALPHABET.charAt(code - SINGLES_FROM);
    if (code < PAIRS_FROM) return unit;
    return ALPHABET.charAt((code - PAIRS_FROM) % 64) + ALPHABET.charAt(Math.floor((code - PAIRS_FROM) / 64));
  }).join("");
}

/** The texts of a database, by number, and how many bytes a reference to one takes. */
interface Texts {
  readonly byNumber: readonly string[];
  readonly referenceBytes: 2 | 3;
}

function streamOf(database: CompoundStorage, name: string): Uint8Array | undefined {
  return Object.values(database.streams).find((stream) => tableName(stream.name) === name)?.content;
}

function textsOf(database: CompoundStorage): Texts | undefined {
  const pool = streamOf(database, "_StringPool");
  const bytes = streamOf(database, "_StringData");
  if (pool === undefined || bytes === undefined || pool.length < 4) return undefined;
  const view = new DataView(pool.buffer, pool.byteOffset, pool.byteLength);
  const codePage = view.getUint16(0, true);
  const byNumber = [""];
  let at = 0;
  for (let entry = 4; entry + 4 <= pool.length && byNumber.length < MOST_TEXTS; entry += 4) {
    let length = view.getUint16(entry, true);
    const isLong = length === 0 && view.getUint16(entry + 2, true) > 0 && entry + 8 <= pool.length;
    if (isLong) {
      entry += 4;
      length = view.getUint32(entry, true);
    }
    byNumber.push(decodeText(bytes.subarray(at, at + length), codePage));
    at += length;
  }
  return { byNumber, referenceBytes: (view.getUint16(2, true) & LONG_REFERENCES) === 0 ? 2 : 3 };
}

/**
 * The texts of a table's first columns, row by row: `texts` columns of text, followed by columns that take `rest` bytes a row. A table that is
 * not there, or that does not have that form, has no rows.
 */
export function textRows(database: CompoundStorage, table: string, columns: { readonly texts: number; readonly rest: number }): readonly (readonly string[])[] {
  const stream = streamOf(database, table);
  const texts = textsOf(database);
  if (stream === undefined || texts === undefined) return [];
  const { byNumber, referenceBytes } = texts;
  const rowBytes = columns.texts * referenceBytes + columns.rest;
  if (stream.length % rowBytes !== 0) return [];
  const rows = stream.length / rowBytes;
  const reference = (at: number): number => (stream[at] ?? 0) + 256 * (stream[at + 1] ?? 0) + (referenceBytes === 3 ? 65_536 * (stream[at + 2] ?? 0) : 0);
  // A table lies column by column.
  return Array.from({ length: Math.min(rows, MOST_TEXTS) }, (_, row) => Array.from({ length: columns.texts }, (__, column) => byNumber[reference((column * rows + row) * referenceBytes)] ?? ""));
}

import { parse } from "cfb";
import type { Failure } from "../core/failure.ts";
import { emptyObject } from "../core/json.ts";
import { ok, type Result } from "../core/result.ts";
import { checkCompoundFile, damaged } from "./compound-file-check.ts";

/** A stream of a compound file. */
export interface CompoundStream {
  readonly kind: "stream";
  readonly name: string;
  readonly content: Uint8Array;
  /** Its entry in the directory, 128 bytes: name, size and times as they stand there. */
  readonly entry: DataView;
}

/** A storage of a compound file: a folder. The root is one whose name does not matter. */
export interface CompoundStorage {
  readonly kind: "storage";
  readonly name: string;
  /** Says what the storage is, in braces and upper case; nought in all digits where it says nothing. */
  readonly classId: string;
  readonly streams: Readonly<Record<string, CompoundStream>>;
  readonly storages: Readonly<Record<string, CompoundStorage>>;
  readonly entry: DataView;
}

/** What an entry has where ([MS-CFB] 2.6.1). */
const TYPE_AT = 66;
const LEFT_AT = 68;
const RIGHT_AT = 72;
const CHILD_AT = 76;
const CLASS_ID_AT = 80;
const SIZE_AT = 120;
/** The type of a stream; all others are storages. */
const STREAM = 2;

/** A GUID as it lies in memory, in its text form. */
function guidText(view: DataView, at: number): string {
  const hex = (from: number, digits: number): string => Array.from({ length: digits / 2 }, (_, index) => view.getUint8(at + from + index).toString(16).padStart(2, "0")).join("");
  const number = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  return `{${number(view.getUint32(at, true), 8)}-${number(view.getUint16(at + 4, true), 4)}-${number(view.getUint16(at + 6, true), 4)}-${hex(8, 4)}-${hex(10, 12)}}`.toUpperCase();
}

/** The name in an entry, without the zero at its end. */
function nameOf(entry: DataView): string {
  return Array.from({ length: entry.getUint16(64, true) / 2 - 1 }, (_, index) => String.fromCharCode(entry.getUint16(index * 2, true))).join("");
}

/** A storage that is being filled. */
interface OpenStorage extends CompoundStorage {
  readonly streams: Record<string, CompoundStream>;
  readonly storages: Record<string, CompoundStorage>;
}

function emptyStorage(entry: DataView, name: string): OpenStorage {
  return { kind: "storage", name, classId: guidText(entry, CLASS_ID_AT), streams: emptyObject(), storages: emptyObject(), entry };
}

/** The root with all that lies in it; two parts of one name, or a stream that is not as long as it says, damage the file. */
function rootOf(entries: readonly DataView[], contents: readonly Uint8Array[]): Result<CompoundStorage, Failure> {
  const [first] = entries;
  if (first === undefined) return damaged("its directory is empty");
  const root = emptyStorage(first, "");
  const open = [{ at: first.getInt32(CHILD_AT, true), into: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, into } = next;
    const entry = entries[at];
    if (entry === undefined) continue;
    const name = nameOf(entry);
    if (Object.hasOwn(into.streams, name) || Object.hasOwn(into.storages, name)) return damaged("two of its parts have one name");
    if (entry.getUint8(TYPE_AT) === STREAM) {
      const content = contents[at] ?? new Uint8Array();
      if (content.length !== entry.getUint32(SIZE_AT, true)) return damaged("a stream is shorter than it says");
      into.streams[name] = { kind: "stream", name, content, entry };
    } else {
      const storage = emptyStorage(entry, name);
      into.storages[name] = storage;
      open.push({ at: entry.getInt32(CHILD_AT, true), into: storage });
    }
    open.push({ at: entry.getInt32(LEFT_AT, true), into }, { at: entry.getInt32(RIGHT_AT, true), into });
  }
  return ok(root);
}

/** The content of every entry, as the library reads it: undefined where it stumbles over the file. */
function contentsOf(file: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const { FileIndex: found } = parse(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
    return found.map(({ content }) => (content instanceof Uint8Array ? content : Uint8Array.from(content ?? [])));
  } catch {
    return undefined;
  }
}

/**
 * An OLE compound file as its root storage. Refuses with `not_compound`, `truncated` or `damaged`. The library reads the contents;
 * the directory is read here, because the library does not keep the exact times, which a signature may cover.
 */
export function readCompoundFile(file: Uint8Array): Result<CompoundStorage, Failure> {
  const entries = checkCompoundFile(file);
  if (entries.kind === "error") return entries;
  const contents = contentsOf(file);
  return contents === undefined ? damaged("its header cannot be understood") : rootOf(entries.value, contents);
}

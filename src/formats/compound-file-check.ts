import type { Failure } from "../core/failure.ts";
import { error, ok, type Result } from "../core/result.ts";

/** Bytes that a compound file begins with (domain page, 4.8). */
const MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/** The end of a chain of sectors. Every negative number ends one. */
const END = -2;
/** Where the header lists sectors of the allocation table, and how many. */
const HEADER_FAT = 76;
const HEADER_FAT_SECTORS = 109;
/** A directory entry. */
const ENTRY_BYTES = 128;
/** A stream that is smaller lies in the mini stream, which is one of the chains. */
const MINI_STREAM_BELOW = 4096;
/** More entries no patch has; a reader's work may grow with their square. */
const MOST_ENTRIES = 8_192;
/** A reader copies the end of a chain again for each sector that lies before its predecessor: at most so many times the file. */
const MOST_COPIES = 4;

/** Why a file is not read. The codes are those of `exchange.package`. */
export type CompoundFault = "not_compound" | "truncated" | "damaged";

interface Sectors {
  readonly view: DataView;
  readonly bytes: number;
  readonly count: number;
}

type Checked<T> = Result<T, Failure>;

function fault(code: CompoundFault, because: string): { readonly kind: "error"; readonly error: Failure } {
  return error({ code, because });
}

/** A file that contradicts itself: what was found. */
export function damaged(what: string): { readonly kind: "error"; readonly error: Failure } {
  return fault("damaged", `the file is damaged: ${what}. Download it again`);
}

function truncated(file: DataView): { readonly kind: "error"; readonly error: Failure } {
  return fault("truncated", `the file ends after ${file.byteLength} ${file.byteLength === 1 ? "byte" : "bytes"}, and parts that it refers to lie behind that. It was not copied or downloaded to its end: do it again, and compare the size`);
}

function sectorsOf(view: DataView): Checked<Sectors> {
  const known = MAGIC.slice(0, view.byteLength).every((byte, index) => view.getUint8(index) === byte);
  if (view.byteLength === 0) return fault("truncated", "the file is empty. It was not copied or downloaded: do it again, and compare the size");
  if (!known) return fault("not_compound", "the file is no OLE compound file, and every Windows Installer patch is one. It may be a web page or a log under the name of the patch: look into it, and download the patch again");
  if (view.byteLength < 512) return truncated(view);
  const bytes = 2 ** view.getUint16(30, true);
  if (bytes !== (view.getUint16(26, true) === 4 ? 4096 : 512)) return damaged("its header names no size of sectors that there is");
  const rest = view.byteLength % bytes;
  if (rest !== 0) return fault("truncated", `the file has ${view.byteLength} bytes, ${rest} more than a whole number of its sectors of ${bytes}: it was cut off, or something was appended to it. Copy or download it again, and compare the size`);
  const count = view.byteLength / bytes - 1;
  return count < 2 ? truncated(view) : ok({ view, bytes, count });
}

function numberIn(sectors: Sectors, sector: number, index: number): number {
  const at = (sector + 1) * sectors.bytes + index * 4;
  return at + 4 <= sectors.view.byteLength ? sectors.view.getInt32(at, true) : END;
}

/** The sectors that hold the allocation table: those that the header lists, then those that the chain of further lists names. */
function tableSectors({ view, ...rest }: Sectors): Checked<readonly number[]> {
  const sectors = { view, ...rest };
  const found: number[] = [];
  for (let index = 0; index < HEADER_FAT_SECTORS; index += 1) {
    const sector = view.getInt32(HEADER_FAT + index * 4, true);
    if (sector < 0) break;
    found.push(sector);
  }
  const perSector = sectors.bytes / 4;
  const seen = new Set<number>();
  for (let list = view.getInt32(68, true); list >= 0; list = numberIn(sectors, list, perSector - 1)) {
    if (list >= sectors.count) return truncated(view);
    if (seen.has(list)) return damaged("the list of its allocation table runs in a circle");
    seen.add(list);
    for (let index = 0; index < perSector - 1; index += 1) {
      const sector = numberIn(sectors, list, index);
      if (sector >= 0) found.push(sector);
    }
  }
  if (found.some((sector) => sector >= sectors.count)) return truncated(view);
  // What no table knows, no signature covers either.
  if (sectors.count > found.length * perSector) return damaged(`its allocation table knows ${found.length * perSector} of its ${sectors.count} sectors: something was appended to it`);
  if (found.length === 0 || new Set(found).size < found.length) return damaged("its allocation table is not there, or a part of it is named twice");
  return ok(found);
}

/** For each sector the one that follows it; negative at the end of a chain. */
function followers(sectors: Sectors, table: readonly number[]): Int32Array {
  const next = new Int32Array(sectors.count).fill(END);
  const perSector = sectors.bytes / 4;
  table.forEach((sector, part) => {
    for (let index = 0, at = part * perSector; index < perSector && at < sectors.count; index += 1, at += 1) next[at] = numberIn(sectors, sector, index);
  });
  return next;
}

/** For each sector 1 where another one leads to it. No sector may have two predecessors, and no chain may run in a circle. */
function predecessors({ view, count }: Sectors, next: Int32Array): Checked<Uint8Array> {
  const led = new Uint8Array(count);
  for (const to of next) {
    if (to < 0) continue;
    if (to >= count) return truncated(view);
    if (led[to] === 1) return damaged("two chains of sectors run into each other");
    led[to] = 1;
  }
  let walked = 0;
  for (let head = 0; head < count; head += 1) {
    if (led[head] === 1) continue;
    for (let at = head; at >= 0; at = next[at] ?? END) walked += 1;
  }
  return walked === count ? ok(led) : damaged("a chain of sectors runs in a circle");
}

/** True if a reader that begins at the directory and copies every chain from its first unvisited sector copies too much. */
function copiesTooMuch(next: Int32Array, directory: number): boolean {
  const visited = new Uint8Array(next.length);
  let copied = 0;
  for (let turn = 0; turn < next.length; turn += 1) {
    const start = (turn + directory) % next.length;
    if (visited[start] === 1) continue;
    for (let at = start; at >= 0; at = next[at] ?? END) {
      visited[at] = 1;
      copied += 1;
      if (copied > MOST_COPIES * next.length) return true;
    }
  }
  return false;
}

function chainOf(next: Int32Array, start: number): readonly number[] {
  const chain: number[] = [];
  for (let at = start; at >= 0; at = next[at] ?? END) chain.push(at);
  return chain;
}

/** Every stream's sectors are there, are its own, and are as many as its size needs. */
function checkStreams({ view, bytes, count }: Sectors, next: Int32Array, led: Uint8Array, entries: readonly DataView[], heads: readonly number[]): Checked<undefined> {
  const taken = new Set(heads);
  for (const [index, entry] of entries.entries()) {
    const type = entry.getUint8(66);
    const size = entry.getUint32(120, true);
    const start = entry.getInt32(116, true);
    if ((type !== 2 && index > 0) || size === 0) continue;
    if (size > view.byteLength) return truncated(view);
    if (type === 2 && size < MINI_STREAM_BELOW) continue;
    if (start >= count) return truncated(view);
    if (start < 0 || led[start] === 1 || taken.has(start)) return damaged("a stream begins where another one lies");
    taken.add(start);
    if (chainOf(next, start).length * bytes < size) return damaged("a stream is shorter than it says");
  }
  return ok(undefined);
}

/** Every entry in use is in the tree once, and the tree has no circle. Unused ones name no others. */
function checkTree(entries: readonly DataView[]): Checked<undefined> {
  const reached = new Uint8Array(entries.length);
  const open = [0];
  reached[0] = 1;
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const field of [68, 72, 76]) {
      const to = entries[index]?.getInt32(field, true) ?? -1;
      if (to === -1) continue;
      if (to < 0 || to >= entries.length || reached[to] === 1 || (index === 0 && field !== 76)) return damaged("its directory is no tree");
      reached[to] = 1;
      open.push(to);
    }
  }
  const amiss = entries.some((entry, index) => {
    const nameBytes = entry.getUint16(64, true);
    if (reached[index] === 1) return ![1, 2, 5].includes(entry.getUint8(66)) || (entry.getUint8(66) === 5) !== (index === 0) || nameBytes < 2 || nameBytes > 64 || nameBytes % 2 === 1;
    return entry.getUint8(66) !== 0 || [68, 72, 76].some((field) => entry.getInt32(field, true) > 0) || nameBytes > 64;
  });
  return amiss ? damaged("an entry of its directory is none") : ok(undefined);
}

/**
 * Checks that a compound file is all there and that its parts do not contradict each other, and gives the entries of its directory, 128 bytes each.
 * Chains that meet or run in circles, and directories that are no trees, make a reader that trusts them run for ever or fill the
 * memory; after this check every reader's work is bounded by a small multiple of the file. Time and memory are linear in the file.
 * Source: [MS-CFB], the format's specification.
 */
export function checkCompoundFile(file: Uint8Array): Checked<readonly DataView[]> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const sectors = sectorsOf(view);
  if (sectors.kind === "error") return sectors;
  const { bytes, count } = sectors.value;
  const table = tableSectors(sectors.value);
  if (table.kind === "error") return table;
  const next = followers(sectors.value, table.value);
  const led = predecessors(sectors.value, next);
  if (led.kind === "error") return led;
  const directory = view.getInt32(48, true);
  const miniTable = view.getInt32(60, true);
  if (directory >= count || miniTable >= count) return truncated(view);
  if (directory < 0 || led.value[directory] === 1) return damaged("its directory does not begin where the header says");
  if (copiesTooMuch(next, directory)) return damaged("its sectors lie in so many pieces that no writer of patches can have laid them");
  const chain = chainOf(next, directory);
  if (chain.length * (bytes / ENTRY_BYTES) > MOST_ENTRIES) return damaged(`its directory has more than ${MOST_ENTRIES} entries`);
  const end = (Math.max(...chain) + 2) * bytes;
  if (end > view.byteLength) return truncated(view);
  const entries = chain.flatMap((sector) => Array.from({ length: bytes / ENTRY_BYTES }, (_, index) => new DataView(file.buffer, file.byteOffset + (sector + 1) * bytes + index * ENTRY_BYTES, ENTRY_BYTES)));
  const tree = checkTree(entries);
  if (tree.kind === "error") return tree;
  const streams = checkStreams(sectors.value, next, led.value, entries, [directory, miniTable, ...table.value]);
  return streams.kind === "error" ? streams : ok(entries);
}

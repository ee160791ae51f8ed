import { digestOfParts, type DigestAlgorithm } from "../core/digest.ts";
import type { PatchSignature } from "../core/patch.ts";
import { readAuthenticode } from "./authenticode.ts";
import type { CompoundStorage } from "./compound-file.ts";
import { excerpt } from "./excerpt.ts";

/** The streams that hold the signature, and the digest of names, sizes and times where it covers them (domain page, 4.8). */
const SIGNATURE = "\u0005DigitalSignature";
const SIGNATURE_EX = "\u0005MsiDigitalSignatureEx";
/** No signature is so long. */
const LONGEST_SIGNATURE = 1_000_000;
/** Fields of a directory entry, as bytes: from, to. */
const CLASS_ID: readonly [number, number] = [80, 96];
const STATE: readonly [number, number] = [96, 100];
const TIMES: readonly [number, number] = [100, 116];
const SIZE: readonly [number, number] = [120, 124];

/** A step on the way through a file in the order of its digest: into a storage, past a stream, out of a storage. */
interface Passage {
  readonly kind: "into" | "past" | "out-of";
  readonly entry: DataView;
  readonly content: Uint8Array;
  readonly isRoot: boolean;
}

const NOTHING = new Uint8Array();

function field(entry: DataView, [from, to]: readonly [number, number]): Uint8Array {
  return new Uint8Array(entry.buffer, entry.byteOffset + from, to - from);
}

function nameBytes(entry: DataView): Uint8Array {
  return field(entry, [0, entry.getUint16(64, true)]);
}

/** Order of names: by their bytes as they stand in the directory (UTF-16, low byte first), the zero at their end among them. */
function compareNames(a: DataView, b: DataView): number {
  const left = nameBytes(a);
  const right = nameBytes(b);
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? 0);
}

/** The way through a file in the order of its digest; the signature is not on it. */
function passages(root: CompoundStorage): readonly Passage[] {
  const way: Passage[] = [];
  const open: (CompoundStorage | Passage)[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind !== "storage") {
      way.push(next);
      continue;
    }
    const { entry } = next;
    const isRoot = next === root;
    way.push({ kind: "into", entry, content: NOTHING, isRoot });
    const streams = Object.values(next.streams).filter(({ name }) => !isRoot || (name !== SIGNATURE && name !== SIGNATURE_EX));
    const parts = [...streams.map((stream) => ({ kind: "past" as const, entry: stream.entry, content: stream.content, isRoot: false })), ...Object.values(next.storages)];
    open.push({ kind: "out-of", entry, content: NOTHING, isRoot }, ...parts.toSorted((a, b) => compareNames(b.entry, a.entry)));
  }
  return way;
}

/** What the digest of the content is made of: the streams, and the class of each storage at its end. */
function contentParts(way: readonly Passage[]): readonly Uint8Array[] {
  return way.filter(({ kind }) => kind !== "into").map(({ kind, entry, content }) => (kind === "past" ? content : field(entry, CLASS_ID)));
}

/** What the digest of names, sizes and times is made of. */
function entryParts(way: readonly Passage[]): readonly Uint8Array[] {
  return way.filter(({ kind }) => kind !== "out-of").flatMap(({ kind, entry, isRoot }) => [
    isRoot ? NOTHING : nameBytes(entry).subarray(0, -2),
    field(entry, kind === "past" ? SIZE : CLASS_ID),
    field(entry, STATE),
    isRoot ? NOTHING : field(entry, TIMES),
  ]);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** The digest of a file's content as it is signed: a digest of the names, sizes and times goes before, where the signature covers them. */
function signedDigest(root: CompoundStorage, algorithm: DigestAlgorithm): string {
  const way = passages(root);
  const before = root.streams[SIGNATURE_EX] === undefined ? [] : [bytesOf(digestOfParts(algorithm, entryParts(way)))];
  return digestOfParts(algorithm, [...before, ...contentParts(way)]);
}

/** Whether a patch is signed, and whether what lies in it is what was signed (domain page, 4.8). */
export function readSignature(root: CompoundStorage): PatchSignature {
  const stream = root.streams[SIGNATURE];
  if (stream === undefined) return { kind: "none" };
  const read = stream.content.length > LONGEST_SIGNATURE ? undefined : readAuthenticode(stream.content);
  if (read === undefined) return { kind: "does-not-cover", because: "it is longer than any signature" };
  if (read.kind === "error") return { kind: "does-not-cover", because: read.error };
  const { algorithm, digest, signer, thumbprint, signedAt } = read.value;
  if (signedDigest(root, algorithm) !== digest) return { kind: "does-not-cover", because: `${signer === "" ? "its signer" : excerpt(signer)} signed another content` };
  return { kind: "covers-content", signer: signer === "" ? "" : excerpt(signer), thumbprint, signedAt };
}

import { Constructed, fromBER, ObjectIdentifier, OctetString, UTCTime, type BaseBlock } from "asn1js";

/** A part of an ASN.1 encoding. */
export type Asn1 = BaseBlock;

/** What an encoding may come to: far above what a signature has, and little enough for any bytes. */
const LIMITS = { maxDepth: 40, maxNodes: 20_000, maxContentLength: 2_000_000, parseEmbedded: false };
/** The number of a tag's class in which it says what the part is for, not what it is. */
const CONTEXT_CLASS = 3;

/** The encoding as a tree; undefined where the bytes are none. What follows after its end is left out: a stream may be longer. */
export function parseAsn1(bytes: Uint8Array): Asn1 | undefined {
  if (bytes.length === 0) return undefined;
  try {
    const { offset, result } = fromBER(Uint8Array.from(bytes), LIMITS);
    return offset === -1 ? undefined : result;
  } catch {
    return undefined;
  }
}

/** The parts of a part; none of one that has none, or is absent. */
export function partsOf(node: Asn1 | undefined): readonly Asn1[] {
  return node instanceof Constructed ? node.valueBlock.value : [];
}

/** A name in numbers, `1.2.840.113549.1.7.2`; "" of a part that is none. */
export function identifierOf(node: Asn1 | undefined): string {
  return node instanceof ObjectIdentifier ? node.getValue() : "";
}

/** The bytes of a string of bytes; none of another part. */
export function octetsOf(node: Asn1 | undefined): Uint8Array {
  return node instanceof OctetString ? new Uint8Array(node.getValue()) : new Uint8Array();
}

/** The part as it is encoded. */
export function encodingOf(node: Asn1 | undefined): Uint8Array {
  return node?.valueBeforeDecodeView ?? new Uint8Array();
}

/** What the part holds as it is encoded, without tag and length. */
export function contentOf(node: Asn1 | undefined): Uint8Array {
  return node?.valueBlock.valueBeforeDecodeView ?? new Uint8Array();
}

/** True if the part is tagged with this number for its place, `[0]`. */
export function isTagged(node: Asn1 | undefined, number: number): boolean {
  return node?.idBlock.tagClass === CONTEXT_CLASS && node.idBlock.tagNumber === number;
}

/** A time, RFC 3339; undefined where the part is none, or no time that there is. */
export function timeOf(node: Asn1 | undefined): string | undefined {
  if (!(node instanceof UTCTime)) return undefined;
  const time = node.toDate();
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A text of any kind; "" of another part. */
export function textOf(node: Asn1 | undefined): string {
  const value: unknown = node === undefined || !("getValue" in node) || typeof node.getValue !== "function" || node instanceof OctetString ? "" : node.getValue();
  return typeof value === "string" ? value : "";
}

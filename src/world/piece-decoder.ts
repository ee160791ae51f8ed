import { isUtf8 } from "node:buffer";

/** Makes text of bytes that come piece by piece. */
export interface PieceDecoder {
  readonly write: (bytes: Buffer) => string;
  /** What was left of the last letter. */
  readonly end: () => string;
}

/** Makes a decoder that knows nothing of any byte before. */
export type NewDecoder = () => PieceDecoder;

/** Decodes UTF-8 up to the first piece that is none; that piece and all that follow are the other decoder's. */
export function utf8Or(newOther: NewDecoder): PieceDecoder {
  let other: PieceDecoder | undefined;
  /** The begin of a letter whose end is still to come. */
  let begun: Buffer = Buffer.alloc(0);
  return {
    write(bytes) {
      if (other !== undefined) return other.write(bytes);
      const all = Buffer.concat([begun, bytes]);
      const whole = all.length - begunBytes(all);
      if (isUtf8(all.subarray(0, whole))) {
        begun = all.subarray(whole);
        return all.toString("utf8", 0, whole);
      }
      other = newOther();
      return other.write(all);
    },
    end() {
      if (other === undefined && begun.length === 0) return "";
      const last = other ?? newOther();
      return (other === undefined ? last.write(begun) : "") + last.end();
    },
  };
}

/** How many bytes at the end begin a letter of UTF-8 that is longer: 0 to 3. */
function begunBytes(bytes: Buffer): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > count ? count : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** The bytes that a property set begins with: its byte order, and the version of its form. */
const BYTE_ORDER = 0xfffe;
/** Kinds of a value. */
const INTEGER_16 = 2;
const INTEGER_32 = 3;
const TEXT = 30;
/** The property that says in which code page texts are written. */
const CODE_PAGE = 1;
/** More properties no summary has. */
const MOST_PROPERTIES = 64;

/** Code pages by the name under which a decoder knows them; another one counts as the Latin one, in which codes and versions read the same. */
const DECODERS: Readonly<Record<number, string>> = { 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5", 1250: "windows-1250", 1251: "windows-1251", 1252: "windows-1252", 1253: "windows-1253", 1254: "windows-1254", 65001: "utf-8" };

/** A text of a code page, without the zeros at its end. What cannot be decoded becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, codePage: number): string {
  return new TextDecoder(DECODERS[codePage] ?? "windows-1252").decode(bytes).replace(/\0[^]*$/, "");
}

/** Properties by their number: texts and whole numbers; values of other kinds are left out. */
export type PropertySet = ReadonlyMap<number, string | number>;

/**
 * The first section of a property set, as the stream `\5SummaryInformation` holds one ([MS-OLEPS]); undefined where the bytes are none or
 * end too soon. A text that runs over the end is left out.
 */
export function parsePropertySet(stream: Uint8Array): PropertySet | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (stream.length < 56 || view.getUint16(0, true) !== BYTE_ORDER) return undefined;
  const section = view.getUint32(44, true);
  if (section + 8 > stream.length) return undefined;
  const count = view.getUint32(section + 4, true);
  if (count > MOST_PROPERTIES || section + 8 + count * 8 > stream.length) return undefined;
  const places = Array.from({ length: count }, (_, index) => ({ id: view.getUint32(section + 8 + index * 8, true), at: section + view.getUint32(section + 12 + index * 8, true) }))
    .filter(({ at }) => at + 8 <= stream.length);
  const codePagePlace = places.find(({ id, at }) => id === CODE_PAGE && view.getUint32(at, true) === INTEGER_16);
  const codePage = codePagePlace === undefined ? 0 : view.getUint16(codePagePlace.at + 4, true);
  const found = new Map<number, string | number>();
  for (const { id, at } of places) {
    const kind = view.getUint32(at, true);
    if (kind === INTEGER_16) found.set(id, view.getInt16(at + 4, true));
    else if (kind === INTEGER_32) found.set(id, view.getInt32(at + 4, true));
    else if (kind === TEXT) {
      const length = view.getUint32(at + 4, true);
      if (at + 8 + length <= stream.length) found.set(id, decodeText(stream.subarray(at + 8, at + 8 + length), codePage));
    }
  }
  return found;
}

/** A text of a property set; "" where there is none of that number. */
export function textProperty(properties: PropertySet, id: number): string {
  const value = properties.get(id);
  return typeof value === "string" ? value : "";
}

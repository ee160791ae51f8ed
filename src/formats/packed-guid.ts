/** A code as Windows Installer packs it into the registry: 32 hexadecimal digits. */
const PACKED = /^[0-9A-F]{32}$/i;

function turned(text: string): string {
  return Array.from(text).toReversed().join("");
}

/**
 * A packed code as command lines have it, `461C2B4266EDEF444B864AD6D9E5B613` → `{24B2C164-DE66-44FE-B468-A46D9D5E6B31}`: the first
 * three fields are reversed, in the rest each pair of digits (domain page, 4.4). Undefined where it is no packed code.
 */
export function unpackGuid(packed: string): string | undefined {
  if (!PACKED.test(packed)) return undefined;
  const digits = packed.toUpperCase();
  const rest = (digits.slice(16).match(/../g) ?? []).map(turned).join("");
  return `{${turned(digits.slice(0, 8))}-${turned(digits.slice(8, 12))}-${turned(digits.slice(12, 16))}-${rest.slice(0, 4)}-${rest.slice(4)}}`;
}

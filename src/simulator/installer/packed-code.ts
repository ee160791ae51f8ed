/** The product code of Exchange 2007; every line has the same (domain page, 4.4). */
export const EXCHANGE_PRODUCT = "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}";

/** A code as Windows Installer packs it into the registry: the first three fields reversed, in the rest each pair of digits (domain page, 4.4). `{24B2C164-DE66-44FE-B468-A46D9D5E6B31}` becomes `461C2B4266EDEF444B864AD6D9E5B613`. */
export function packCode(code: string): string {
  const digits = code.replace(/[{}-]/g, "").toUpperCase();
  const reversed = (from: number, to: number): string => Array.from(digits.slice(from, to)).toReversed().join("");
  const pairs = (digits.slice(16).match(/../g) ?? []).map((pair) => `${pair[1] ?? ""}${pair[0] ?? ""}`);
  return `${reversed(0, 8)}${reversed(8, 12)}${reversed(12, 16)}${pairs.join("")}`;
}

/** How a text is encoded, by its first bytes. Logs of the Windows Installer are UTF-16: every second byte of English text is 0. */
export function encodingOf(bytes: Buffer): "utf-16le" | "utf-8" {
  return bytes.length > 16 && bytes.subarray(0, 16).filter((byte) => byte === 0).length >= 6 ? "utf-16le" : "utf-8";
}

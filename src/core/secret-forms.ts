import { SHORTEST_SECRET } from "./secret.ts";

/** Shorter pieces of Base64 stand in too many other texts. */
const SHORTEST_BASE64 = 8;

const XML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Base64 of a secret, alone and inside a longer text: there it may begin at any of three bits of a letter, and only whole groups are its own. */
function base64Forms(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const inside = [0, 1, 2].map((skipped) => base64(bytes.subarray(skipped, skipped + Math.floor((bytes.length - skipped) / 3) * 3)));
  const whole = base64(bytes);
  const forms = [whole, whole.replace(/=+$/, ""), ...inside.filter((text) => text.length >= SHORTEST_BASE64)];
  return [...forms, ...forms.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))];
}

function urlForms(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  return [encoded, encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), encoded.replaceAll("%20", "+")];
}

/** What programs make of a text when they quote it: for JSON, XML, a URL, a POSIX shell, PowerShell, and in Base64. */
function quotedForms(secret: string): readonly string[] {
  return [
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[&<>"']/g, (letter) => XML[letter] ?? letter),
    secret.replaceAll("'", "'\\''"),
    secret.replaceAll("'", "''"),
    ...urlForms(secret.toWellFormed()),
    ...base64Forms(secret),
  ];
}

/** Every text by which a secret would be seen: itself, trimmed, each of its lines, its lines with other ends or on one line, and all of these as programs quote them. None is shorter than a secret may be. */
export function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r\n|\n|\r/);
  const joined = lines.length === 1 ? [] : ["\n", "\r\n", " "].map((end) => lines.join(end));
  const plain = [secret, ...joined, ...lines].flatMap((text) => [text, text.trim()]);
  const forms = new Set(plain.filter((text) => text.length >= SHORTEST_SECRET).flatMap((text) => [text, ...quotedForms(text)]));
  return [...forms].filter((text) => text.length >= SHORTEST_SECRET);
}

import { SHORTEST_SECRET } from "./secret.ts";

/** A text by which a secret is seen, and how many letters of Base64 beside it belong to it in part. */
export interface SecretForm {
  readonly text: string;
  /** In UTF-16 units, on either side; 0 for what is no Base64. */
  readonly beside: number;
}

/** A group of Base64 holds three bytes: the first and the last group of a secret may hold others, too. */
const GROUP = 4;

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

/** Percent-encoded as a part of an address, strictly, and as a form; with digits of either case. */
function urlForms(secret: string): readonly string[] {
  const part = encodeURIComponent(secret);
  const form = new URLSearchParams({ "": secret }).toString().slice(1);
  const strict = part.replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return [part, strict, form].flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** The letters that writers of XML replace: all that may be, or as few as must be. */
const XML_LETTERS: readonly RegExp[] = [/[&<>"']/g, /[&<>"]/g, /[&<>]/g, /[&<"]/g, /[&<]/g];

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What programs make of a text when they quote it: for JSON, XML, a URL, a POSIX shell and PowerShell. */
function quotedForms(secret: string): readonly string[] {
  return [
    inJson(secret),
    inJson(inJson(secret)),
    ...XML_LETTERS.map((letters) => secret.replace(letters, (letter) => XML[letter] ?? letter)),
    secret.replaceAll("'", "'\\''"),
    secret.replaceAll("'", "''"),
    ...urlForms(secret.toWellFormed()),
  ];
}

/** Every text by which a secret would be seen: itself, trimmed, each of its lines, its lines with other ends or on one line, and all of these as programs quote them or write them in Base64. None is shorter than a secret may be. */
export function formsOf(secret: string): readonly SecretForm[] {
  const lines = secret.split(/\r\n|\n|\r/);
  const joined = lines.length === 1 ? [] : ["\n", "\r\n", " "].map((end) => lines.join(end));
  const plain = [secret, ...joined, ...lines].flatMap((text) => [text, text.trim()]);
  const texts = [...new Set(plain)].filter((text) => text.length >= SHORTEST_SECRET);
  return [
    ...[...new Set(texts.flatMap((text) => [text, ...quotedForms(text)]))].map((text) => ({ text, beside: 0 })),
    ...[...new Set(texts.flatMap(base64Forms))].map((text) => ({ text, beside: GROUP })),
  ];
}

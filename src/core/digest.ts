import { createHash } from "node:crypto";
import { canonicalJson } from "./json.ts";

/** SHA-256 of a text or of bytes, 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

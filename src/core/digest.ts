import { createHash, createPublicKey, verify } from "node:crypto";
import { canonicalJson } from "./json.ts";

/** SHA-256 of a text or of bytes, 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** Digests that signatures of others are made with. */
export type DigestAlgorithm = "sha1" | "sha256" | "sha384" | "sha512";

/** The digest of parts of content, one after the other; lower-case hexadecimal. */
export function digestOfParts(algorithm: DigestAlgorithm, parts: Iterable<Uint8Array>): string {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** A signature, with what it takes to check it. */
export interface SignatureParts {
  readonly algorithm: DigestAlgorithm;
  /** The signer's public key, as a certificate holds it (DER of SubjectPublicKeyInfo). */
  readonly key: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** True if the holder of the key made the signature; false also where the key is none that is known here. */
export function signatureHolds({ algorithm, key, signed, signature }: SignatureParts): boolean {
  try {
    return verify(algorithm, signed, createPublicKey({ key: Buffer.from(key), format: "der", type: "spki" }), signature);
  } catch {
    return false;
  }
}

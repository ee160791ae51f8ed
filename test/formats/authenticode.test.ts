import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PUBLISHER, SIGNED_AT } from "../../scripts/packages.ts";
import { readAuthenticode } from "../../src/formats/authenticode.ts";
import { readCompoundFile } from "../../src/formats/compound-file.ts";
import { PROJECT } from "../docs/project.ts";

const patch = readCompoundFile(readFileSync(join(PROJECT, "examples/packages/Exchange2007-KB945684-x64-EN.msp")));
const signature = Buffer.from((patch.kind === "ok" ? patch.value.streams["\u0005DigitalSignature"]?.content : undefined) ?? []);
const read = readAuthenticode(signature);
const digest = read.kind === "ok" ? read.value.digest : "";

/** The signature with other bytes in the place of these. */
function changed(from: Buffer, to: Buffer): Buffer {
  const copy = Buffer.from(signature);
  const at = copy.indexOf(from);
  if (at === -1) throw new Error("the signature holds no such bytes");
  to.copy(copy, at);
  return copy;
}

const SHA256 = Buffer.from("608648016503040201", "hex");
const SPC_INDIRECT_DATA = Buffer.from("2b060104018237020104", "hex");

test("a signature says what was signed, by whom and when", () => {
  expect(read).toEqual({ kind: "ok", value: { algorithm: "sha256", digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string, signer: PUBLISHER, signedAt: SIGNED_AT, thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string } });
});

test("what follows after its end does not matter", () => {
  expect(readAuthenticode(Buffer.concat([signature, Buffer.alloc(100)]))).toEqual(read);
});

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "it is no signature of a file"],
  ["bytes of another kind", Buffer.from("Example Publisher signed this"), "it is no signature of a file"],
  ["a signature that was cut off", signature.subarray(0, 2_000), "it is no signature of a file"],
  ["a signature of something else than a file", changed(SPC_INDIRECT_DATA, Buffer.from("2b060104018237020105", "hex")), "it is no signature of a file"],
  ["another digest under the same signature", changed(Buffer.from(digest, "hex"), Buffer.alloc(32, 7)), "the certificate in it did not make it"],
  ["a digest of an unknown kind", changed(Buffer.concat([Buffer.from("0609", "hex"), SHA256, Buffer.from("05000420", "hex")]), Buffer.from("0609608648016503040209", "hex")), "its digest is of a kind that is not known here"],
  ["a signature without the certificate of its signer", changed(Buffer.from(PUBLISHER), Buffer.from("Another Publisher".slice(0, PUBLISHER.length))), "the certificate of its signer is not in it"],
])("%s: the reason is told", (_title, bytes, because) => {
  expect(readAuthenticode(bytes)).toEqual({ kind: "error", error: because });
});

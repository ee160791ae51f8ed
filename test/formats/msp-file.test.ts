import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_PATCHES, PACKAGES, PUBLISHER, SIGNED_AT } from "../../scripts/packages.ts";
import type { PatchSignature } from "../../src/core/patch.ts";
import { parsePatchFile } from "../../src/formats/msp-file.ts";
import { PROJECT } from "../docs/project.ts";

const bytesOf = (path: string): Buffer => readFileSync(join(PROJECT, path));

const SIGNATURES: Readonly<Record<(typeof PACKAGES)[number]["signed"], PatchSignature>> = {
  no: { kind: "none" },
  content: { kind: "covers-content", signer: PUBLISHER, signedAt: SIGNED_AT, thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string },
  "with-names": { kind: "covers-content", signer: PUBLISHER, signedAt: SIGNED_AT, thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string },
  changed: { kind: "does-not-cover", because: `${PUBLISHER} signed another content` },
};

describe("a patch says of itself what the script that made it says", () => {
  test.each(PACKAGES.map((made) => [made.path, made] as const))("%s", (path, made) => {
    expect(parsePatchFile(bytesOf(path))).toEqual({
      kind: "ok",
      value: {
        patchCode: expect.stringMatching(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/) as string,
        replaces: [],
        productCodes: [made.product],
        baseVersions: [made.base],
        architectures: [made.architecture],
        subject: `${made.title} (KB${made.kb})`,
        displayName: `${made.title} (KB${made.kb}) ${made.build}`,
        kb: made.kb,
        build: made.build,
        minimumInstaller: "3.0",
        signature: SIGNATURES[made.signed],
      },
    });
  });
});

describe("what is no patch is refused, each fault by its own name", () => {
  const patch = bytesOf("test/formats/packages/unsigned.msp");
  /** The patch with other bytes in a place. */
  const changed = (at: number, ...bytes: readonly number[]): Buffer => {
    const copy = Buffer.from(patch);
    copy.set(bytes, at);
    return copy;
  };
  const root = (patch.readUInt32LE(48) + 1) * 512;

  test.each<[string, Uint8Array, string, RegExp]>([
    ["a web page under the name of the patch", bytesOf(NO_PATCHES.text), "not_compound", /web page/],
    ["an empty file", Buffer.alloc(0), "truncated", /^the file is empty/],
    ["a file of nothing but zeros", Buffer.alloc(patch.length), "not_compound", /no OLE compound file/],
    ["a file that was cut off", bytesOf(NO_PATCHES.truncated), "truncated", /13209 bytes, 409 more than a whole number of its sectors/],
    ["a file that was cut off in its header", patch.subarray(0, 300), "truncated", /ends after 300 bytes/],
    ["a file that was cut off after its header", patch.subarray(0, 512), "truncated", /ends after 512 bytes/],
    ["a file that was cut off between two sectors", patch.subarray(0, 512 * 20), "truncated", /ends after 10240 bytes/],
    ["a file without its last sector", patch.subarray(0, -512), "truncated", /parts that it refers to/],
    ["a file without its last byte", patch.subarray(0, -1), "truncated", /511 more than a whole number of its sectors/],
    ["a file with something behind its end", Buffer.concat([patch, Buffer.alloc(100)]), "truncated", /100 more than a whole number .*something was appended/],
    ["a file with whole sectors behind its end", Buffer.concat([patch, Buffer.alloc(512 * 200)]), "damaged", /its allocation table knows 128 of its \d+ sectors: something was appended/],
    ["an installation package", bytesOf(NO_PATCHES.installer), "not_a_patch", /installation package \(\.msi\)/],
    ["a transform", changed(root + 80, 0x82), "not_a_patch", /a transform \(\.mst\)/],
    ["a file of another program", changed(root + 80, 0x06, 0x09, 0x02, 0x00), "not_a_patch", /class \{00020906-0000-0000-C000-000000000046\}/],
    ["a file whose header names no sectors that there are", changed(30, 7), "damaged", /size of sectors/],
    ["a file whose directory begins nowhere", changed(48, 0xff, 0xff, 0xff, 0xff), "damaged", /directory/],
  ])("%s", (_title, file, code, because) => {
    expect(parsePatchFile(file)).toEqual({ kind: "error", error: { code, because: expect.stringMatching(because) as string } });
  });
});

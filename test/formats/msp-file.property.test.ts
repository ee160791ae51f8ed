import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PatchReading } from "../../src/core/patch.ts";
import { parsePatchFile } from "../../src/formats/msp-file.ts";
import { PROJECT } from "../docs/project.ts";

const SECTOR = 512;
const CODES = ["not_compound", "truncated", "damaged", "not_a_patch"];

/** One wrong thing in a file. */
type Fault =
  | { readonly kind: "byte"; readonly at: number; readonly value: number }
  | { readonly kind: "number"; readonly at: number; readonly value: number }
  | { readonly kind: "swap"; readonly a: number; readonly b: number }
  | { readonly kind: "cut"; readonly bytes: number };

/** Faults of a file. Numbers are chosen among those that a reader follows: sectors, ends, and counts beyond all measure; many are written where it follows them. */
function faultOf(whole: Buffer): fc.Arbitrary<Fault> {
  const sectors = whole.length / SECTOR - 1;
  const tempting = fc.oneof(fc.integer({ min: -5, max: sectors + 3 }), fc.constantFrom(0x7fff_ffff, -0x8000_0000, 0x10_0000, 4096, 64));
  const numberAt = (word: fc.Arbitrary<number>): fc.Arbitrary<Fault> => fc.record({ kind: fc.constant("number" as const), at: word.map((index) => index * 4), value: tempting });
  const inSector = (sector: number): fc.Arbitrary<number> => fc.nat(127).map((index) => (sector + 1) * 128 + index);
  return fc.oneof(
    fc.record({ kind: fc.constant("byte" as const), at: fc.nat(whole.length - 1), value: fc.nat(255) }),
    numberAt(fc.nat(127)),
    numberAt(fc.nat(whole.length / 4 - 1)),
    numberAt(inSector(whole.readUInt32LE(76))),
    numberAt(inSector(whole.readUInt32LE(48))),
    fc.record({ kind: fc.constant("swap" as const), a: fc.nat(sectors - 1), b: fc.nat(sectors - 1) }),
    fc.record({ kind: fc.constant("cut" as const), bytes: fc.nat(whole.length) }),
  );
}

function spoil(file: Buffer, fault: Fault): Buffer {
  switch (fault.kind) {
    case "byte":
      if (fault.at < file.length) file.writeUInt8(fault.value, fault.at);
      return file;
    case "number":
      if (fault.at + 4 <= file.length) file.writeInt32LE(fault.value, fault.at);
      return file;
    case "swap": {
      const [a, b] = [fault.a, fault.b].map((sector) => file.subarray((sector + 1) * SECTOR, (sector + 2) * SECTOR));
      if (a === undefined || b === undefined || a.length + b.length < 2 * SECTOR) return file;
      const before = Buffer.from(a);
      b.copy(a);
      before.copy(b);
      return file;
    }
    case "cut":
      return file.subarray(0, fault.bytes);
  }
}

/** What a patch says, without its signature: who signed it is the certificate's word, and takes trust in that. */
function said(read: PatchReading): object {
  return read.kind === "error" ? read : { ...read.value, signature: undefined };
}

test.each([
  { file: "unsigned.msp", times: 8_000, ends: ["damaged", "none", "not_a_patch", "not_compound", "truncated"] },
  { file: "signed-with-names.msp", times: 2_000, ends: ["covers-content", "damaged", "does-not-cover", "none", "not_a_patch", "not_compound", "truncated"] },
])("$times spoilt copies of $file are each read or refused by name, and none is passed off as what was signed", ({ file, times, ends }) => {
  const whole = readFileSync(join(PROJECT, "test/formats/packages", file));
  const intended = said(parsePatchFile(whole));
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(faultOf(whole), { minLength: 1, maxLength: 6 }), (faults) => {
      const read = parsePatchFile(faults.reduce(spoil, Buffer.from(whole)));
      const end = read.kind === "error" ? read.error.code : read.value.signature.kind;
      seen.set(end, (seen.get(end) ?? 0) + 1);
      if (read.kind === "error") expect(CODES).toContain(read.error.code);
      else if (read.value.signature.kind === "covers-content") expect(said(read)).toEqual(intended);
    }),
    { numRuns: times, seed: 2007 },
  );
  const counts = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
  process.stdout.write(`${counts.reduce((sum, [, count]) => sum + count, 0)} spoilt copies of ${file}: ${counts.map(([end, count]) => `${count} ${end}`).join(", ")}\n`);
  // Every end was met, or the faults are not wild enough.
  expect(counts.map(([end]) => end)).toEqual(ends);
  expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(times);
}, 120_000);

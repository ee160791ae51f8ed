import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePatchFile } from "../../src/formats/msp-file.ts";
import { PROJECT } from "../docs/project.ts";

const patch = readFileSync(join(PROJECT, "test/formats/packages/unsigned.msp"));
const VERSION = "8.1.240.6;";
const PLATFORM = "x64;1033";
const SUBJECT = "Service Pack 1 (KB945684)\0";

/** The patch with other texts in the places where one stands, in their order; where none is given it is left. A shorter text ends with zeros, as texts do. */
function withTexts(from: string, ...to: readonly (string | undefined)[]): Buffer {
  const copy = Buffer.from(patch);
  let at = -1;
  for (const text of to) {
    at = copy.indexOf(from, at + 1, "latin1");
    if (at === -1 || (text ?? "").length > from.length) throw new Error(`${from} cannot become ${text}`);
    if (text !== undefined) copy.write(text.padEnd(from.length, "\0"), at, "latin1");
  }
  return copy;
}

// A transform's summary names the version twice: the one that it leads from, and the one that it leads to.
test.each<[string, Buffer, object]>([
  ["two transforms with two base versions: both, the lower first", withTexts(VERSION, undefined, undefined, "8.0.24.66;"), { baseVersions: ["8.0.24.66", "8.1.240.6"] }],
  ["the version that a transform leads to is no base", withTexts(VERSION, undefined, "8.1.999.9;", undefined, "8.1.999.9;"), { baseVersions: ["8.1.240.6"] }],
  ["zeros before the numbers of a base version: without them", withTexts(VERSION, "08.1.2.04;", undefined, "08.1.2.04;"), { baseVersions: ["8.1.2.4"] }],
  ["transforms that name no version: none", withTexts(VERSION, "eight.one;", undefined, "eight.one;"), { baseVersions: [] }],
  ["the old word for x64", withTexts(PLATFORM, "AMD64;9", "AMD64;9"), { architectures: ["x64"] }],
  ["the word for x86", withTexts(PLATFORM, "Intel;9", "Intel;9"), { architectures: ["x86"] }],
  ["two platforms", withTexts(PLATFORM, "Intel;9"), { architectures: ["x86", "x64"] }],
  ["a platform that nobody knows", withTexts(PLATFORM, "Alpha;9", "valueOf"), { architectures: [] }],
  ["transforms that are not there", withTexts(":T1;:#T1", ":T2;:#T2"), { architectures: [], baseVersions: [] }],
  ["no article in the subject: that of the display name", withTexts(SUBJECT, "Service Pack 1"), { kb: "945684", subject: "Update Rollup 1 for Exchange Server 2007 Service Pack 1" }],
  ["no article in the display name: that of the subject", withTexts("(KB945684) 8", "(KB9)"), { kb: "945684" }],
  ["a sequence that is no build: the build at the end of the display name", withTexts("20078.1.263.1", "2007sequence1"), { build: "8.1.263.1" }],
  ["a word count that is not known", withTexts("\u0003\0\0\0\u0004\0\0\0", "\u0003\0\0\0\u0063"), { minimumInstaller: undefined }],
])("%s", (_title, file, said) => {
  expect(parsePatchFile(file)).toMatchObject({ kind: "ok", value: said });
});

test.each<[string, Buffer, RegExp]>([
  ["no product", withTexts("{24B2C164-DE66-44FE-B468-A46D9D5E6B31}\0", "no product"), /names no product/],
  ["no code of its own", withTexts("{703A6A47", "703A6A47"), /names no code/],
  ["no summary", withTexts("\u0005\0S\0u\0m\0m\0a\0r\0y\0", "\u0005\0S\0u\0m\0m\0a\0r\0i\0", "\u0005\0S\0u\0m\0m\0a\0r\0i\0", "\u0005\0S\0u\0m\0m\0a\0r\0i\0"), /summary cannot be read/],
])("a patch with %s is damaged", (_title, file, because) => {
  expect(parsePatchFile(file)).toEqual({ kind: "error", error: { code: "damaged", because: expect.stringMatching(because) as string } });
});

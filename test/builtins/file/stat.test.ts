import { expect, test } from "vitest";
import { fileSource } from "../../../src/builtins/file/source.ts";
import { fileStat } from "../../../src/builtins/file/stat.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, read, refused } from "../turns.ts";

const path = "D:\\ur\\a.msp";

test.each<[string, Fact, object]>([
  ["a file has size and hash", read({ exists: true, bytes: 58_000_000, sha256: "ab", folder: false }), { kind: "done", outputs: { exists: true, folder: false, bytes: "58MB", sha256: "ab" } }],
  ["an empty file has the size nought", read({ exists: true, bytes: 0, sha256: "e3", folder: false }), { kind: "done", outputs: { bytes: "0B" } }],
  ["a file that is not there is an answer", read({ exists: false, bytes: 0, sha256: "", folder: false }), { kind: "done", outputs: { exists: false, folder: false }, because: `${path} does not exist` }],
  ["a folder has neither size nor hash", read({ exists: true, bytes: 0, sha256: "", folder: true }), { kind: "done", outputs: { exists: true, folder: true } }],
  ["a refusal is passed on", refused("denied", "the account may not read it"), { kind: "refuse", code: "denied", because: "the account may not read it" }],
  ["a broken channel is unreachable", LOST, { kind: "refuse", code: "unreachable" }],
])("%s", (_title, file, decision) => {
  expect(fileStat.decide({ path }, { file }, pastOf(), PLACE)).toMatchObject(decision);
  expect(fileSource.decide({ path }, { file }, pastOf(), PLACE)).toMatchObject(decision);
});

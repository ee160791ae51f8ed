import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../src/core/digest.ts";
import { readSource } from "../../src/world/local-transport.ts";
import { patchFacts } from "../../src/world/patch-facts.ts";
import { PROJECT } from "../docs/project.ts";

const rollup = join(PROJECT, "examples/packages/Exchange2007-KB945684-x64-EN.msp");
const folder = mkdtempSync(join(tmpdir(), "runbook-patch-"));

test("size, hash and what the patch says come from the same bytes", async () => {
  const content = readFileSync(rollup);
  expect(await readSource(rollup, "patch")).toMatchObject({
    kind: "ok", value: { exists: true, bytes: content.length, sha256: sha256(content), folder: false, patch: { kind: "ok", value: { baseVersions: ["8.1.240.6"], kb: "945684" } } },
  });
});

test("what is recorded of a patch is small, whatever the patch's size", async () => {
  expect(JSON.stringify(await readSource(rollup, "patch")).length).toBeLessThan(2_000);
});

test("a file that is not asked to be a patch is not read as one", async () => {
  expect(await readSource(rollup)).not.toHaveProperty("value.patch");
});

test("a file that is no patch is an answer with a reason", async () => {
  const path = join(folder, "page.msp");
  writeFileSync(path, "<html>");
  expect(await readSource(path, "patch")).toMatchObject({ kind: "ok", value: { exists: true, bytes: 6, patch: { kind: "error", error: { code: "not_compound" } } } });
});

test.each([["a file that is not there", join(folder, "nothing.msp"), false], ["a folder", folder, true]])("%s is an answer without a patch", async (_title, path, exists) => {
  expect(await readSource(path, "patch")).toEqual({ kind: "ok", value: { exists, bytes: 0, sha256: "", folder: exists } });
});

test("a file larger than any rollup is told by its size", async () => {
  const { length } = readFileSync(rollup);
  const never = new AbortController().signal;
  const read = (largestBytes: number): ReturnType<typeof patchFacts> => patchFacts(rollup, { limitMs: 60_000, largestBytes }, never);
  expect(await read(length)).toMatchObject({ value: { patch: { kind: "ok" } } });
  expect(await read(length - 1)).toMatchObject({ kind: "ok", value: { bytes: length, patch: { kind: "error", error: { code: "too_large", because: expect.stringContaining(`${length} bytes`) as string } } } });
});

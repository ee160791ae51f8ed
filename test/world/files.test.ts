import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTextFile } from "../../src/world/files.ts";
import { temporaryFolder } from "./real-process.ts";

test("a text is read whole, without its byte order mark", () => {
  const path = join(temporaryFolder(), "a.yml");
  writeFileSync(path, "\uFEFFrunbook: 1\r\n日本\n");
  expect(readTextFile(path)).toEqual({ kind: "ok", value: "runbook: 1\r\n日本\n" });
});

test("an empty file is an empty text", () => {
  const path = join(temporaryFolder(), "a.yml");
  writeFileSync(path, "");
  expect(readTextFile(path)).toEqual({ kind: "ok", value: "" });
});

test.each<[string, (path: string) => void, string]>([
  ["is not there", () => undefined, "does not exist"],
  ["is a folder", (path) => execFileSync("mkdir", [path]), "is a folder, and a file is needed"],
  ["is not UTF-8", (path) => writeFileSync(path, Buffer.from([0x61, 0xff])), "is not UTF-8"],
  ["is too large", (path) => { writeFileSync(path, ""); truncateSync(path, 10_000_001); }, "at most 10 MB"],
  ["lies below a file", (path) => writeFileSync(path, ""), "does not exist"],
])("a file that %s is refused with a sentence", (title, make, sentence) => {
  const path = join(temporaryFolder(), "a.yml");
  make(path);
  const asked = title === "lies below a file" ? join(path, "b.yml") : path;
  const text = readTextFile(asked);
  expect(text).toEqual({ kind: "error", error: expect.stringContaining(sentence) });
  expect(text.kind === "error" && text.error.startsWith(asked)).toBe(true);
});

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { error, ok, type Result } from "../core/result.ts";
import { collectEarly } from "./early-collection.ts";
import { fileFailure } from "./file-fault.ts";

/** A larger text is refused: no runbook, inventory or world is so long. */
const LARGEST_TEXT = 10_000_000;

/** What a text of so many bytes is read into takes tens of megabytes, most of which is soon needed no more. */
const LARGE_TEXT = 200_000;

function readAll(file: number, bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  let at = 0;
  for (;;) {
    const count = at < bytes ? readSync(file, content, at, bytes - at, at) : 0;
    if (count === 0) return content.subarray(0, at);
    at += count;
  }
}

/** The text of a file on this machine, a byte order mark removed; else a sentence that says why there is none. */
export function readTextFile(path: string): Result<string, string> {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const seen = fstatSync(file);
    if (seen.isDirectory()) return error(`${path} is a folder, and a file is needed`);
    if (!seen.isFile()) return error(`${path} is no regular file`);
    if (seen.size > LARGEST_TEXT) return error(`${path} has ${seen.size} bytes; a text of at most 10 MB is expected`);
    if (seen.size >= LARGE_TEXT) collectEarly();
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(readAll(file, seen.size)));
  } catch (fault) {
    if (fault instanceof TypeError) return error(`${path} is not UTF-8; save it as UTF-8`);
    return error(fileFailure(path, fault).because);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { error, ok, type Result } from "../core/result.ts";
import { fileFailure } from "../world/file-fault.ts";
import type { Prepared } from "./prepare.ts";

/** The index of the texts with which a run began, or with which it was taken up for the n-th time. */
function indexOf(folder: string, resumed: number): string {
  return join(folder, resumed === 0 ? "files.json" : `files-${resumed}.json`);
}

/** Keeps the text of each file of a run once in its folder, by its digest, with an index. `resumed`: how often it has been taken up, this time included. Throws where that cannot be written. */
export function keepTexts(folder: string, { sources, absolutePathOf }: Prepared, resumed = 0): void {
  mkdirSync(join(folder, "files"), { recursive: true, mode: 0o700 });
  const index = sources.map(({ name, text }) => {
    const digest = sha256(text);
    writeFileSync(join(folder, "files", digest), text, { mode: 0o600, flush: true });
    return { name, path: absolutePathOf(name), digest };
  });
  writeFileSync(indexOf(folder, resumed), JSON.stringify(index), { mode: 0o600, flush: true });
}

/** The file of a run's folder that keeps a text. */
export function keptTextFile(folder: string, text: string): string {
  return join(folder, "files", sha256(text));
}

/** A file of a run as JSON; a sentence, without a full stop, where it cannot be read or is damaged. */
export function readJson(path: string): Result<Json, string> {
  const text = readText(path);
  if (text.kind === "error") return text;
  try {
    return ok(JSON.parse(text.value) as Json);
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    return error(`${path} is damaged: it is no JSON`);
  }
}

function readText(path: string): Result<string, string> {
  try {
    return ok(readFileSync(path, "utf8"));
  } catch (fault) {
    return error(fileFailure(path, fault).because);
  }
}

/** The texts of a run's files when it was last taken up (`resumed` times), or began, by their absolute paths; a sentence, without a full stop, where what is kept cannot be read or is not what it was begun with. */
export function keptTexts(folder: string, resumed: number): Result<ReadonlyMap<string, string>, string> {
  let last = resumed;
  // Kept only where a file was changed.
  while (last > 0 && !existsSync(indexOf(folder, last))) last -= 1;
  const path = indexOf(folder, last);
  const read = readJson(path);
  if (read.kind === "error") return read;
  const index = read.value;
  const texts = new Map<string, string>();
  for (const entry of Array.isArray(index) ? (index as readonly Json[]) : [undefined]) {
    if (entry === undefined || !isJsonObject(entry)) return error(`${path} is not what a run is begun with`);
    const { path: place, digest } = entry;
    if (typeof place !== "string" || typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) return error(`${path} is not what a run is begun with`);
    const text = readText(join(folder, "files", digest));
    if (text.kind === "error") return text;
    if (sha256(text.value) !== digest) return error(`${join(folder, "files", digest)}, the text of ${place}, was changed since the run began`);
    texts.set(place, text.value);
  }
  return ok(texts);
}

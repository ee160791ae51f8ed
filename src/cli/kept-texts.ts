import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Prepared } from "./prepare.ts";

/** Keeps the text of each file of a run once in its folder, by its digest, with an index. Throws where that cannot be written. */
export function keepTexts(folder: string, { sources, absolutePathOf }: Prepared): void {
  mkdirSync(join(folder, "files"), { recursive: true, mode: 0o700 });
  const index = sources.map(({ name, text }) => {
    const digest = sha256(text);
    writeFileSync(join(folder, "files", digest), text, { mode: 0o600, flush: true });
    return { name, path: absolutePathOf(name), digest };
  });
  writeFileSync(join(folder, "files.json"), JSON.stringify(index), { mode: 0o600, flush: true });
}

/** The texts of a run's files when it began, by their absolute paths; a sentence where what is kept is not what it was begun with. Throws where it cannot be read. */
export function keptTexts(folder: string): Result<ReadonlyMap<string, string>, string> {
  const path = join(folder, "files.json");
  const index = JSON.parse(readFileSync(path, "utf8")) as Json;
  const texts = new Map<string, string>();
  for (const entry of Array.isArray(index) ? (index as readonly Json[]) : [undefined]) {
    if (entry === undefined || !isJsonObject(entry)) return error(`${path} is not what a run is begun with`);
    const { path: place, digest } = entry;
    if (typeof place !== "string" || typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) return error(`${path} is not what a run is begun with`);
    const text = readFileSync(join(folder, "files", digest), "utf8");
    if (sha256(text) !== digest) return error(`${join(folder, "files", digest)}, the text of ${place}, was changed since the run began`);
    texts.set(place, text);
  }
  return ok(texts);
}

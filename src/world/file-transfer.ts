import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { GetResult, StatResult } from "../core/action.ts";
import { sha256 } from "../core/digest.ts";
import { readFileFacts } from "./file-facts.ts";

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Copies a file over a temporary name beside its goal, and lets it take its name when its hash is that of the source. Throws what the system says. */
export async function copyFile(from: string, to: string, signal: AbortSignal): Promise<StatResult> {
  const part = `${to}.${randomBytes(6).toString("hex")}.part`;
  try {
    const { mode } = await stat(from);
    await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), createWriteStream(part, { flags: "wx", mode }), { signal });
    await syncFile(part);
    const [source, copy] = [await readFileFacts(from, signal), await readFileFacts(part, signal)];
    if (source.sha256 !== copy.sha256) throw Object.assign(new Error("the source changed while it was copied"), { code: "ECHANGED" });
    await rename(part, to);
    return copy;
  } finally {
    await rm(part, { force: true });
  }
}

/** A name for a fetched file: what it was called, behind a part of the hash of its whole path, so that equal names do not meet. */
export function fetchedName(from: string): string {
  const name = basename(from.replaceAll("\\", "/")).replace(/[^A-Za-z0-9._-]/g, "_").slice(-80);
  return `${sha256(from).slice(0, 12)}-${name}`;
}

/** Fetches a file into a folder; of a file that is longer than the limit, its end, because the end of a log tells what happened. Throws what the system says. */
export async function fetchFile(from: string, folder: string, limitBytes: number, signal: AbortSignal): Promise<GetResult> {
  const { size } = await stat(from);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fetchedName(from));
  const start = Math.max(0, size - limitBytes);
  await pipeline(createReadStream(from, { start, end: Math.max(start, size - 1) }), createWriteStream(path, { mode: 0o600 }), { signal });
  const { bytes, sha256: hash } = await readFileFacts(path, signal);
  return { path, bytes, sha256: hash };
}

import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { GetResult, StatResult } from "../core/action.ts";
import { sha256 } from "../core/digest.ts";
import { readFileFacts, throwNoFile } from "./file-facts.ts";
import { systemCode } from "./file-fault.ts";

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** How much of a file's name stands in that of its part: with what follows it stays below the 255 bytes that a name may have. */
const PART_NAME_BYTES = 200;

/** A temporary name beside a goal that nobody else has: of a file that is not there whole yet. */
export function partBeside(to: string): string {
  const at = Math.max(to.lastIndexOf("/"), to.lastIndexOf("\\")) + 1;
  const name = Buffer.from(to.slice(at)).subarray(0, PART_NAME_BYTES).toString("utf8").replace(/\uFFFD+$/, "");
  return `${to.slice(0, at)}${name}.${randomBytes(6).toString("hex")}.part`;
}

/** Refuses a path of a device or a pipe; nothing may lie there. Throws what the system says, and of what is neither a file nor a folder that it is that. */
async function refuseDevice(path: string): Promise<void> {
  try {
    const seen = await stat(path);
    if (!seen.isFile() && !seen.isDirectory()) throwNoFile();
  } catch (fault) {
    if (systemCode(fault) !== "ENOENT") throw fault;
  }
}

/** Copies a file over a temporary name beside its goal, and lets it take its name when its hash is that of the source. Throws what the system says. */
export async function copyFile(from: string, to: string, signal: AbortSignal): Promise<StatResult> {
  const part = partBeside(to);
  try {
    const { mode } = await stat(from);
    await refuseDevice(from);
    await refuseDevice(to);
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
  await refuseDevice(from);
  const { size } = await stat(from);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fetchedName(from));
  const start = Math.max(0, size - limitBytes);
  // What the kernel makes when it is read, as in `/proc`, has no size before.
  if (size === 0) await writeFile(path, (await readFile(from, { signal })).subarray(-limitBytes), { mode: 0o600, signal });
  else await pipeline(createReadStream(from, { start, end: size - 1 }), createWriteStream(path, { mode: 0o600 }), { signal });
  const { bytes, sha256: hash } = await readFileFacts(path, signal);
  return { path, bytes, sha256: hash };
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { StatResult } from "../core/action.ts";
import type { Outcome } from "../core/port.ts";
import { fileFailure, NO_FILE, systemCode } from "./file-fault.ts";
import { withinLimit } from "./limit.ts";

const NOTHING: StatResult = { exists: false, bytes: 0, sha256: "", folder: false };

/** Throws {@link NO_FILE}. */
export function throwNoFile(): never {
  throw Object.assign(new Error("it is neither a file nor a folder"), { code: NO_FILE });
}

/** Size and hash of a file, read once from its begin to its end. Throws what the system says, and {@link NO_FILE} of what may have no end. */
export async function readFileFacts(path: string, signal: AbortSignal): Promise<StatResult> {
  const seen = await stat(path);
  if (seen.isDirectory()) return { exists: true, bytes: 0, sha256: "", folder: true };
  if (!seen.isFile()) throwNoFile();
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  }, { signal });
  return { exists: true, bytes, sha256: hash.digest("hex"), folder: false };
}

/** Size and hash of a file on this machine. A file that is not there is an answer; what is neither file nor folder is refused. */
export async function fileFacts(path: string, limitMs: number, signal: AbortSignal): Promise<Outcome<StatResult>> {
  try {
    await stat(path);
  } catch (fault) {
    const code = systemCode(fault);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "ok", value: NOTHING };
    return { kind: "failed", failure: fileFailure(path, fault) };
  }
  return withinLimit(path, limitMs, signal, (bounded) => readFileFacts(path, bounded));
}

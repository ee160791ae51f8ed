import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { StatResult } from "../core/action.ts";
import type { Outcome } from "../core/port.ts";
import { fileFailure, systemCode } from "./file-fault.ts";
import { withinLimit } from "./limit.ts";

const NOTHING: StatResult = { exists: false, bytes: 0, sha256: "", folder: false };

/** Size and hash of a file, read once from its begin to its end. Throws what the system says. */
export async function readFileFacts(path: string, signal: AbortSignal): Promise<StatResult> {
  const seen = await stat(path);
  if (seen.isDirectory()) return { exists: true, bytes: 0, sha256: "", folder: true };
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

/** Size and hash of a file on this machine. A file that is not there is an answer; what is neither file nor folder is refused, for it may have no end. */
export async function fileFacts(path: string, limitMs: number, signal: AbortSignal): Promise<Outcome<StatResult>> {
  try {
    const seen = await stat(path);
    if (!seen.isDirectory() && !seen.isFile()) return { kind: "failed", failure: { code: "bad_input", because: `${path} is neither a file nor a folder, but a device or a pipe. Name a file that is one` } };
  } catch (fault) {
    const code = systemCode(fault);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "ok", value: NOTHING };
    return { kind: "failed", failure: fileFailure(path, fault) };
  }
  return withinLimit(path, limitMs, signal, (bounded) => readFileFacts(path, bounded));
}

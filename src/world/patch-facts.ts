import { readFile } from "node:fs/promises";
import type { SourceResult } from "../core/action.ts";
import { sha256 } from "../core/digest.ts";
import type { Outcome } from "../core/port.ts";
import { error } from "../core/result.ts";
import { fileFacts } from "./file-facts.ts";
import { withinLimit } from "./limit.ts";

/** What a reading of a patch may cost. */
export interface PatchLimits {
  readonly limitMs: number;
  /** A larger file is not read as a patch. Reading one takes some times its size in memory. */
  readonly largestBytes: number;
}

/** Size and hash of a file, and what it says of itself as a patch: from one reading, so that all are of the same bytes. A file that is not there is an answer, and so is one that is no patch. */
export async function patchFacts(path: string, { limitMs, largestBytes }: PatchLimits, signal: AbortSignal): Promise<Outcome<SourceResult>> {
  const facts = await fileFacts(path, limitMs, signal);
  if (facts.kind !== "ok" || !facts.value.exists || facts.value.folder) return facts;
  const { value } = facts;
  if (value.bytes > largestBytes) {
    const because = `the file has ${value.bytes} bytes, far more than any rollup. Is it the whole installation, or an archive? Name the file that ends in .msp`;
    return { kind: "ok", value: { ...value, patch: error({ code: "too_large", because }) } };
  }
  return withinLimit(path, limitMs, signal, async (bounded) => {
    const content = await readFile(path, { signal: bounded });
    // Only runs that look at a patch load what reads one.
    const { parsePatchFile } = await import("../formats/msp-file.ts");
    return { exists: true, bytes: content.length, sha256: sha256(content), folder: false, patch: parsePatchFile(content) };
  });
}

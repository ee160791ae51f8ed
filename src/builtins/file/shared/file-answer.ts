import type { StatResult } from "../../../core/action.ts";
import type { Decision, Facts, Past } from "../../../core/builtin.ts";
import { formatSize } from "../../../core/quantity.ts";
import { parseReading, withoutReading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import type { ValuesOf } from "../../../core/schema.ts";

/** What a look at one file gives. */
export const FILE_OUTPUTS = {
  exists: { type: "boolean", description: "Something lies there" },
  folder: { type: "boolean", description: "It is a folder" },
  bytes: { type: "size", required: false, description: "Its size; absent for a folder or where nothing is" },
  sha256: { type: "string", format: "sha256", required: false, description: "Its hash; absent for a folder or where nothing is" },
} as const;

/** The decision on the reading `file`: whatever lies there is an answer, a place that cannot be read is a refusal. */
export function fileAnswer(path: string, facts: Facts, past: Past, kind: "stat" | "source"): Decision<ValuesOf<typeof FILE_OUTPUTS>> {
  const file = parseReading<"stat" | "source", StatResult>(facts, "file", kind, ok);
  if (file.kind === "error") return withoutReading(past, file.error);
  const { exists, folder, bytes, sha256 } = file.value;
  if (!exists || folder) return { kind: "done", outputs: { exists, folder }, because: exists ? `${path} is a folder` : `${path} does not exist` };
  return { kind: "done", outputs: { exists, folder, bytes: formatSize(bytes), sha256 }, because: `${path} has ${bytes} bytes` };
}

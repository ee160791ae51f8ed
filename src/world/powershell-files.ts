import { createHash } from "node:crypto";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { GetResult, StatResult } from "../core/action.ts";
import type { Json } from "../core/json.ts";
import type { Call, Outcome } from "../core/port.ts";
import { readFileFacts } from "./file-facts.ts";
import { fileFailure } from "./file-fault.ts";
import { fetchedName, partBeside } from "./file-transfer.ts";
import type { ChannelOptions, PowershellChannel, TargetCall } from "./powershell-channel.ts";

/** How much goes with one call. An answer of a megabyte takes a tenth of a second; WinRM takes some tens of megabytes. */
const CHUNK_BYTES = 1_000_000;

/** A part that is to be removed is not worth more. */
const DROPPING_MS = 30_000;

/** Calls that belong together have one limit. */
function within(channel: PowershellChannel, what: string, options: ChannelOptions): (call: TargetCall) => Promise<Outcome<Json>> {
  const startedMs = performance.now();
  return (call) => channel.call(what, call, { ...options, limitMs: Math.max(1, options.limitMs - (performance.now() - startedMs)) });
}

/** Works on an open file of the runner; what the system refuses is a failure. */
async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags, 0o600);
    return await work(file);
  } catch (fault) {
    return { kind: "failed", failure: fileFailure(path, fault) };
  } finally {
    await file?.close();
  }
}

/** Copies a file of the runner to a target: in chunks over a temporary name beside its goal, which it gives up for its own when its hash is that of what was read. */
export async function putFile(channel: PowershellChannel, { from, to }: Call<"put">, options: ChannelOptions): Promise<Outcome<StatResult>> {
  const ask = within(channel, `the copy of ${to}`, options);
  const part = partBeside(to);
  const outcome = await withFile(from, "r", async (file): Promise<Outcome<StatResult>> => {
    const hash = createHash("sha256");
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (let offset = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, offset);
      // An empty file is a chunk, too: it makes the part.
      if (bytesRead === 0 && offset > 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      hash.update(bytes);
      const written = await ask({ verb: "put-chunk", part, offset, base64: bytes.toString("base64") });
      if (written.kind !== "ok") return written;
      offset += bytesRead;
      if (bytesRead === 0) break;
    }
    const ended = await ask({ verb: "put-end", part, to, sha256: hash.digest("hex") });
    return ended.kind === "ok" ? { kind: "ok", value: ended.value as unknown as StatResult } : ended;
  });
  // Where the channel is gone the part stays; its name is never used again.
  if (outcome.kind === "failed") await channel.call(`the end of ${part}`, { verb: "put-drop", part }, { ...options, limitMs: DROPPING_MS });
  return outcome;
}

/** Fetches a file of a target into a folder, in chunks whose hashes are compared; of a file that is longer than the limit, its end. */
export async function getFile(channel: PowershellChannel, { from, limitBytes }: Call<"get">, folder: string, options: ChannelOptions): Promise<Outcome<GetResult>> {
  const ask = within(channel, `the copy of ${from}`, options);
  const size = await ask({ verb: "get-size", path: from });
  if (size.kind !== "ok") return size;
  const { bytes: end } = size.value as { readonly bytes: number };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fetchedName(from));
  const copied = await withFile(path, "w", async (file): Promise<Outcome<undefined>> => {
    for (let offset = Math.max(0, end - limitBytes); offset < end; ) {
      const read = await ask({ verb: "get-chunk", path: from, offset, count: Math.min(CHUNK_BYTES, end - offset) });
      if (read.kind !== "ok") return read;
      const { base64, sha256 } = read.value as { readonly base64: string; readonly sha256: string };
      const bytes = Buffer.from(base64, "base64");
      if (createHash("sha256").update(bytes).digest("hex") !== sha256) return { kind: "failed", failure: { code: "unreadable", because: `${from} did not arrive as it was read` } };
      if (bytes.length === 0) break;
      await file.write(bytes);
      offset += bytes.length;
    }
    return { kind: "ok", value: undefined };
  });
  if (copied.kind !== "ok") return copied;
  const { bytes, sha256 } = await readFileFacts(path, options.signal);
  return { kind: "ok", value: { path, bytes, sha256 } };
}

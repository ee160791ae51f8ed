import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CallOptions } from "../../src/core/port.ts";

/** A folder of its own for a test, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "runbook-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Options of a call: a minute, nobody listens, nobody cancels. */
export function options(parts: Partial<CallOptions> = {}): CallOptions {
  return { limitMs: 60_000, onOutput: () => undefined, signal: new AbortController().signal, ...parts };
}

/** The arguments with which this Node runs a text. */
export function nodeArgs(text: string, ...args: readonly string[]): readonly string[] {
  return ["-e", text, ...args];
}

/** The text of a file of the kernel; "" where it is gone, or was never there. */
export function kernelText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ESRCH") throw fault;
    return "";
  }
}

/** True while a process runs. */
export function runs(pid: number): boolean {
  return /^State:\s+[^Z\s]/m.test(kernelText(`/proc/${pid}/status`));
}

/** Asks again and again until it is so; a test that waits for ever fails by its own limit. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

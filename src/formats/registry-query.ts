import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";

/** A key of the registry with its values. */
export interface RegistryKey {
  /** The full path, as `reg.exe` writes it: `HKEY_LOCAL_MACHINE\…`. */
  readonly path: string;
  /** By name in lower case: registry names know no case. Numbers are hexadecimal text, `0x1`. */
  readonly values: ReadonlyMap<string, string>;
}

/** `NAME    REG_SZ    value`, indented; tabs in place of the blanks up to Server 2003. The value may be empty. */
const VALUE = /^(?: {4}|\t)(.*?)(?: {4}|\t)REG_[A-Z_]{2,40}(?:(?: {4}|\t)(.*))?$/;

/** A query of a key with all that lies under it. */
export function registryTree(path: string): ProgramAction {
  return { kind: "program", program: "reg.exe", args: ["query", path, "/s"] };
}

/** A query of one value. */
export function registryValue(path: string, name: string): ProgramAction {
  return { kind: "program", program: "reg.exe", args: ["query", path, "/v", name] };
}

/**
 * The keys that `reg.exe query` printed; empty where the key or value does not exist (exit code 1). `reg.exe` ends with 1 for
 * a missing right, too: that is told only by its English text, so ask for something that must be there beside it.
 */
export function parseRegistryQuery(what: string, result: ProgramResult): Reading<readonly RegistryKey[]> {
  if (result.exitCode === 1) {
    if (!/access is denied/i.test(result.stderr.slice(0, 1000))) return ok([]);
    return error({ code: "denied", because: `access to ${what} in the registry is denied; the account must be a local administrator` });
  }
  if (result.exitCode !== 0) return unreadable(what, `reg.exe ended with ${result.exitCode}: ${excerpt(result.stderr)}`);
  if (result.droppedBytes > 0) return unreadable(what, `the answer is too long, ${result.droppedBytes} bytes were dropped`);
  const keys: { path: string; values: Map<string, string> }[] = [];
  for (const line of result.stdout.split(/\r?\n/)) {
    if (/^HKEY_/i.test(line)) {
      keys.push({ path: line.trimEnd(), values: new Map() });
      continue;
    }
    const value = VALUE.exec(line);
    const key = keys.at(-1);
    if (value !== null && key !== undefined) key.values.set((value[1] ?? "").toLowerCase(), value[2] ?? "");
    else if (line.trim() !== "" && !/^(?:! REG\.EXE VERSION|End of search)/i.test(line)) {
      return unreadable(what, `the line \`${excerpt(line)}\` is neither a key nor \`NAME    TYPE    VALUE\``);
    }
  }
  return keys.length === 0 ? unreadable(what, `reg.exe printed no key: \`${excerpt(result.stdout)}\``) : ok(keys);
}

/** A REG_DWORD as a number; undefined where the text is none. */
export function dwordOf(text: string | undefined): number | undefined {
  return text !== undefined && /^0x[0-9a-f]{1,8}$/i.test(text.trim()) ? Number(text.trim()) : undefined;
}

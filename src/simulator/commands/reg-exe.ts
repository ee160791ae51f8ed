import type { ProgramResult } from "../../core/action.ts";
import { findKey, keysBelow, registryOf, type RegistryKey, type RegistryValue } from "../registry.ts";
import { takes } from "../timings.ts";
import { printed, type Moment, type ProgramCommand, type Reply } from "./command.ts";

const ABSENT = "ERROR: The system was unable to find the specified registry key or value.\n";
const SYNTAX = 'ERROR: Invalid syntax.\nType "REG QUERY /?" for usage.\n';

/** `reg.exe query KEY [/s | /v NAME]`. Exit code 1 where the key or the value is not there. It does not write. */
export const REG_EXE: ProgramCommand = {
  name: "reg.exe",
  changes: () => false,
  begin: (moment, args) => ({
    takesMs: takes(moment.state, "program", "reg.exe", moment.node?.name ?? "local"),
    end: () => query(moment, args),
  }),
};

function query(moment: Moment, args: readonly string[]): Reply<ProgramResult> {
  const reply = answer(moment, args);
  const isOld = moment.node?.os.version.startsWith("5.") === true;
  return reply.kind === "ok" && reply.value.exitCode === 0 && isOld ? { kind: "ok", value: { ...reply.value, stdout: asOn2003(reply.value.stdout) } } : reply;
}

/** Up to Server 2003 a heading comes first, and tabs divide the columns (from memory). */
function asOn2003(text: string): string {
  return `\r\n! REG.EXE VERSION 3.0\r\n${text.replace(/^( {4}.*?) {4}(REG_[A-Z_]+)(?: {4})?/gm, "$1\t$2\t")}`;
}

function answer({ node }: Moment, args: readonly string[]): Reply<ProgramResult> {
  const [verb = "", path = "", option, name, ...rest] = args;
  if (verb.toLowerCase() !== "query" || path === "" || rest.length > 0) return printed(1, "", SYNTAX);
  const keys = node === undefined ? [] : registryOf(node);
  const key = findKey(keys, path);
  if (key === undefined) return printed(1, "", ABSENT);
  switch (option?.toLowerCase()) {
    case undefined: {
      const below = keysBelow(keys, key).filter((other) => !other.path.slice(key.path.length + 1).includes("\\"));
      return printed(0, `${block(key, key.values)}${below.map((other) => `${other.path}\n`).join("")}`);
    }
    case "/s": {
      const blocks = [key, ...keysBelow(keys, key)].filter((other) => other === key || other.values.length > 0 || isLeaf(keys, other));
      return printed(0, blocks.map((other) => block(other, other.values)).join(""));
    }
    case "/v": {
      const values = key.values.filter((value) => value.name.toLowerCase() === (name ?? "").toLowerCase());
      return values.length === 0 ? printed(1, "", ABSENT) : printed(0, block(key, values));
    }
    default: return printed(1, "", SYNTAX);
  }
}

function isLeaf(keys: readonly RegistryKey[], key: RegistryKey): boolean {
  return keysBelow(keys, key).length === 0;
}

function block(key: RegistryKey, values: readonly RegistryValue[]): string {
  const lines = values.map(({ name, type, value }) => `    ${name}    ${type}    ${typeof value === "number" ? `0x${value.toString(16)}` : value}\n`);
  return `\n${key.path}\n${lines.join("")}${values.length > 0 ? "\n" : ""}`;
}

import type { ProgramResult } from "../../core/action.ts";
import { findKey, keysBelow, registryOf, type RegistryKey, type RegistryValue } from "../registry.ts";
import { takes } from "../timings.ts";
import { printed, type Moment, type ProgramCommand, type Reply } from "./command.ts";
import { writeRegistry, writesRegistry } from "./reg-write.ts";

const ABSENT = "ERROR: The system was unable to find the specified registry key or value.\n";
const SYNTAX = 'ERROR: Invalid syntax.\nType "REG QUERY /?" for usage.\n';

/** `reg.exe query KEY [/s] [/v NAME]`. Exit code 1 where the key or the value is not there. `add` and `delete` write one value. */
export const REG_EXE: ProgramCommand = {
  name: "reg.exe",
  changes: writesRegistry,
  begin: (moment, args) => {
    const takesMs = takes(moment.state, "program", "reg.exe", moment.node?.name ?? "local");
    if (!writesRegistry(args)) return { takesMs, end: () => query(moment, args) };
    const written = writeRegistry(moment.node, args);
    return { takesMs, end: () => written };
  },
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
  const searched = searchedName([option, name, ...rest]);
  if (verb.toLowerCase() !== "query" || path === "" || (rest.length > 0 && searched === undefined)) return printed(1, "", SYNTAX);
  const keys = node === undefined ? [] : registryOf(node);
  const key = findKey(keys, path);
  if (key === undefined) return printed(1, "", ABSENT);
  if (searched !== undefined) return search([key, ...keysBelow(keys, key)], searched);
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

/** The name after `/v`, where `/s` stands beside it; undefined where not. */
function searchedName(options: readonly (string | undefined)[]): string | undefined {
  const at = options.findIndex((option) => option?.toLowerCase() === "/v");
  const below = options.some((option, index) => index !== at + 1 && option?.toLowerCase() === "/s");
  return at !== -1 && below && options.length === 3 ? options[at + 1] : undefined;
}

/** A value of a name wherever it is; the last line counts, and none is an error (from memory). */
function search(keys: readonly RegistryKey[], name: string): Reply<ProgramResult> {
  const found = keys.map((key) => ({ key, values: key.values.filter((value) => value.name.toLowerCase() === name.toLowerCase()) })).filter(({ values }) => values.length > 0);
  return printed(found.length === 0 ? 1 : 0, `${found.map(({ key, values }) => block(key, values)).join("")}\nEnd of search: ${found.length} match(es) found.\n`);
}

function isLeaf(keys: readonly RegistryKey[], key: RegistryKey): boolean {
  return keysBelow(keys, key).length === 0;
}

function block(key: RegistryKey, values: readonly RegistryValue[]): string {
  const lines = values.map(({ name, type, value }) => `    ${name}    ${type}    ${typeof value === "number" ? `0x${value.toString(16)}` : value}\n`);
  return `\n${key.path}\n${lines.join("")}${values.length > 0 ? "\n" : ""}`;
}

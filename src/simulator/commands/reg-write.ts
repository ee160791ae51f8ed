import type { ProgramResult } from "../../core/action.ts";
import type { StoredValue } from "../machine-state.ts";
import type { NodeState } from "../node-state.ts";
import { findKey, fullKey, registryOf } from "../registry.ts";
import { printed, type Reply } from "./command.ts";

const DONE = printed(0, "The operation completed successfully.\n");
const DENIED = printed(1, "", "ERROR: Access is denied.\n");
const ABSENT = printed(1, "", "ERROR: The system was unable to find the specified registry key or value.\n");
const SYNTAX = printed(1, "", 'ERROR: Invalid syntax.\nType "REG /?" for usage.\n');

/** True for a call of `reg.exe` that writes. */
export function writesRegistry(args: readonly string[]): boolean {
  return /^(?:add|delete)$/i.test(args[0] ?? "");
}

/**
 * `reg.exe add KEY /v NAME /t TYPE /d VALUE /f` and `reg.exe delete KEY /v NAME /f`. Without `/f` it would ask. Only an
 * administrator writes outside their own hive, and nobody what follows from the rest of the node (a service, a patch).
 */
export function writeRegistry(node: NodeState | undefined, args: readonly string[]): Reply<ProgramResult> {
  const [verb = "", path = "", ...rest] = args;
  const options = optionsOf(rest);
  const name = options.get("/v");
  if (name === undefined || !options.has("/f")) return SYNTAX;
  if (node === undefined) return DENIED;
  const key = fullKey(path);
  const isOwn = /^HKEY_CURRENT_USER\\/i.test(key);
  if (!isOwn && !(node.administrator && node.elevated)) return DENIED;
  const { stored } = node.machine;
  const follows = findKey(registryOf(node), key)?.values.some((value) => value.name.toLowerCase() === name.toLowerCase()) === true;
  const at = stored.findIndex((value) => value.key.toLowerCase() === key.toLowerCase() && value.name.toLowerCase() === name.toLowerCase());
  if (follows && at === -1) return DENIED;
  if (verb.toLowerCase() === "delete") {
    if (at === -1) return ABSENT;
    stored.splice(at, 1);
    return DONE;
  }
  const value = valueOf(key, name, options.get("/t") ?? "REG_SZ", options.get("/d") ?? "");
  if (value === undefined) return SYNTAX;
  stored.splice(at === -1 ? stored.length : at, at === -1 ? 0 : 1, value);
  return DONE;
}

/** Options by name in lower case; `/f` has no value. */
function optionsOf(args: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const option = (args[index] ?? "").toLowerCase();
    found.set(option, option === "/f" ? "" : (args[(index += 1)] ?? ""));
  }
  return found;
}

function valueOf(key: string, name: string, type: string, text: string): StoredValue | undefined {
  switch (type.toUpperCase()) {
    case "REG_SZ":
      return { key, name, type: "REG_SZ", value: text };
    case "REG_DWORD":
      return /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? { key, name, type: "REG_DWORD", value: Number(text) } : undefined;
    default:
      return undefined;
  }
}

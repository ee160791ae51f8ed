import type { Fact } from "../../../src/core/builtin.ts";
import { printed } from "../turns.ts";

/** The answer of `reg.exe` where the key or value is not there. */
export const ABSENT = printed("", 1, "ERROR: The system was unable to find the specified registry key or value.\r\n");
/** The answer where the right to read it is missing. */
export const DENIED = printed("", 1, "ERROR: Access is denied.\r\n");

/** A key with its values, as `reg.exe` prints it. */
export function key(...values: readonly (readonly [name: string, type: string, text: string])[]): Fact {
  return printed(`\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\r\n${values.map(([name, type, text]) => `    ${name}    ${type}    ${text}\r\n`).join("")}\r\n`);
}

import type { Fact } from "../../../src/core/builtin.ts";
import { printed } from "../turns.ts";

/** One unit as `systemctl show` of systemd 252 prints it. */
export function unit(changes: Readonly<Record<string, string>> = {}): string {
  const values = { Result: "success", Id: "web.service", LoadState: "loaded", ActiveState: "active", UnitFileState: "enabled", InvocationID: "7c0", ...changes };
  return Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join("");
}

/** The answer for several of them. */
export function units(...each: readonly Readonly<Record<string, string>>[]): Fact {
  return printed(each.map(unit).join("\n"));
}

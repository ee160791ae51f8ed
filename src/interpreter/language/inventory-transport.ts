import { errorWithoutPlace, type Diagnostic } from "../../core/diagnostic.ts";
import { error, ok, type Result } from "../../core/result.ts";
import { ruleIn, type TransportRule } from "./inventory-rules.ts";
import type { Inventory, System } from "./inventory.ts";

/** The address of the machine that runs the interpreter. */
const LOCAL = "local";

/**
 * How an address of a run is reached: by the system's rules, else by the inventory's. `local` needs no rule; in a simulated
 * system it is simulated too. Without an inventory only `local` can be reached.
 */
export function transportFor(address: string, inventory: Inventory | undefined, system: System | undefined): Result<TransportRule, Diagnostic> {
  if (address === LOCAL) {
    return ok(system?.world === undefined ? { kind: "local", pattern: LOCAL, span: undefined } : { kind: "simulated", pattern: LOCAL, span: undefined, world: system.world });
  }
  if (inventory === undefined) return error(errorWithoutPlace("no-transport", `nothing says how \`${address}\` is reached`, "name an inventory and a system: --inventory FILE --system NAME"));
  for (const rules of [system?.transports ?? [], inventory.transports]) {
    const rule = ruleIn(rules, address);
    if (rule.kind === "error") return rule;
    if (rule.value !== undefined) return ok(rule.value);
  }
  return error(errorWithoutPlace("no-transport", `${inventory.source.name} does not say how \`${address}\` is reached`, "add a rule for it, or `default`, under `transports`"));
}

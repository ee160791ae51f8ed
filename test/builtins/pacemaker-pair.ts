import { readFileSync } from "node:fs";
import type { Action } from "../../src/core/action.ts";
import type { AnyBuiltin, Decision, Fact, Facts, Past } from "../../src/core/builtin.ts";
import { pastOf, PLACE, printed } from "./turns.ts";

/** What `crm_mon` and `cibadmin` printed on the two nodes of a real cluster, Pacemaker 2.1.5. */
export function recorded(name: "healthy" | "standby" | "banned" | "promotion-failed" | "constraints" | "constraints-moved"): string {
  return readFileSync(new URL(`../formats/pacemaker/${name}.xml`, import.meta.url), "utf8");
}

/** The pair in health: `node1` runs the leading copy and both groups. */
export const HEALTHY = { cluster: printed(recorded("healthy")), constraints: printed(recorded("constraints")) };

/** The pair after every occurrence of some texts was replaced by others. */
export function cluster(...changes: readonly (readonly [string, string])[]): Fact {
  return printed(changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the recording does not hold ${from}`);
    return text.replaceAll(from, to);
  }, recorded("healthy")));
}

/** One turn of a builtin over readings that stand under the names of its look: what it decides, and the actions that it names. */
export function turn(builtin: AnyBuiltin, inputs: Readonly<Record<string, unknown>>, facts: Facts, past: Partial<Past> = {}): { readonly decision: Decision; readonly actions: readonly Action[] } {
  const decision = builtin.decide(inputs, facts, pastOf(past), PLACE);
  const actions = decision.kind === "act" ? decision.actions.map(({ action, fill }) => {
    const declared = builtin.actions[action];
    if (declared === undefined) throw new Error(`${builtin.name} does not declare ${action}`);
    return declared.make(inputs, fill ?? {});
  }) : [];
  return { decision: decision as Decision, actions };
}

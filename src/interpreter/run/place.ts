import { assertNever } from "../../core/assert-never.ts";
import type { Place } from "../../core/builtin.ts";
import { nameHint } from "../../core/names.ts";
import type { Leaf } from "../../core/runbook.ts";
import { renderText } from "../language/template.ts";
import type { Branch, Run } from "./context.ts";

/** Where a leaf acts, or why it cannot. */
export type Placed =
  | { readonly kind: "ok"; readonly place: Place }
  | { readonly kind: "failed"; readonly code: "not_a_target" | "not_known"; readonly because: string };

const LOCAL: Placed = { kind: "ok", place: { address: "local", isLocal: true } };

/** The address of a leaf when it is entered: one of the run's, nothing else. */
export function placeOf(run: Run, branch: Branch, leaf: Leaf): Placed {
  const { target } = leaf;
  switch (target.kind) {
    case "none":
      return LOCAL;
    case "local":
      return { kind: "ok", place: { address: "local", isLocal: false } };
    case "named": {
      const address = branch.roots.targets[target.name]?.address;
      if (address === undefined) throw new Error(`target ${target.name} is no single target`);
      return knownAddress(run, address);
    }
    case "template": {
      const address = renderText(target.template, branch.scope);
      if (address.kind !== "ok") return { kind: "failed", code: "not_known", because: `the target cannot be told: ${address.because}` };
      return knownAddress(run, address.value);
    }
    default:
      return assertNever(target);
  }
}

function knownAddress(run: Run, address: string): Placed {
  if (run.plan.addresses.includes(address)) return { kind: "ok", place: { address, isLocal: false } };
  const byCase = run.plan.addresses.find((known) => known.toLowerCase() === address.toLowerCase());
  if (byCase !== undefined) return { kind: "ok", place: { address: byCase, isLocal: false } };
  return { kind: "failed", code: "not_a_target", because: `${address} is none of this run's targets; ${nameHint(address, run.plan.addresses) ?? "it has none"}` };
}

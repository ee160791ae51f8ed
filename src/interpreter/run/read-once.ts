import type { Past, Values } from "../../core/builtin.ts";
import type { Leaf } from "../../core/runbook.ts";
import { bindInputs } from "../plan/bind.ts";
import type { Branch, Run } from "./context.ts";
import type { Issuer } from "./issue.ts";
import { look } from "./look.ts";
import { placeOf } from "./place.ts";
import { takeFromInputs } from "./run-secrets.ts";

/** What one look of a reading builtin gave. */
export type ReadAnswer =
  | { readonly kind: "read"; readonly outputs: Values; readonly because: string }
  | { readonly kind: "none"; readonly because: string };

/** The past of a reading that stands for itself: nothing was tried. */
const NO_PAST: Past = { attempt: 1, elapsedMs: 0, acts: [], answers: [] };

/** One look and one decision of a reading leaf: its outputs if it is done, else why not. */
export async function readOnce(run: Run, branch: Branch, leaf: Leaf, path: string, actionPrefix: string, told: Issuer["told"], untilMs: number): Promise<ReadAnswer> {
  const place = placeOf(run, branch, leaf);
  if (place.kind === "failed") return { kind: "none", because: place.because };
  takeFromInputs(leaf.with, branch.scope, run.secrets);
  const bound = bindInputs(leaf.with, leaf.builtin.inputs, branch.scope, new Map());
  if (bound.kind === "failed") return { kind: "none", because: bound.because };
  const issuer: Issuer = { path, builtin: leaf.builtin, inputs: bound.values, address: place.place.address, actionPrefix, told, secrets: run.secrets };
  const facts = await look(run, branch, issuer, NO_PAST, 1, untilMs);
  const decision = leaf.builtin.decide(bound.values, facts, NO_PAST, place.place);
  return decision.kind === "done" ? { kind: "read", outputs: decision.outputs, because: decision.because } : { kind: "none", because: decision.because };
}

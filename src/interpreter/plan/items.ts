import { emptyObject } from "../../core/json.ts";
import { hasHole } from "../../core/plan.ts";
import type { Loop, Scope } from "../../core/runbook.ts";
import { evaluate } from "../language/expression.ts";
import { itemKey } from "./paths.ts";

/** An item of a loop with its key. */
export interface KnownItem {
  readonly key: string;
  readonly item: unknown;
}

/** The items of a loop, where they can be told without looking; undefined where only the run can tell. */
export function knownItems({ items }: Loop, scope: Scope): readonly KnownItem[] | undefined {
  if (items.reads.some(([root]) => root !== "inputs" && root !== "vars" && root !== "targets")) return undefined;
  const value = evaluate(items, scope);
  if (value.kind !== "value" || !Array.isArray(value.value)) return undefined;
  const known: KnownItem[] = [];
  for (const item of value.value) {
    const key = itemKey(item);
    if (key === undefined || hasHole(key)) return undefined;
    known.push({ key, item });
  }
  return known;
}

/** The scope of an instance. */
export function withItem(scope: Scope, as: string, item: unknown): Scope {
  return Object.assign(emptyObject<unknown>(), scope, { [as]: item });
}

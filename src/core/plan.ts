import type { Action, Effect } from "./action.ts";
import type { Json } from "./json.ts";
import { MASK, type SecretSource } from "./secret.ts";

/** In a planned text: the begin and the end of what only a later look can tell. Private-use characters, so that no real value holds them. */
export const HOLE_START = "\uE000";
export const HOLE_END = "\uE001";

/** A hole with the name of what will fill it. */
export function hole(name: string): string {
  return `${HOLE_START}${name}${HOLE_END}`;
}

/** Stands in a plan for a secret, or for what is made of one: a plan needs none, and shows none. */
export const SECRET_HOLE = hole(MASK);

/** True if a text holds a hole. */
export function hasHole(text: string): boolean {
  return text.includes(HOLE_START);
}

/** A planned text for people: holes as `⟨name⟩`, secrets as `***`. */
export function showHoles(text: string): string {
  return text.replaceAll(SECRET_HOLE, MASK).replaceAll(HOLE_START, "⟨").replaceAll(HOLE_END, "⟩");
}

/** Where in a run a step stands. */
export type Phase = "goal" | "precondition" | "step" | "rescue" | "always" | "postcondition" | "probe" | "rollback";

/** An action that a step may take. The run issues nothing that matches no entry of its plan. */
export interface PlannedAction {
  readonly name: string;
  readonly title: string;
  readonly effect: Effect;
  readonly atMost: number;
  /** With holes where only a look, or a step before, can tell. */
  readonly template: Action;
}

/** Where a planned step acts: an address, `local`, one of several, or nowhere. */
export type PlannedTarget =
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "one-of"; readonly addresses: readonly string[] }
  | { readonly kind: "none" };

/** A step of the plan. A loop whose list is known later has one child, the pattern `copy[…]`. */
export interface PlanNode {
  readonly path: string;
  readonly kind: "leaf" | "block" | "for-each" | "call";
  readonly phase: Phase;
  readonly title: string;
  readonly why: string | undefined;
  readonly if: string | undefined;
  readonly uses: string | undefined;
  readonly effect: Effect;
  readonly target: PlannedTarget;
  readonly irreversible: string | undefined;
  readonly actions: readonly PlannedAction[];
  readonly children: readonly PlanNode[];
  /** What undoes it, where it says so. No part of the run: another run, that undoes this one, may do it. */
  readonly rollback?: readonly PlanNode[];
}

/** Where an input's value came from. */
export interface ResolvedInput {
  readonly name: string;
  /** `***` for a secret. */
  readonly value: Json;
  /** `--set`, `inventory system exclus1`, `default`: as it is shown. */
  readonly origin: string;
  /** Where a secret is asked for, again and again; absent for every other input. */
  readonly secret?: SecretSource;
}

/** What a run will do, as far as can be told without looking: the closed set of its actions. */
export interface Plan {
  /** SHA-256 of its canonical JSON without texts and times. */
  readonly digest: string;
  readonly runbook: string;
  readonly file: string;
  readonly title: string;
  readonly system: string;
  readonly simulated: boolean;
  readonly inputs: readonly ResolvedInput[];
  readonly addresses: readonly string[];
  readonly locks: readonly string[];
  readonly nodes: readonly PlanNode[];
}

import type { Facts, Past, PastAct, PastAnswer, Place, Values } from "../../core/builtin.ts";
import type { Action } from "../../core/action.ts";
import { canonicalJson } from "../../core/json.ts";
import type { Leaf, Step } from "../../core/runbook.ts";
import type { Limit } from "./limit.ts";

/** An act with what tells it from others: its name and arguments. */
export interface OwnAct extends PastAct {
  readonly identity: string;
  /** Where it was carried out. */
  readonly address: string;
  /** When its answer came, or the wait for it ended. */
  readonly endedMs: number;
  /** Its limit passed, and its tree is known to be gone: nothing of it is still at work. */
  readonly isGone?: true;
  /** Its result held a secret, and the journal kept only what was masked. */
  readonly masked?: true;
}

/** An act during which the runner ended, nobody knows when: it has ended by the time at which the run is taken up, and what may still show of it is waited for from then on. */
export function endedBy(act: OwnAct, takenUpMs: number): OwnAct {
  return act.outcome === "in-doubt" && act.endedMs === act.startedMs ? { ...act, endedMs: Math.max(act.endedMs, takenUpMs) } : act;
}

/** A leaf while it is entered: what it did and what people said, over all its attempts. */
export interface LeafState {
  readonly step: Step;
  readonly leaf: Leaf;
  readonly path: string;
  readonly place: Place;
  readonly enteredMs: number;
  /** Its own limit, if it has one, and those around. */
  readonly limits: readonly Limit[];
  attempt: number;
  turn: number;
  /** What it did in this run, over all its entries. */
  readonly acts: OwnAct[];
  /** How many of these a later look has decided. */
  decidedActs: number;
  readonly answers: (PastAnswer & { readonly attempt: number })[];
  /** When its open question expires, for the attempt in which it was first asked; undefined where none does. */
  expiry: { readonly attempt: number; readonly atMs: number } | undefined;
  previous: Facts | undefined;
  /** The facts of the last look, and when it ended. */
  facts: Facts;
  lookedAtMs: number;
  inputs: Values;
  /** Codes of what a wait has warned of. */
  readonly warned: Set<string>;
}

/** The past as `decide` sees it. */
export function pastOf(state: LeafState, nowMs: number): Past {
  return {
    attempt: state.attempt, elapsedMs: nowMs - state.enteredMs, acts: state.acts, answers: state.answers.filter(({ attempt }) => attempt === state.attempt),
    ...(state.previous === undefined ? {} : { previous: state.previous }),
  };
}

/** What makes two actions the same one: name and arguments. */
export function identityOf(name: string, action: Action): string {
  return `${name} ${canonicalJson(action)}`;
}

/** Takes in that a look has decided what was in doubt, if anything could be read. */
export function settle(state: LeafState): void {
  if (couldSee(state)) state.decidedActs = state.acts.length;
}

/** True if the last look read something; a plain program is seen by its `done-when` only. */
export function couldSee(state: LeafState): boolean {
  const { builtin } = state.leaf;
  if (builtin.cannotLook === true) return Object.entries(builtin.inputs).some(([name, schema]) => schema.type === "reading" && isKnown(state.inputs[name]));
  const facts = Object.values(state.facts);
  return facts.length === 0 || facts.some((fact) => fact.kind === "ok");
}

function isKnown(verdict: unknown): boolean {
  return typeof verdict === "object" && verdict !== null && "kind" in verdict && verdict.kind !== "not-known";
}

/**
 * True if nothing of the step hangs in the air: no act is in doubt that no later look has decided, and no job of it runs. What may
 * be repeated is never in doubt.
 */
export function isSettled(state: LeafState): boolean {
  const doubtful = state.acts.slice(state.decidedActs).some((act) => act.outcome === "lost" || act.outcome === "in-doubt");
  if (doubtful && !(state.leaf.builtin.cannotLook === true && state.inputs["repeatable"] === true)) return false;
  return !state.acts.some((act) => act.job !== undefined && isRunning(act.job, state.facts));
}

/** True if the last look saw the job running, or could not see the target's jobs at all. */
function isRunning(job: string, facts: Facts): boolean {
  const lists = Object.values(facts).flatMap((fact) => (fact.kind === "ok" && "jobs" in fact.value ? [fact.value.jobs] : []));
  if (lists.length === 0) return true;
  return lists.some((jobs) => jobs.some((known) => known.name === job && known.state === "running"));
}

import type { Facts, Past, PastAct, PastAnswer, Place, Values } from "../../core/builtin.ts";
import type { Action } from "../../core/action.ts";
import { canonicalJson } from "../../core/json.ts";
import type { Leaf, Step } from "../../core/runbook.ts";

/** An act with what tells it from others: its name and arguments. */
export interface OwnAct extends PastAct {
  readonly identity: string;
  /** When its answer came, or the wait for it ended. */
  readonly endedMs: number;
}

/** A leaf while it is entered: what it did and what people said, over all its attempts. */
export interface LeafState {
  readonly step: Step;
  readonly leaf: Leaf;
  readonly path: string;
  readonly place: Place;
  readonly enteredMs: number;
  /** When the smallest limit ends; questions put it off. Undefined: none. */
  deadlineMs: number;
  attempt: number;
  turn: number;
  readonly acts: OwnAct[];
  readonly answers: (PastAnswer & { readonly attempt: number })[];
  previous: Facts | undefined;
  /** True from its first intent on. */
  hasIntent: boolean;
  /** The facts of the last look, and when it ended. */
  facts: Facts;
  lookedAtMs: number;
  inputs: Values;
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

/**
 * True if nothing of the step hangs in the air: no act is in doubt that no later look has decided, and no job of it runs. A
 * look decides for a builtin that can look; for one that cannot, a lost outcome stays in doubt.
 */
export function isSettled(state: LeafState): boolean {
  const last = state.acts.at(-1);
  if (last === undefined) return true;
  if (state.leaf.builtin.cannotLook === true) return last.outcome === "ok" || last.outcome === "failed" || state.inputs["repeatable"] === true;
  if (state.lookedAtMs < last.startedMs) return false;
  const unread = Object.values(state.facts).every((fact) => fact.kind !== "ok") && Object.keys(state.facts).length > 0;
  const doubtful = state.acts.some((act) => act.outcome === "lost" || act.outcome === "in-doubt");
  if (doubtful && unread) return false;
  return !state.acts.some((act) => act.job !== undefined && isRunning(act.job, state.facts));
}

/** True if the last look saw the job running, or could not see the target's jobs at all. */
function isRunning(job: string, facts: Facts): boolean {
  const lists = Object.values(facts).flatMap((fact) => (fact.kind === "ok" && "jobs" in fact.value ? [fact.value.jobs] : []));
  if (lists.length === 0) return true;
  return lists.some((jobs) => jobs.some((known) => known.name === job && known.state === "running"));
}

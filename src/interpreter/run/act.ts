import type { ActionResult } from "../../core/action.ts";
import type { ActionCall, Decision } from "../../core/builtin.ts";
import { sha256 } from "../../core/digest.ts";
import { canonicalJson } from "../../core/json.ts";
import type { Outcome } from "../../core/port.ts";
import { textFailure } from "../../core/text-failure.ts";
import { leafEffect } from "../plan/planned-actions.ts";
import { isStopped, type Branch, type Run } from "./context.ts";
import { passGuards, sampleAfter } from "./guards.ts";
import { issueChange, makeAction, type Issuer, type MadeAction } from "./issue.ts";
import { leftOf } from "./limit.ts";
import { checkProgress } from "./progress.ts";
import { secretShown } from "./run-secrets.ts";
import { identityOf, type LeafState, type OwnAct } from "./leaf-state.ts";

/** How an attempt to act went on. */
export type Acted =
  /** Everything was carried out, or one action was not ok: look again. */
  | { readonly kind: "acted" }
  /** The facts had become old, and the fresh ones lead elsewhere. */
  | { readonly kind: "decided-anew"; readonly decision: Decision<Readonly<Record<string, unknown>>> }
  | { readonly kind: "wait"; readonly because: string; readonly untilMs: number }
  | { readonly kind: "failed"; readonly code: string; readonly because: string }
  | { readonly kind: "halted" };

type Passed = Acted | { readonly kind: "passed" } | { readonly kind: "no-longer-due" };

/** Facts older than this at the gate are looked at again. */
const FRESH_MS = 10_000;
/** An action that was let through has at least this long. */
const LEAST_LIMIT_MS = 1_000;

/**
 * The gate and what follows: takes its turn, samples probes and judges invariants, looks again where the facts are old, records
 * the intent, and carries the actions out in order up to the first that is not ok.
 */
export async function act(run: Run, branch: Branch, state: LeafState, issuer: Issuer, calls: readonly ActionCall[], lookAgain: () => Promise<Decision<Readonly<Record<string, unknown>>>>): Promise<Acted> {
  const made = calls.map((call) => ({ call, action: makeAction(issuer, call) }));
  // Before the intent: what cannot be begun makes no claim.
  const wrong = made.map(({ action }) => textFailure(action.action) ?? secretShown(action.action, run.secrets)).find((failure) => failure !== undefined);
  if (wrong !== undefined) return { kind: "failed", ...wrong };
  const stuck = checkProgress(state, made.map(({ action }) => action), branch.task.now());
  if (stuck !== undefined) return stuck;
  const effect = leafEffect(state.leaf);
  const touches = state.leaf.builtin.touches?.(issuer.inputs, state.place) ?? [];
  for (const { call, action } of made) {
    const passage = { path: state.path, address: issuer.address, touches, weight: effect === "changes" ? "changing" : "disrupting", disruptors: branch.disruptors } as const;
    const opened = await run.gate.open(branch.task, passage, run.halt.stopOf(branch.course), () => leftOf(state.limits, branch.task.now()));
    if (opened.kind === "stopped") return { kind: "halted" };
    if (opened.kind === "late") return { kind: "acted" };
    if (opened.kind === "blocked") return { kind: "failed", code: "not_known", because: `${action.title} is not begun: nobody knows yet how ${opened.by} ended, and it is not done beside it` };
    const passed = await passGate(run, branch, state, action, opened.waited, lookAgain, issuer);
    if (passed.kind !== "passed") {
      run.gate.closePassage();
      run.gate.freeAddress(issuer.address);
      return passed.kind === "no-longer-due" ? { kind: "acted" } : passed;
    }
    const outcome = await carryOut(run, branch, state, issuer, call, action);
    run.gate.freeAddress(issuer.address);
    if (outcome === "halted") return { kind: "halted" };
    if (outcome !== "ok") return { kind: "acted" };
  }
  return { kind: "acted" };
}

async function passGate(run: Run, branch: Branch, state: LeafState, action: MadeAction, waited: "for-another" | "not-at-all", lookAgain: () => Promise<Decision<Readonly<Record<string, unknown>>>>, issuer: Issuer): Promise<Passed> {
  const guarded = await passGuards(run, branch, action.effect);
  if (guarded.kind !== "passed") return guarded;
  // What another step has done meanwhile may be what this one was about to do.
  if (waited === "for-another" || branch.task.now() - state.lookedAtMs > FRESH_MS) {
    const decision = await lookAgain();
    if (decision.kind !== "act") return { kind: "decided-anew", decision };
    const due = decision.actions.map((call) => makeAction(issuer, call));
    if (!due.some((other) => identityOf(other.name, other.masked) === identityOf(action.name, action.masked))) return { kind: "no-longer-due" };
  }
  const permitted = await branch.task.own(() => run.engine.permit({ step: state.path, title: action.title, target: state.place.address, action: action.name, what: action.masked, effect: action.effect }));
  if (permitted === "stop") {
    run.halt.raise({ kind: "not-permitted", because: `before “${action.title}”, which was not permitted` });
    return { kind: "halted" };
  }
  if (isStopped(run, branch)) return { kind: "halted" };
  return leftOf(state.limits, branch.task.now()) > 0 ? { kind: "passed" } : { kind: "no-longer-due" };
}

async function carryOut(run: Run, branch: Branch, state: LeafState, issuer: Issuer, call: ActionCall, made: MadeAction): Promise<"ok" | "not-ok" | "halted"> {
  const identity = identityOf(made.name, made.masked);
  const count = state.acts.filter((past) => past.identity === identity && past.outcome !== "lost" && past.outcome !== "in-doubt").length;
  const job = made.action.kind === "job" ? `runbook-${sha256(canonicalJson([run.id, state.path, state.attempt, identity, count])).slice(0, 20)}` : undefined;
  const startedMs = branch.task.now();
  const disrupts = made.effect === "disrupts" || made.effect === "destroys";
  run.gate.openIntent(state.path, disrupts ? "disrupting" : "changing");
  const limitMs = Math.max(LEAST_LIMIT_MS, leftOf(state.limits, startedMs));
  run.tally.intents += 1;
  const outcome = await issueChange(run, branch, issuer, { made, turn: state.turn, limitMs }, job, () => run.gate.closePassage());
  if (outcome.kind === "not-recorded") {
    run.tally.intents -= 1;
    run.gate.closeIntent(state.path);
    run.halt.raise({ kind: "not-recorded", because: `before “${made.title}”: ${outcome.because}` });
    return "halted";
  }
  const past: OwnAct = { attempt: state.attempt, action: call.action, fill: call.fill ?? {}, startedMs, endedMs: branch.task.now(), identity, address: issuer.address, ...(job === undefined ? {} : { job }), ...pastOutcome(outcome, made) };
  state.acts.push(past);
  if (disrupts) await sampleAfter(run, branch);
  run.gate.closeIntent(state.path);
  return past.outcome === "ok" ? "ok" : "not-ok";
}

function pastOutcome(outcome: Outcome<ActionResult>, made: MadeAction): Pick<OwnAct, "outcome" | "result" | "failure" | "isGone"> {
  switch (outcome.kind) {
    case "ok":
      return { outcome: "ok", result: outcome.value };
    case "failed":
      return { outcome: "failed", failure: outcome.failure };
    case "lost":
      return { outcome: "lost", failure: { code: "lost", because: outcome.because } };
    case "timeout":
      return { outcome: made.action.kind === "cmdlet" || made.action.kind === "job" ? "in-doubt" : "lost", failure: { code: "timeout", because: outcome.because }, ...(outcome.isGone === true ? { isGone: true } : {}) };
  }
}

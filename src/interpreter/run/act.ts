import type { ActionResult } from "../../core/action.ts";
import type { ActionCall, Decision } from "../../core/builtin.ts";
import { sha256 } from "../../core/digest.ts";
import { formatDuration } from "../../core/quantity.ts";
import { canonicalJson } from "../../core/json.ts";
import type { Outcome } from "../../core/port.ts";
import { leafEffect } from "../plan/planned-actions.ts";
import type { Branch, Run } from "./context.ts";
import { issue, makeAction, type Issuer, type MadeAction } from "./issue.ts";
import { identityOf, type LeafState, type OwnAct } from "./leaf-state.ts";
import type { Held } from "./watch.ts";

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
/** How long the gate samples again while an invariant cannot be told. */
const NOT_KNOWN_LIMIT_MS = 60_000;
const NOT_KNOWN_EVERY_MS = 5_000;
/** How often an action may be tried whose outcome was lost. */
const LOST_ATTEMPTS = 3;

/** What a decision to act may still do: the actions, and why none of them may be carried out now. */
function checkProgress(state: LeafState, made: readonly MadeAction[], nowMs: number): Acted | undefined {
  for (const action of made) {
    const identity = identityOf(action.name, action.action);
    const before = state.acts.filter((act) => act.attempt === state.attempt && act.identity === identity);
    const last = before.at(-1);
    if (last === undefined) continue;
    const settlesAtMs = last.endedMs + action.settlesWithinMs;
    if (nowMs < settlesAtMs) return { kind: "wait", untilMs: settlesAtMs, because: `${action.title}: done ${formatDuration(Math.floor((nowMs - last.endedMs) / 1000) * 1000)} ago, its effect may take ${formatDuration(action.settlesWithinMs)} to show` };
    const known = before.filter((act) => act.outcome === "ok" || act.outcome === "failed").length;
    const limit = before.length > known ? Math.max(action.atMost, LOST_ATTEMPTS) : action.atMost;
    if (known >= action.atMost || before.length >= limit) {
      return { kind: "failed", code: "no_progress", because: `${action.title} was done ${before.length === 1 ? "once" : `${before.length} times`} and did not bring it about${last.failure === undefined ? "" : `: ${last.failure.because}`}` };
    }
  }
  return undefined;
}

/**
 * The gate and what follows: takes its turn, samples probes and judges invariants, looks again where the facts are old, records
 * the intent, and carries the actions out in order up to the first that is not ok.
 */
export async function act(run: Run, branch: Branch, state: LeafState, issuer: Issuer, calls: readonly ActionCall[], lookAgain: () => Promise<Decision<Readonly<Record<string, unknown>>>>): Promise<Acted> {
  const made = calls.map((call) => ({ call, action: makeAction(issuer, call) }));
  const stuck = checkProgress(state, made.map(({ action }) => action), branch.task.now());
  if (stuck !== undefined) return stuck;
  const effect = leafEffect(state.leaf);
  const touches = state.leaf.builtin.touches?.(issuer.inputs, state.place) ?? [];
  for (const { call, action } of made) {
    await run.gate.open(branch.task, { path: state.path, address: issuer.address, touches, weight: effect === "changes" ? "changing" : "disrupting", disruptors: branch.disruptors });
    const passed = await passGate(run, branch, state, action, lookAgain, issuer);
    if (passed.kind !== "passed") {
      run.gate.closePassage();
      run.gate.freeAddress(issuer.address);
      return passed.kind === "no-longer-due" ? { kind: "acted" } : passed;
    }
    const outcome = await carryOut(run, branch, state, issuer, call, action);
    run.gate.freeAddress(issuer.address);
    if (outcome !== "ok") return { kind: "acted" };
  }
  return { kind: "acted" };
}

async function passGate(run: Run, branch: Branch, state: LeafState, action: MadeAction, lookAgain: () => Promise<Decision<Readonly<Record<string, unknown>>>>, issuer: Issuer): Promise<Passed> {
  if (branch.course === "forward" && run.halt.raised) return { kind: "halted" };
  const held = await sampleUntilKnown(run, branch, action);
  if (branch.course === "forward") {
    if (held.kind === "not-known") return { kind: "failed", code: "not_known", because: `nothing is changed while it cannot be told: ${held.because}` };
    if (held.kind === "broken") {
      run.halt.raise({ kind: "invariant", invariant: held.invariant, because: held.because });
      return { kind: "halted" };
    }
    if (run.halt.raised) return { kind: "halted" };
  }
  if (branch.task.now() - state.lookedAtMs > FRESH_MS) {
    const decision = await lookAgain();
    if (decision.kind !== "act") return { kind: "decided-anew", decision };
    const due = decision.actions.map((call) => makeAction(issuer, call));
    if (!due.some((other) => identityOf(other.name, other.action) === identityOf(action.name, action.action))) return { kind: "no-longer-due" };
  }
  const permitted = await branch.task.own(() => run.engine.permit({ step: state.path, title: action.title, target: state.place.address, action: action.name, what: action.action, effect: action.effect }));
  if (permitted === "stop") {
    run.halt.raise({ kind: "not-permitted", because: `stopped before: ${action.title}` });
    return { kind: "halted" };
  }
  return { kind: "passed" };
}

async function sampleUntilKnown(run: Run, branch: Branch, action: MadeAction): Promise<Held> {
  const untilMs = branch.task.now() + NOT_KNOWN_LIMIT_MS;
  for (;;) {
    const held = await run.watch.sample(run, branch, action.effect === "changes" ? "changes" : "disrupts");
    if (held.kind !== "not-known" || branch.task.now() + NOT_KNOWN_EVERY_MS > untilMs) return held;
    if (await branch.task.sleep(NOT_KNOWN_EVERY_MS, run.halt) === "stopped") return held;
  }
}

async function carryOut(run: Run, branch: Branch, state: LeafState, issuer: Issuer, call: ActionCall, made: MadeAction): Promise<"ok" | "not-ok"> {
  const identity = identityOf(made.name, made.action);
  const count = state.acts.filter((past) => past.identity === identity && past.outcome !== "lost" && past.outcome !== "in-doubt").length;
  const job = made.action.kind === "job" ? `runbook-${sha256(canonicalJson([run.id, state.path, state.attempt, identity, count])).slice(0, 20)}` : undefined;
  state.hasIntent = true;
  run.tally.intents += 1;
  const startedMs = branch.task.now();
  await branch.task.own(() => run.engine.sync());
  run.gate.openIntent = state.path;
  run.gate.closePassage();
  const limitMs = Math.max(1_000, state.deadlineMs - startedMs);
  const outcome = await issue(run, branch, issuer, made, state.turn, limitMs, job);
  const past: OwnAct = { attempt: state.attempt, action: call.action, fill: call.fill ?? {}, startedMs, endedMs: branch.task.now(), identity, ...(job === undefined ? {} : { job }), ...pastOutcome(outcome, made) };
  state.acts.push(past);
  if (made.effect === "disrupts" || made.effect === "destroys") await sampleAfter(run, branch);
  if (run.gate.openIntent === state.path) run.gate.openIntent = undefined;
  return past.outcome === "ok" ? "ok" : "not-ok";
}

/** One more sample directly after an action that may have stopped a service. */
async function sampleAfter(run: Run, branch: Branch): Promise<void> {
  const held = await run.watch.sample(run, branch, "after");
  if (held.kind === "broken" && branch.course === "forward") run.halt.raise({ kind: "invariant", invariant: held.invariant, because: held.because });
}

function pastOutcome(outcome: Outcome<ActionResult>, made: MadeAction): Pick<OwnAct, "outcome" | "result" | "failure"> {
  switch (outcome.kind) {
    case "ok":
      return { outcome: "ok", result: outcome.value };
    case "failed":
      return { outcome: "failed", failure: outcome.failure };
    case "lost":
      return { outcome: "lost", failure: { code: "lost", because: outcome.because } };
    case "timeout":
      return { outcome: made.action.kind === "cmdlet" || made.action.kind === "job" ? "in-doubt" : "lost", failure: { code: "timeout", because: outcome.because } };
  }
}

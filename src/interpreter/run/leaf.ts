import type { Leaf, Step } from "../../core/runbook.ts";
import { renderForPeople } from "../language/template.ts";
import { leafEffect } from "../plan/planned-actions.ts";
import { runAttempt } from "./attempt.ts";
import type { Branch, Run, StepEnd } from "./context.ts";
import type { LeafState } from "./leaf-state.ts";
import { isStopped } from "./context.ts";
import { leftOf, Limit } from "./limit.ts";
import { placeOf } from "./place.ts";
import { keepRan } from "./ran-before.ts";
import { looksWithSecret } from "./run-secrets.ts";
import { settingMs, settingNumber } from "./settings.ts";

/** Runs a leaf from its entry to its end, with its retries. */
export async function runLeaf(run: Run, branch: Branch, step: Step, leaf: Leaf, path: string): Promise<StepEnd> {
  const startedMs = branch.task.now();
  const attempt = nextAttempt(run, path);
  const placed = placeOf(run, branch, leaf);
  const limitMs = settingMs(step.timeout, branch.scope) ?? leaf.builtin.timeoutMs;
  const noLimit = leaf.builtin.name.startsWith("human.");
  run.emit({
    type: "step-started", step: path, kind: "leaf", phase: branch.phase, attempt, title: titleOf(step, branch), uses: leaf.builtin.name, effect: leafEffect(leaf),
    ...(branch.parent === undefined ? {} : { parent: branch.parent }), ...(step.why === undefined ? {} : { why: renderForPeople(step.why, branch.scope) }),
    ...(placed.kind === "ok" && leaf.target.kind !== "none" ? { target: placed.place.address } : {}),
    ...(leaf.irreversible === undefined ? {} : { irreversible: renderForPeople(leaf.irreversible, branch.scope) }), ...(noLimit ? {} : { limitMs }),
  });
  if (placed.kind === "failed") return { status: "failed", code: placed.code, because: placed.because, attempts: 1 };
  if (leaf.builtin.readsByWord === true && run.engine.queries === "stop") {
    run.halt.raise({ kind: "not-permitted", because: `before ${path}: a program that only reads by its author's word is not run here` });
    return { status: "interrupted", attempts: attempt };
  }
  if (run.secretInputs === "withheld" && looksWithSecret(leaf)) {
    const because = "it looks with a secret, and a plan reads none; --queries reads them";
    run.halt.raise({ kind: "not-permitted", because: `before ${path}: ${because}` });
    return { status: "interrupted", attempts: attempt, because };
  }
  const inFlight = run.resumption?.inFlight(path, startedMs);
  const acts = run.tally.acts.get(path) ?? [];
  run.tally.acts.set(path, acts);
  if (inFlight !== undefined && acts.length > 0 && leafEffect(leaf) !== "changes") run.gate.takeUp(path);
  const state: LeafState = {
    step, leaf, path, place: placed.place, enteredMs: startedMs, limits: noLimit ? branch.limits : [...branch.limits, new Limit(startedMs, limitMs)],
    attempt, turn: 0, acts, decidedActs: inFlight === undefined ? acts.length : leaf.builtin.cannotLook === true ? inFlight.actsAtAnswer : 0, answers: [...inFlight?.answers ?? []],
    expiry: inFlight?.expiry === undefined ? undefined : { attempt, atMs: inFlight.expiry.atMs }, previous: undefined, facts: {}, lookedAtMs: startedMs, inputs: {}, warned: new Set(),
  };
  const end = await withRetries(run, branch, state);
  keepRan(run, branch, state, end);
  if (end.status === "unknown") run.gate.abandonStep(path);
  else if (end.status !== "waiting") run.gate.freeStep(path);
  return { ...end, attempts: state.attempt };
}

/** Numbers rise through the run; none is used twice. */
export function nextAttempt(run: Run, path: string): number {
  const attempt = (run.tally.attempts.get(path) ?? 0) + 1;
  run.tally.attempts.set(path, attempt);
  return attempt;
}

/** The title of a step; its id where it has none. */
export function titleOf(step: Step, branch: Branch): string {
  return step.title === undefined ? step.id : renderForPeople(step.title, branch.scope);
}

async function withRetries(run: Run, branch: Branch, state: LeafState): Promise<StepEnd> {
  const { retry } = state.step;
  const attempts = settingNumber(retry?.attempts, branch.scope) ?? 1;
  for (let tried = 1; ; tried += 1) {
    const end = await runAttempt(run, branch, state);
    const retried = retry !== undefined && end.status === "failed" && tried < attempts && (retry.on === undefined || retry.on.includes(end.code ?? ""));
    if (!retried || leftOf(state.limits, branch.task.now()) <= 0 || isStopped(run, branch)) return end;
    if (branch.depth === "once") return { status: "not-yet", because: end.because ?? "it failed, and would be tried again" };
    const delayMs = retryDelayMs(branch, state, tried);
    run.emit({ type: "attempt-failed", step: state.path, attempt: state.attempt, code: end.code ?? "", because: end.because ?? "", delayMs });
    // Where the limit passes first, the next attempt is the last look.
    if (await branch.task.sleep(Math.min(delayMs, leftOf(state.limits, branch.task.now())), run.halt.stopOf(branch.course)) === "stopped") return { status: "interrupted", because: end.because ?? "" };
    state.attempt = nextAttempt(run, state.path);
  }
}

function retryDelayMs(branch: Branch, state: LeafState, tried: number): number {
  const { retry } = state.step;
  const delayMs = settingMs(retry?.delay, branch.scope) ?? 10_000;
  const backoff = settingNumber(retry?.backoff, branch.scope) ?? 1;
  const most = settingMs(retry?.maxDelay, branch.scope) ?? Number.POSITIVE_INFINITY;
  return Math.min(delayMs * backoff ** (tried - 1), most);
}

import { assertNever } from "../../core/assert-never.ts";
import type { Decision, Question } from "../../core/builtin.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { formatDuration } from "../../core/quantity.ts";
import { timeText } from "../../core/time.ts";
import type { Scope, Condition } from "../../core/runbook.ts";
import { judge } from "../language/expression.ts";
import { renderForPeople } from "../language/template.ts";
import type { Verdict } from "../../core/schema.ts";
import { bindInputs } from "../plan/bind.ts";
import { act } from "./act.ts";
import { awaitEnding } from "./await-ending.ts";
import { isStopped, type Branch, type Run, type StepEnd } from "./context.ts";
import { passGuards, sampleAfter } from "./guards.ts";
import { makeAction, type Issuer } from "./issue.ts";
import { isSettled, pastOf, settle, type LeafState } from "./leaf-state.ts";
import { leftOf, nearestOf } from "./limit.ts";
import { look, toldFacts } from "./look.ts";
import { outputsFromMasked } from "./masked-outputs.ts";
import { checkProgress } from "./progress.ts";
import { putQuestion } from "./question.ts";
import { askBeforeRepeating } from "./ran-before.ts";
import { readOnce } from "./read-once.ts";
import { takeFromInputs } from "./run-secrets.ts";
import { settingMs } from "./settings.ts";
import { withWhatFollows } from "./what-follows.ts";

type AnyDecision = Decision<Readonly<Record<string, unknown>>>;

const LEAST_WAIT_MS = 1_000;
const DEFAULT_WAIT_MS = 10_000;
/** How long the last look after a limit may take. */
const LAST_LOOK_MS = 60_000;

/** One attempt: look and decide, until an end. */
export async function runAttempt(run: Run, branch: Branch, state: LeafState): Promise<StepEnd> {
  for (let looks = 1; ; looks += 1) {
    const stopped = isStopped(run, branch);
    if (stopped && state.acts.length === 0 && !wasDoneByHand(state)) return { status: "interrupted" };
    const late = isLate(branch, state);
    const turned = await turn(run, branch, state, late ? branch.task.now() + LAST_LOOK_MS : branch.task.now() + leftOf(state.limits, branch.task.now()));
    if (turned.kind === "failed") return { status: "failed", code: turned.code, because: turned.because };
    let { decision } = turned;
    // What had its whole limit for a first look, and did nothing: another one would find no more.
    if (looks === 1 && !late && isLate(branch, state) && state.acts.length === 0 && wasCut(state) && decision.kind !== "done") return timedOut(branch, state, decision.because);
    // A look that its limit cut short decides nothing: the last one does.
    if (!late && isLate(branch, state) && decision.kind !== "done") continue;
    if (decision.kind === "act" && !late && !stopped) {
      const before = await askBeforeRepeating(run, branch, state);
      if (before !== "act") return before;
      const acted = await act(run, branch, state, issuerOf(run, state), decision.actions, async () => {
        const again = await turn(run, branch, state, branch.task.now() + leftOf(state.limits, branch.task.now()));
        return again.kind === "failed" ? { kind: "refuse", code: again.code, because: again.because } : again.decision;
      });
      if (acted.kind === "acted") continue;
      if (acted.kind === "halted") return { status: isSettled(state) ? "interrupted" : "unknown", because: decision.because };
      if (acted.kind === "failed") return failed(state, acted.code, acted.because);
      if (acted.kind === "wait") decision = { kind: "wait", because: acted.because, everyMs: acted.untilMs - branch.task.now() };
      if (acted.kind === "decided-anew") ({ decision } = acted);
    }
    const ended = endOf(branch, state, decision, late ? "last" : "any");
    if (ended !== undefined) return ended;
    const settlesFirst = stopped && !late && (!isSettled(state) || isShowingYet(run, state, decision, branch.task.now())) && !run.halt.stopOf("rescue").raised;
    // What was begun, and of which only a person can tell, is asked: they may have told already.
    const isForPeople = decision.kind === "ask" && !isSettled(state);
    if (stopped && !settlesFirst && !isForPeople) return { status: isSettled(state) ? "interrupted" : "unknown", because: decision.because };
    if (branch.depth === "once") return { status: "not-yet", because: decision.because };
    if (late) return timedOut(branch, state, decision.because);
    if (decision.kind === "ask") {
      const asked = await askPeople(run, branch, state, decision);
      if (asked !== "answered") return asked;
      continue;
    }
    // After a broken invariant the step at hand settles first: a job that runs is waited for. A cancellation makes one look.
    await branch.task.sleep(Math.max(0, Math.min(waitMs(branch, state, decision), leftOf(state.limits, branch.task.now()))), run.halt.stopOf(settlesFirst ? "rescue" : branch.course));
  }
}

function isLate(branch: Branch, state: LeafState): boolean {
  return leftOf(state.limits, branch.task.now()) <= 0;
}

/** True if the limit passed while something was read. */
function wasCut({ facts }: LeafState): boolean {
  return Object.values(facts).some((fact) => fact.kind === "failed" && fact.failure.code === "timeout");
}

function timedOut(branch: Branch, state: LeafState, because: string): StepEnd {
  const limit = nearestOf(state.limits, branch.task.now());
  return failed(state, "timeout", `not within ${formatDuration(limit?.ms ?? 0)}: ${because}`);
}

function failed(state: LeafState, code: string, because: string): StepEnd {
  return isSettled(state) ? { status: "failed", code, because } : { status: "unknown", because };
}

function waitMs(branch: Branch, state: LeafState, decision: AnyDecision): number {
  const every = settingMs(state.leaf.every, branch.scope);
  const own = decision.kind === "wait" ? decision.everyMs : undefined;
  return Math.max(LEAST_WAIT_MS, own ?? every ?? DEFAULT_WAIT_MS);
}

function issuerOf(run: Run, state: LeafState): Issuer {
  return { path: state.path, builtin: state.leaf.builtin, inputs: state.inputs, address: state.place.address, actionPrefix: "", told: "each", secrets: run.secrets };
}

/** One look and one decision, told. */
async function turn(run: Run, branch: Branch, state: LeafState, untilMs: number): Promise<{ readonly kind: "decided"; readonly decision: AnyDecision } | { readonly kind: "failed"; readonly code: string; readonly because: string }> {
  state.turn += 1;
  await awaitEnding(run, branch, state, untilMs);
  const readings = new Map<string, Verdict>();
  for (const { name, binding } of state.leaf.with) {
    if (binding.kind !== "reading") continue;
    const answer = await readOnce(run, branch, binding.reading, state.path, `${name}/`, "each", untilMs);
    readings.set(name, answer.kind === "none" ? { kind: "not-known", because: answer.because } : judge(binding.that, Object.assign(emptyObject<unknown>(), branch.scope, { outputs: answer.outputs })));
  }
  takeFromInputs(state.leaf.with, branch.scope, run.secrets);
  const bound = bindInputs(state.leaf.with, state.leaf.builtin.inputs, branch.scope, readings);
  if (bound.kind === "failed") return bound;
  state.inputs = bound.values;
  const past = pastOf(state, branch.task.now());
  const facts = await look(run, branch, issuerOf(run, state), past, state.turn, untilMs);
  state.lookedAtMs = branch.task.now();
  const decision = untilTrue(branch, state, state.leaf.builtin.decide(bound.values, facts, past, state.place));
  state.facts = facts;
  state.previous = facts;
  if (decides(run, state, decision, branch.task.now())) settle(state);
  if (Object.keys(facts).length > 0) run.emit({ type: "looked", step: state.path, turn: state.turn, facts: toldFacts(facts) });
  run.emit({ type: "decided", step: state.path, turn: state.turn, decision: decision.kind, because: decision.because, ..."code" in decision ? { code: decision.code } : {} });
  if (decision.kind === "wait" && decision.warning !== undefined) warnOnce(run, state, decision.warning);
  return { kind: "decided", decision };
}

function warnOnce(run: Run, state: LeafState, { code, message }: { readonly code: string; readonly message: string }): void {
  if (state.warned.has(code)) return;
  state.warned.add(code);
  run.emit({ type: "warning", code, message: `${state.path}: ${message}`, step: state.path });
}

/** To wait decides nothing about what was tried, nor does the wish to do it again while it may still show. */
function decides(run: Run, state: LeafState, decision: AnyDecision, nowMs: number): boolean {
  if (decision.kind !== "act") return decision.kind !== "wait";
  const made = decision.actions.map((call) => makeAction(issuerOf(run, state), call));
  return checkProgress(state, made, nowMs)?.kind !== "wait";
}

/** True where a run is to be undone, and what the step did may still show: what undoes it would look too early. */
function isShowingYet(run: Run, state: LeafState, decision: AnyDecision, nowMs: number): boolean {
  return run.halt.cause?.kind === "rollback" && state.acts.length > 0 && !decides(run, state, decision, nowMs);
}

/** Under `wait-until`, done means "and the condition holds", and a world that cannot be read means "not yet". */
function untilTrue(branch: Branch, state: LeafState, decision: AnyDecision): AnyDecision {
  const { waitUntil } = state.leaf;
  if (waitUntil === undefined) return decision;
  if (decision.kind === "done") {
    const scope = Object.assign(emptyObject<unknown>(), branch.scope, { outputs: decision.outputs });
    const verdict = judge(waitUntil.that, scope);
    if (verdict.kind === "true") return decision;
    return { kind: "wait", because: waitUntil.because === undefined ? `not yet: ${verdict.because}; ${decision.because}` : `${renderForPeople(waitUntil.because, scope)} (${verdict.because})` };
  }
  const unread = (decision.kind === "refuse" || decision.kind === "fail") && (decision.code === "unreachable" || decision.code === "unreadable");
  return unread ? { kind: "wait", because: decision.because } : decision;
}

/** The end that a decision is, if it is one: `expect` is judged here. */
function endOf(branch: Branch, state: LeafState, decision: AnyDecision, look: "any" | "last"): StepEnd | undefined {
  switch (decision.kind) {
    case "done": {
      const given = decision.outputs as Readonly<Record<string, Json>>;
      const outputs = state.acts.some(({ masked }) => masked === true) ? outputsFromMasked(given) : given;
      const scope = Object.assign(emptyObject<unknown>(), branch.scope, { outputs });
      const broken = state.leaf.expect.flatMap((condition) => brokenExpectation(condition, scope));
      if (broken.length > 0) return brokenEnd(broken, outputs);
      return { status: state.leaf.reads || state.acts.length > 0 || wasDoneByHand(state) ? "ok" : "unchanged", outputs, because: decision.because };
    }
    case "refuse":
    case "fail":
      return look === "last" ? timedOut(branch, state, decision.because) : failed(state, decision.code, decision.because);
    default:
      return undefined;
  }
}

/** The end of a step whose expectations do not hold: the author's sentences as the reason, and beside it what the conditions came to. */
function brokenEnd(broken: readonly BrokenExpectation[], outputs: Readonly<Record<string, Json>>): StepEnd {
  const conditions = broken.flatMap(({ condition }) => condition ?? []);
  return { status: "failed", code: "expectation", because: broken.map(({ because }) => because).join("; "), outputs, ...(conditions.length === 0 ? {} : { condition: conditions.join("; ") }) };
}

/** Why an expectation does not hold, and what its condition came to where the author's own words are the reason. */
interface BrokenExpectation {
  readonly because: string;
  readonly condition?: string;
}

function brokenExpectation(condition: Condition, scope: Scope): readonly BrokenExpectation[] {
  const verdict = judge(condition.that, scope);
  if (verdict.kind === "true") return [];
  return [condition.because === undefined ? { because: verdict.because } : { because: renderForPeople(condition.because, scope), condition: verdict.because }];
}

function wasDoneByHand(state: LeafState): boolean {
  return state.leaf.builtin.changing === true && state.answers.length > 0;
}

/** The end of a step that asked and got no answer. What was begun and can be seen by nobody but a person is unknown until one says. */
function unanswered(state: LeafState, question: Question, kind: "expired" | "nobody" | "stopped", because: string): StepEnd {
  const [asked = ""] = question.text.split("\n");
  switch (kind) {
    case "expired": {
      const { count = 1, approved = [] } = question.terms ?? {};
      const came = count === 1 ? "nobody answered" : `${approved.length} of ${count} said yes`;
      return failed(state, "expired", `${came} within ${formatDuration(question.expiresMs ?? 0)}: ${asked}`);
    }
    case "nobody":
      return state.leaf.builtin.cannotLook === true && !isSettled(state) ? { status: "unknown", because } : { status: "waiting", because: asked };
    case "stopped":
      return { status: isSettled(state) ? "interrupted" : "unknown", because: `stopped while this was asked: ${question.text}` };
    default:
      return assertNever(kind);
  }
}

/** Asks; open questions do not count towards limits. What a person is to change stands under the guards of any change, and is watched as one. */
async function askPeople(run: Run, branch: Branch, state: LeafState, { question, because }: AnyDecision & { readonly kind: "ask" }): Promise<"answered" | StepEnd> {
  const byHand = state.leaf.builtin.changing === true;
  if (byHand) {
    const guarded = await passGuards(run, branch, "disrupts");
    if (guarded.kind === "failed") return failed(state, guarded.code, guarded.because);
    if (guarded.kind === "halted") return { status: "interrupted" };
    run.gate.openIntent(state.path, "disrupting");
  }
  if (question.expiresMs !== undefined && state.expiry?.attempt !== state.attempt) state.expiry = { attempt: state.attempt, atMs: branch.task.now() + question.expiresMs };
  const asked = await putQuestion(run, branch, state.limits, state.path, withWhatFollows(run, branch, state, question), question.expiresMs === undefined || state.expiry === undefined ? {} : { expiresAtMs: state.expiry.atMs });
  if (asked.kind !== "answered") {
    if (byHand && asked.kind === "expired") run.gate.closeIntent(state.path);
    return unanswered(state, question, asked.kind, because);
  }
  const { answer, by, account, host, reason } = asked.answer;
  state.answers.push({ attempt: state.attempt, answer, by, account, host, at: timeText(branch.task.now()), ...(reason === undefined ? {} : { reason }) });
  // Where no look can tell, a person's word does.
  if (state.leaf.builtin.cannotLook === true) state.decidedActs = state.acts.length;
  if (byHand) {
    run.tally.intents += 1;
    await sampleAfter(run, branch);
    run.gate.closeIntent(state.path);
  }
  return "answered";
}

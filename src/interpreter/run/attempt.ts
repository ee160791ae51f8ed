import type { Decision, Question } from "../../core/builtin.ts";
import { digestOf } from "../../core/digest.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { formatDuration } from "../../core/quantity.ts";
import { timeText } from "../../core/time.ts";
import type { Answer } from "../../core/port.ts";
import type { Scope, Condition } from "../../core/runbook.ts";
import { judge } from "../language/expression.ts";
import { renderForPeople } from "../language/template.ts";
import type { Verdict } from "../../core/schema.ts";
import { bindInputs } from "../plan/bind.ts";
import { act } from "./act.ts";
import type { Branch, Run, StepEnd } from "./context.ts";
import type { Issuer } from "./issue.ts";
import { isSettled, pastOf, type LeafState } from "./leaf-state.ts";
import { look, READING_LIMIT_MS, toldFacts } from "./look.ts";
import { readOnce } from "./read-once.ts";
import { settingMs } from "./settings.ts";

type AnyDecision = Decision<Readonly<Record<string, unknown>>>;

const LEAST_WAIT_MS = 1_000;
const DEFAULT_WAIT_MS = 10_000;
/** How long the last look after a limit may take. */
const LAST_LOOK_MS = 60_000;

/** One attempt: look and decide, until an end. */
export async function runAttempt(run: Run, branch: Branch, state: LeafState): Promise<StepEnd> {
  for (;;) {
    const late = branch.task.now() >= state.deadlineMs;
    const halted = branch.course === "forward" && run.halt.raised;
    if (halted && !state.hasIntent && !wasDoneByHand(state)) return { status: "interrupted" };
    const turned = await turn(run, branch, state, late ? LAST_LOOK_MS : READING_LIMIT_MS);
    if (turned.kind === "failed") return { status: "failed", code: turned.code, because: turned.because };
    let { decision } = turned;
    if (decision.kind === "act" && !late && !halted) {
      const acted = await act(run, branch, state, issuerOf(state), decision.actions, async () => {
        const again = await turn(run, branch, state, READING_LIMIT_MS);
        return again.kind === "failed" ? { kind: "refuse", code: again.code, because: again.because } : again.decision;
      });
      if (acted.kind === "acted") continue;
      if (acted.kind === "halted") return { status: "interrupted" };
      if (acted.kind === "failed") return failed(state, acted.code, acted.because);
      if (acted.kind === "wait") decision = { kind: "wait", because: acted.because, everyMs: acted.untilMs - branch.task.now() };
      if (acted.kind === "decided-anew") ({ decision } = acted);
    }
    const ended = endOf(branch, state, decision);
    if (ended !== undefined) return ended;
    if (halted && !settlesFirst(run, state, late)) return { status: isSettled(state) ? "interrupted" : "unknown", because: decision.because };
    if (branch.depth === "once") return { status: "not-yet", because: decision.because };
    if (decision.kind === "ask") {
      if (state.leaf.builtin.changing === true && !(await mayBeAskedToChange(run, branch))) return { status: "interrupted" };
      const answered = await askPeople(run, branch, state, decision.question);
      if (!answered) return { status: "waiting", because: decision.because };
      continue;
    }
    if (late) return isSettled(state) ? { status: "failed", code: "timeout", because: `not within ${formatDuration(state.deadlineMs - state.enteredMs)}: ${decision.because}` } : { status: "unknown", because: decision.because };
    await branch.task.sleep(Math.max(0, Math.min(waitMs(branch, state, decision), state.deadlineMs - branch.task.now())), branch.course === "forward" && !halted ? run.halt : undefined);
  }
}

/** After a broken invariant the step at hand settles first: a job that runs is waited for, up to its limit. A cancellation makes one look. */
function settlesFirst(run: Run, state: LeafState, late: boolean): boolean {
  return run.halt.cause?.kind === "invariant" && !late && !isSettled(state);
}

function failed(state: LeafState, code: string, because: string): StepEnd {
  return isSettled(state) ? { status: "failed", code, because } : { status: "unknown", because };
}

function waitMs(branch: Branch, state: LeafState, decision: AnyDecision): number {
  const every = settingMs(state.leaf.every, branch.scope);
  const own = decision.kind === "wait" ? decision.everyMs : undefined;
  return Math.max(LEAST_WAIT_MS, own ?? every ?? DEFAULT_WAIT_MS);
}

function issuerOf(state: LeafState): Issuer {
  return { path: state.path, builtin: state.leaf.builtin, inputs: state.inputs, address: state.place.address, actionPrefix: "", told: "each" };
}

/** One look and one decision, told. */
async function turn(run: Run, branch: Branch, state: LeafState, limitMs: number): Promise<{ readonly kind: "decided"; readonly decision: AnyDecision } | { readonly kind: "failed"; readonly code: string; readonly because: string }> {
  state.turn += 1;
  const readings = new Map<string, Verdict>();
  for (const { name, binding } of state.leaf.with) {
    if (binding.kind !== "reading") continue;
    const answer = await readOnce(run, branch, binding.reading, state.path, `${name}/`, "each");
    readings.set(name, answer.kind === "none" ? { kind: "not-known", because: answer.because } : judge(binding.that, Object.assign(emptyObject<unknown>(), branch.scope, { outputs: answer.outputs })));
  }
  const bound = bindInputs(state.leaf.with, state.leaf.builtin.inputs, branch.scope, readings);
  if (bound.kind === "failed") return bound;
  state.inputs = bound.values;
  const past = pastOf(state, branch.task.now());
  const facts = await look(run, branch, issuerOf(state), past, state.turn, limitMs);
  state.lookedAtMs = branch.task.now();
  const decision = untilTrue(branch, state, state.leaf.builtin.decide(bound.values, facts, past, state.place));
  state.facts = facts;
  state.previous = facts;
  if (Object.keys(facts).length > 0) run.emit({ type: "looked", step: state.path, turn: state.turn, facts: toldFacts(facts) });
  run.emit({ type: "decided", step: state.path, turn: state.turn, decision: decision.kind, because: decision.because, ..."code" in decision ? { code: decision.code } : {} });
  return { kind: "decided", decision };
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
function endOf(branch: Branch, state: LeafState, decision: AnyDecision): StepEnd | undefined {
  switch (decision.kind) {
    case "done": {
      const outputs = decision.outputs as Readonly<Record<string, Json>>;
      const scope = Object.assign(emptyObject<unknown>(), branch.scope, { outputs });
      const broken = state.leaf.expect.flatMap((condition) => brokenExpectation(condition, scope));
      if (broken.length > 0) return { status: "failed", code: "expectation", because: broken.join("; "), outputs };
      return { status: state.leaf.reads || state.hasIntent || wasDoneByHand(state) ? "ok" : "unchanged", outputs, because: decision.because };
    }
    case "refuse":
    case "fail":
      return failed(state, decision.code, decision.because);
    default:
      return undefined;
  }
}

function brokenExpectation(condition: Condition, scope: Scope): readonly string[] {
  const verdict = judge(condition.that, scope);
  if (verdict.kind === "true") return [];
  return [condition.because === undefined ? verdict.because : `${renderForPeople(condition.because, scope)} (${verdict.because})`];
}

/** A person's change stands under the guards of any change: probes are sampled and invariants judged before it is asked for. */
async function mayBeAskedToChange(run: Run, branch: Branch): Promise<boolean> {
  const held = await run.watch.sample(run, branch, "disrupts");
  if (held.kind === "broken" && branch.course === "forward") run.halt.raise({ kind: "invariant", invariant: held.invariant, because: held.because });
  return branch.course === "mending" || !run.halt.raised;
}

function wasDoneByHand(state: LeafState): boolean {
  return state.leaf.builtin.changing === true && state.answers.length > 0;
}

/** Asks; true once there is an answer. Open questions do not count towards limits. */
async function askPeople(run: Run, branch: Branch, state: LeafState, question: Question): Promise<boolean> {
  const answer = await putQuestion(run, branch, state.path, question);
  if (answer === undefined) return false;
  state.deadlineMs += answer.tookMs;
  if (state.leaf.builtin.changing === true) run.tally.intents += 1;
  state.answers.push({ attempt: state.attempt, answer: answer.answer, by: answer.by, at: timeText(branch.task.now()), ...(answer.reason === undefined ? {} : { reason: answer.reason }) });
  return true;
}

/** A question, told before it is asked and with its answer; undefined where nobody is there to answer. */
export async function putQuestion(run: Run, branch: Branch, path: string, question: Question): Promise<(Answer & { readonly tookMs: number }) | undefined> {
  const digest = digestOf([run.plan.digest, path, question.kind, question.text, question.choices ?? {}]);
  const askedMs = branch.task.now();
  run.emit({ type: "question-asked", step: path, kind: question.kind, question: question.text, show: question.show, digest, ...(question.choices === undefined ? {} : { choices: question.choices }) });
  const begin = (): Promise<Answer | undefined> => run.engine.ask({ ...question, run: run.id, step: path, digest });
  const answer = await (run.engine.answersTake === "own" ? branch.task.own(begin) : branch.task.ask(begin));
  if (answer === undefined) return undefined;
  run.emit({ type: "question-answered", step: path, answer: answer.answer, by: answer.by, account: answer.account, host: answer.host, ...(answer.reason === undefined ? {} : { reason: answer.reason }) });
  return { ...answer, tookMs: branch.task.now() - askedMs };
}

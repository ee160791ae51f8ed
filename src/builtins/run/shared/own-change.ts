import type { ProgramResult } from "../../../core/action.ts";
import { assertNever } from "../../../core/assert-never.ts";
import type { ActionCall, Decision, Past, PastAct } from "../../../core/builtin.ts";
import { hasActed, isInDoubt } from "../../../core/facts.ts";
import type { Reading } from "../../../core/reading.ts";
import type { Verdict } from "../../../core/schema.ts";

/** A change of the author's own: what is known of it, and how its answer is read. */
export interface OwnChange<O> {
  /** What is run, as a message names it. */
  readonly name: string;
  readonly action: ActionCall;
  /** What `done-when` says now; undefined where there is none. */
  readonly doneWhen: Verdict | undefined;
  readonly repeatable: boolean;
  readonly read: (result: ProgramResult) => Reading<O>;
}

/** What a person said of the last lost outcome of this attempt; undefined while nobody did. They are asked about each, so their answers count one for one, in their order. */
function wordOnLost(past: Past): string | undefined {
  const lost = past.acts.filter((act) => act.attempt === past.attempt && isInDoubt(act)).length;
  return past.answers.length >= lost ? past.answers.at(-1)?.answer : undefined;
}

/** Where the outcome is lost and nothing can see it: run again if that does no harm, else what a person says. */
function lostDecision<O>(change: OwnChange<O>, last: PastAct, past: Past): Decision<O | Record<string, never>> {
  if (change.repeatable) return { kind: "act", actions: [change.action], because: `the outcome of ${change.name} was lost, and it may be repeated` };
  const word = wordOnLost(past);
  if (word === "yes") return { kind: "done", outputs: {}, because: `a person says that ${change.name} did its work` };
  if (word === "no") return { kind: "act", actions: [change.action], because: `a person says that ${change.name} did not do its work` };
  const because = `nobody was there to see how ${change.name} ended, and nothing can tell what it did`;
  const show = [last.failure?.because ?? "", "Find out before you answer."].filter((line) => line !== "");
  return { kind: "ask", question: { kind: "do", text: `${change.name} was begun, and its outcome was lost. Did it do its work?`, show }, because };
}

/** What follows from what was tried last in this attempt, where no reading shows the outcome. */
function blindDecision<O>(change: OwnChange<O>, last: PastAct, past: Past): Decision<O | Record<string, never>> {
  switch (last.outcome) {
    case "ok": {
      const answer = change.read(last.result as ProgramResult);
      return answer.kind === "error" ? { kind: "fail", ...answer.error } : { kind: "done", outputs: answer.value, because: `${change.name} ended well` };
    }
    case "failed":
      return { kind: "fail", code: last.failure?.code ?? "not_found", because: last.failure?.because ?? `${change.name} could not be run` };
    case "lost":
    case "in-doubt":
      return lostDecision(change, last, past);
    default:
      return assertNever(last.outcome);
  }
}

/** What follows where a reading says that it is not done, or cannot tell. */
function seenDecision<O>(change: OwnChange<O>, verdict: Exclude<Verdict, { kind: "true" }>, last: PastAct | undefined, past: Past): Decision<O | Record<string, never>> {
  if (verdict.kind === "not-known") {
    if (!hasActed(past)) return { kind: "refuse", code: "not_known", because: `\`done-when\` cannot be told: ${verdict.because}` };
    return { kind: "wait", because: `\`done-when\` cannot be told now: ${verdict.because}`, everyMs: 5_000 };
  }
  if (last === undefined || isInDoubt(last)) return { kind: "act", actions: [change.action], because: verdict.because };
  const ended = blindDecision(change, last, past);
  return ended.kind === "done" ? { kind: "wait", because: `${change.name} ended well, and is not seen yet: ${verdict.because}`, everyMs: 5_000 } : ended;
}

/** True where an earlier attempt ran it. */
function hasActedBefore({ acts, attempt }: Past): boolean {
  return acts.some((act) => act.attempt < attempt);
}

/** The outputs of the last run of it that ended well; none where it never ran in this run. */
function outputsSoFar<O>(change: OwnChange<O>, past: Past): O | Record<string, never> {
  const ended = past.acts.findLast(({ outcome }) => outcome === "ok");
  const answer = ended === undefined ? undefined : change.read(ended.result as ProgramResult);
  return answer?.kind === "ok" ? answer.value : {};
}

/**
 * Decides about a change that no builtin knows. With `done-when` the reading decides: nothing is run where it holds, and after
 * a run it is waited for. Without it the program's own answer decides, and about a lost one a person is asked, unless it may be repeated.
 */
export function decideOwnChange<O>(change: OwnChange<O>, past: Past): Decision<O | Record<string, never>> {
  const last = past.acts.findLast(({ attempt }) => attempt === past.attempt);
  if (change.doneWhen?.kind === "true") {
    return { kind: "done", outputs: outputsSoFar(change, past), because: last === undefined ? "`done-when` holds already" : "`done-when` holds" };
  }
  if (change.doneWhen !== undefined) return seenDecision(change, change.doneWhen, last, past);
  if (last === undefined) return { kind: "act", actions: [change.action], because: `${change.name} has not been run ${hasActedBefore(past) ? `in attempt ${past.attempt} ` : ""}yet` };
  return blindDecision(change, last, past);
}

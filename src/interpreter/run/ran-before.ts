import { isStopped, type Branch, type Run, type StepEnd } from "./context.ts";
import { couldSee, type LeafState } from "./leaf-state.ts";
import { titleOf } from "./leaf.ts";
import { putQuestion } from "./question.ts";

/** Keeps that a step did its work. What unwinds is begun anew by each unwinding, and is nothing that was done before. */
export function keepRan(run: Run, branch: Branch, { path, acts }: LeafState, end: StepEnd): void {
  if (end.status === "ok" && acts.length > 0 && branch.phase !== "rescue" && branch.phase !== "always") run.tally.ran.set(path, end);
}

/**
 * Asked before a step acts that did its work in this run, whose block is entered from its first step again, and of which nothing but a person can
 * tell whether that still stands (semantics.md section 4). Gives the end of the step; `act` where it is to be done again, and for any other step.
 */
export async function askBeforeRepeating(run: Run, branch: Branch, state: LeafState): Promise<StepEnd | "act"> {
  const { path, leaf, step, inputs } = state;
  const before = run.tally.ran.get(path);
  if (before === undefined || leaf.builtin.cannotLook !== true || couldSee(state) || inputs["repeatable"] === true) return "act";
  const text = `${titleOf(step, branch)}: it ran before in this run, and what is around it is entered from its first step again. Does what it did still stand?`;
  const asked = await putQuestion(run, branch, state.limits, path, {
    kind: "choose",
    text,
    show: ["Nothing can tell but a person. Think of what was cleaned up since."],
    choices: { done: "it still stands: the step is taken as it ran", again: "it does not: the step is run again" },
  }, { about: "failure" });
  if (asked.kind !== "answered") return isStopped(run, branch) ? { status: "interrupted", because: text } : { status: "waiting", because: text };
  if (asked.answer.answer === "done") return { ...before, because: "a person says that what it did still stands" };
  run.tally.ran.delete(path);
  return "act";
}

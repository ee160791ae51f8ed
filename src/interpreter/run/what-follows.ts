import type { Question } from "../../core/builtin.ts";
import { isStopped, type Branch, type Run } from "./context.ts";
import { isSettled, type LeafState } from "./leaf-state.ts";

/** A question of a step about itself. Where it is what became of something that is in doubt, it says what follows from either answer, which depends on what the run was taken up for. */
export function withWhatFollows(run: Run, branch: Branch, state: LeafState, question: Question): Question {
  if (question.kind !== "do" || isSettled(state)) return question;
  return { ...question, show: [...question.show, followsFrom(run, branch)] };
}

function followsFrom(run: Run, branch: Branch): string {
  if (!isStopped(run, branch)) return "Done, and it counts as done; not done, and it is run again.";
  switch (run.resumption?.to) {
    case "rollback":
      return "Done, and what it did is to be undone; not done, and there is nothing of it to undo. It is not run again.";
    case "abandon":
      return "Done, and it counts as done; not done, and it counts as not done. It is not run again.";
    default:
      return "Done, and it counts as done; not done, and it is run again once the run goes on.";
  }
}

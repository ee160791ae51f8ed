import type { FailurePolicy, Step } from "../../core/runbook.ts";
import { isStopped, type Branch, type Run, type StepEnd } from "./context.ts";
import { titleOf } from "./leaf.ts";
import { putQuestion } from "./question.ts";
import { settingText } from "./settings.ts";

/** What a step's failure policy makes of its failure: the failure, passed over or not, or `retry`. A halt is nobody's to decide. */
export async function applyPolicy(run: Run, branch: Branch, step: Step, path: string, end: StepEnd): Promise<StepEnd | "retry"> {
  if (isStopped(run, branch)) return end;
  switch (policyOf(step, branch)) {
    case "stop":
      return end;
    case "continue":
      return { ...end, passedOver: "continue" };
    case "note":
      return { ...end, passedOver: "note" };
    case "ask":
      if (branch.depth === "once") return { status: "not-yet", because: end.because ?? "it failed, and a person would be asked" };
      return askWhatToDo(run, branch, step, path, end);
  }
}

function policyOf(step: Step, branch: Branch): FailurePolicy {
  const { policy } = step.onFailure;
  return typeof policy === "string" ? policy : asPolicy(settingText(policy, branch.scope));
}

function asPolicy(text: string | undefined): FailurePolicy {
  if (text === "stop" || text === "continue" || text === "note" || text === "ask") return text;
  throw new Error(`not a failure policy: ${text ?? ""}`);
}

async function askWhatToDo(run: Run, branch: Branch, step: Step, path: string, end: StepEnd): Promise<StepEnd | "retry"> {
  run.tally.mending += 1;
  const asked = await putQuestion(run, branch, branch.limits, path, {
    kind: "choose",
    text: `${titleOf(step, branch)}: ${end.because ?? end.code ?? "it failed"}`,
    show: [],
    choices: { retry: "try the step again", skip: "go on without it; a reason is asked for and kept", stop: "stop the run here" },
    reasonFor: ["skip"],
  }, { about: "failure" });
  run.tally.mending -= 1;
  if (asked.kind === "stopped") return end;
  if (asked.kind !== "answered") return { status: "waiting", because: end.because ?? "" };
  const { answer } = asked;
  if (answer.answer === "retry") return "retry";
  if (answer.answer === "skip") return { ...end, passedOver: "skip", because: `${end.because ?? ""}; skipped by ${answer.by}${answer.reason === undefined ? "" : `: ${answer.reason}`}` };
  return end;
}

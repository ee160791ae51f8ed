import type { Question } from "../../core/builtin.ts";
import { digestOf } from "../../core/digest.ts";
import type { Answer } from "../../core/port.ts";
import type { Branch, Run } from "./context.ts";
import type { Limit } from "./limit.ts";

/** What became of a question. `nobody`: nobody who could answer is there. `stopped`: the run was stopped while it was open. */
export type Asked = { readonly kind: "answered"; readonly answer: Answer } | { readonly kind: "nobody" } | { readonly kind: "stopped" };

/** A question, told before it is asked and with its answer. The limits around it stand still meanwhile. */
export async function putQuestion(run: Run, branch: Branch, limits: readonly Limit[], path: string, question: Question): Promise<Asked> {
  const digest = digestOf([run.plan.digest, path, question.kind, question.text, question.choices ?? {}]);
  run.emit({ type: "question-asked", step: path, kind: question.kind, question: question.text, show: question.show, digest, ...(question.choices === undefined ? {} : { choices: question.choices }) });
  const stop = run.halt.stopOf(branch.course);
  for (const limit of limits) limit.openQuestion(branch.task.now());
  const answer = await branch.task.askUnless(stop, run.engine.answersTake, () => run.engine.ask({ ...question, run: run.id, step: path, digest }));
  for (const limit of limits) limit.closeQuestion(branch.task.now());
  if (answer === undefined) return { kind: stop.raised ? "stopped" : "nobody" };
  run.emit({ type: "question-answered", step: path, answer: answer.answer, by: answer.by, account: answer.account, host: answer.host, ...(answer.reason === undefined ? {} : { reason: answer.reason }) });
  return { kind: "answered", answer };
}

import type { Question } from "../../core/builtin.ts";
import { digestOf } from "../../core/digest.ts";
import type { Answer } from "../../core/port.ts";
import type { Branch, Run } from "./context.ts";
import type { Limit } from "./limit.ts";
import { maskQuestion } from "./mask-event.ts";

/** What became of a question. `nobody`: nobody who could answer is there. `stopped`: the run was stopped while it was open. */
export type Asked = { readonly kind: "answered"; readonly answer: Answer } | { readonly kind: "nobody" } | { readonly kind: "stopped" };

/** A question, told before it is asked and with its answer. The limits around it stand still meanwhile. */
export async function putQuestion(run: Run, branch: Branch, limits: readonly Limit[], path: string, raw: Question, about?: "failure"): Promise<Asked> {
  const question = run.secrets === undefined ? raw : maskQuestion(raw, run.secrets);
  const digest = digestOf([run.plan.digest, path, question.kind, question.text, question.choices ?? {}]);
  const before = about === undefined ? undefined : run.resumption?.answerTo(digest);
  if (before !== undefined) return { kind: "answered", answer: { answer: before.answer, by: before.by, account: before.account, host: before.host, reason: before.reason } };
  run.emit({ type: "question-asked", step: path, kind: question.kind, question: question.text, show: question.show, digest, ...(question.choices === undefined ? {} : { choices: question.choices }), ...(question.value === undefined ? {} : { value: question.value }), ...(about === undefined ? {} : { about }) });
  const asked = await branch.task.own(() => run.engine.sync());
  if (asked.kind === "error") return notKept(run, question, asked.error);
  const stop = run.halt.stopOf(branch.course);
  for (const limit of limits) limit.openQuestion(branch.task.now());
  const answer = await branch.task.askUnless(stop, run.engine.answersTake, () => run.engine.ask({ ...question, run: run.id, step: path, digest }));
  for (const limit of limits) limit.closeQuestion(branch.task.now());
  if (answer === undefined) return { kind: stop.raised ? "stopped" : "nobody" };
  run.emit({ type: "question-answered", step: path, digest, answer: answer.answer, by: answer.by, account: answer.account, host: answer.host, ...(answer.reason === undefined ? {} : { reason: answer.reason }) });
  const answered = await branch.task.own(() => run.engine.sync());
  return answered.kind === "error" ? notKept(run, question, answered.error) : { kind: "answered", answer };
}

/** A question or an answer that cannot be kept is as good as none. */
function notKept(run: Run, question: Question, because: string): Asked {
  run.halt.raise({ kind: "not-recorded", because: `at the question “${question.text}”: ${because}` });
  return { kind: "stopped" };
}

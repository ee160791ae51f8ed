import { askedTerms, whyNotEntitled } from "../../core/approval.ts";
import type { Question } from "../../core/builtin.ts";
import { digestOf } from "../../core/digest.ts";
import type { Answer, AskedQuestion } from "../../core/port.ts";
import { timeText } from "../../core/time.ts";
import type { Branch, Run } from "./context.ts";
import type { Limit } from "./limit.ts";
import { maskQuestion } from "./mask-event.ts";

/** What became of a question. `expired`: its time passed without an answer. `nobody`: nobody who could answer is there. `stopped`: the run was stopped while it was open. */
export type Asked = { readonly kind: "answered"; readonly answer: Answer } | { readonly kind: "expired" } | { readonly kind: "nobody" } | { readonly kind: "stopped" };

/** What a question is about beside itself. */
export interface About {
  /** `failure`: what to do about a failed step, or one that is entered again. Absent: the step itself asks. */
  readonly about?: "failure";
  /** When it expires, on the system's clock; absent: never. */
  readonly expiresAtMs?: number;
}

/** A question, told before it is asked and with its answer. The limits around it stand still meanwhile. */
export async function putQuestion(run: Run, branch: Branch, limits: readonly Limit[], path: string, raw: Question, { about, expiresAtMs }: About = {}): Promise<Asked> {
  const question = run.secrets === undefined ? raw : maskQuestion(raw, run.secrets);
  const digest = digestOfQuestion(run, path, question);
  const before = about === undefined ? undefined : run.resumption?.answerTo(digest);
  if (before !== undefined) return { kind: "answered", answer: { answer: before.answer, by: before.by, account: before.account, host: before.host, reason: before.reason } };
  const { kind, text, show, choices, value, reasonFor } = question;
  const told = {
    ...(choices === undefined ? {} : { choices }), ...(value === undefined ? {} : { value }), ...(reasonFor === undefined ? {} : { reasonFor }),
    ...(question.terms === undefined ? {} : { terms: askedTerms(question.terms, run.account) }),
  };
  const expires = expiresAtMs === undefined ? undefined : timeText(expiresAtMs);
  const stop = run.halt.stopOf(branch.course);
  const isGivenUp = stop.raised;
  run.emit({ type: "question-asked", step: path, kind, question: text, show, digest, ...told, ...(expires === undefined ? {} : { expires }), ...(about === undefined ? {} : { about }) });
  const kept = await branch.task.own(() => run.engine.sync());
  if (kept.kind === "error") return notKept(run, question, kept.error);
  for (const limit of limits) limit.openQuestion(branch.task.now());
  const asked: AskedQuestion = { kind, text, show, ...told, run: run.id, step: path, digest, ...(expires === undefined || expiresAtMs === undefined ? {} : { expires: { at: expires, leftMs: expiresAtMs - branch.task.now() } }) };
  const warn = (because: string): void => void run.emit({ type: "warning", code: "answer-not-used", message: `${path}: ${because}`, step: path });
  // A run that is given up does not wait for people, and takes what they had said.
  const reply = isGivenUp ? await branch.task.own(() => run.engine.ask({ ...asked, only: "left" }, warn)) : await branch.task.askUnless(stop, run.engine.answersTake, () => run.engine.ask(asked, warn));
  for (const limit of limits) limit.closeQuestion(branch.task.now());
  switch (reply?.kind) {
    case "answered":
      return answered(run, branch, question, asked, reply.answer);
    case "expired":
      run.emit({ type: "question-expired", step: path, digest });
      return { kind: "expired" };
    default:
      return { kind: stop.raised ? "stopped" : "nobody" };
  }
}

/** What an answer is bound to. What a builtin shows with its own question are facts of the moment, and another moment's are no other question. */
function digestOfQuestion(run: Run, path: string, { kind, text, show, choices, terms }: Question): string {
  const shown = kind === "approve" || kind === "confirm" ? show : [];
  return digestOf([run.id, run.plan.digest, path, kind, text, shown, choices ?? {}, terms === undefined ? {} : { ...terms, approved: [] }]);
}

async function answered(run: Run, branch: Branch, question: Question, { step, digest, terms }: AskedQuestion, answer: Answer): Promise<Asked> {
  const refused = whyNotEntitled(terms, answer, answer.answer === "yes" ? "yes" : "no");
  if (refused !== undefined) throw new Error(`an answer was taken that does not count: ${refused}`);
  run.emit({
    type: "question-answered", step, digest, answer: answer.answer, by: answer.by, account: answer.account, host: answer.host,
    ...(answer.reason === undefined ? {} : { reason: answer.reason }), ...(answer.left === undefined ? {} : { left: answer.left }),
  });
  const kept = await branch.task.own(() => run.engine.sync());
  return kept.kind === "error" ? notKept(run, question, kept.error) : { kind: "answered", answer };
}

/** A question or an answer that cannot be kept is as good as none. */
function notKept(run: Run, question: Question, because: string): Asked {
  run.halt.raise({ kind: "not-recorded", because: `at the question “${question.text}”: ${because}` });
  return { kind: "stopped" };
}

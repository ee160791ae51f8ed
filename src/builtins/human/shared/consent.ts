import type { Decision, Past, PastAnswer, Question } from "../../../core/builtin.ts";
import { giveUp } from "../../../core/facts.ts";
import { durationMs } from "../../../core/quantity.ts";
import type { Properties, ValuesOf } from "../../../core/schema.ts";

/** What every answer of a person leaves behind. */
export const ANSWER_OUTPUTS = {
  by: { type: "list", items: { type: "string" }, description: "Who answered, as they named themselves" },
  at: { type: "string", format: "time", description: "When the last answer came" },
  reason: { type: "string", required: false, description: "The reason that was given; absent where none was" },
} as const satisfies Properties;

/** The values of {@link ANSWER_OUTPUTS}. */
export type AnswerOutputs = ValuesOf<typeof ANSWER_OUTPUTS>;

/** What every question of a person may say besides: lines that are shown, and how long it stands. */
export const QUESTION_INPUTS = {
  show: { type: "list", items: { type: "string" }, default: [], description: "Lines that are shown with it: what to look at before answering" },
  expires: { type: "duration", required: false, minimum: "1s", description: "So long after it was first asked the step ends `expired`; without it the question waits for ever" },
} as const satisfies Properties;

/** What {@link QUESTION_INPUTS} make of a question. */
export function askedWith({ show, expires }: ValuesOf<typeof QUESTION_INPUTS>): Pick<Question, "show" | "expiresMs"> {
  return { show, ...(expires === undefined ? {} : { expiresMs: durationMs(expires) }) };
}

/** The answer that counts: the last one of this step; undefined while nobody has answered. */
export function lastAnswer(past: Past): PastAnswer | undefined {
  return past.answers.at(-1);
}

/** What answers leave behind, oldest first; several reasons stand one after the other. */
export function outputsOf(last: PastAnswer, before: readonly PastAnswer[] = []): AnswerOutputs {
  const answers = [...before, last];
  const reasons = answers.flatMap(({ reason }) => reason ?? []);
  return { by: answers.map(({ by }) => by), at: last.at, ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }) };
}

/** The end of a step to which a person said no: `declined`, with the reason where one was given. */
export function declined(past: Past, answer: PastAnswer, said: string): Decision<never> {
  return giveUp(past, "declined", `${answer.by} ${said}${answer.reason === undefined ? "" : `: ${answer.reason}`}`);
}

/** Asks for a yes or a no: done after a yes, `declined` after anything else. */
export function consent(question: Question, past: Past): Decision<AnswerOutputs> {
  const answer = lastAnswer(past);
  if (answer === undefined) return { kind: "ask", question, because: "a person has to answer first" };
  if (answer.answer !== "yes") return declined(past, answer, "said no");
  return { kind: "done", outputs: outputsOf(answer), because: `${answer.by} said yes` };
}

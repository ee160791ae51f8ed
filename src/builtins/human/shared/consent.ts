import type { Decision, Past, PastAnswer, Question } from "../../../core/builtin.ts";
import { giveUp } from "../../../core/facts.ts";
import type { Properties, ValuesOf } from "../../../core/schema.ts";

/** What every answer of a person leaves behind. */
export const ANSWER_OUTPUTS = {
  by: { type: "list", items: { type: "string" }, description: "Who answered, as they named themselves" },
  at: { type: "string", format: "time", description: "When the last answer came" },
  reason: { type: "string", required: false, description: "The reason that was given; absent where none was" },
} as const satisfies Properties;

/** The values of {@link ANSWER_OUTPUTS}. */
export type AnswerOutputs = ValuesOf<typeof ANSWER_OUTPUTS>;

/** Lines that every question of a person may show. */
export const SHOW = {
  type: "list",
  items: { type: "string" },
  default: [],
  description: "Lines that are shown with it: what to look at before answering",
} as const;

/** The answer that counts: the last one of this step; undefined while nobody has answered. */
export function lastAnswer(past: Past): PastAnswer | undefined {
  return past.answers.at(-1);
}

/** What an answer leaves behind. */
export function outputsOf(answer: PastAnswer): AnswerOutputs {
  return { by: [answer.by], at: answer.at, ...(answer.reason === undefined ? {} : { reason: answer.reason }) };
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

import { defineBuiltin, type Decision, type Past, type Question } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import type { Verdict } from "../../core/schema.ts";
import { ANSWER_OUTPUTS, askedWith, declined, lastAnswer, outputsOf, QUESTION_INPUTS, type AnswerOutputs } from "./shared/consent.ts";

/** How often a person may say "done" while the reading says otherwise. */
const MOST_CLAIMS = 3;

/** Why the reading does not show it yet. */
function doubtOf(verdict: Exclude<Verdict, { kind: "true" }>): string {
  return verdict.kind === "false" ? verdict.because : `it cannot be told: ${verdict.because}`;
}

/** After a person said that it is done although the reading does not show it: asked again, with what was seen, a bounded number of times. */
function doubted(verdict: Exclude<Verdict, { kind: "true" }>, question: Question, past: Past): Decision<Partial<AnswerOutputs>> {
  const doubt = doubtOf(verdict);
  const claims = past.answers.filter((answer) => answer.answer === "yes").length;
  if (claims >= MOST_CLAIMS) return giveUp(past, "not_done", `it was said to be done ${claims} times, and is not: ${doubt}`);
  return { kind: "ask", question: { ...question, show: [...question.show, `It was said to be done, and is not seen yet: ${doubt}`] }, because: doubt };
}

/** `human.do`: a manual step, seen by a reading where one is given, else taken by a person's word. */
export const humanDo = defineBuiltin({
  name: "human.do",
  title: "Let a person do something by hand",
  docs: [
    "A manual step. With `done-when` the reading decides: where it holds already nobody is asked, and after a person said *done* it must hold, else it is asked again with what was seen (three times, then `not_done`). Without it the person's word counts.",
    "",
    "It counts as changing: what a person does by hand changes the system, so it stands under the same guards and watches as any change.",
  ].join("\n"),
  examples: [
    {
      title: "A step that is verified",
      yaml: [
        "- id: suspend_backup",
        "  uses: human.do",
        "  with:",
        "    instructions: Suspend the backup jobs of both nodes in the backup console.",
        "    done-when:",
        "      uses: file.stat",
        "      target: local",
        "      with: { path: /var/run/backup.suspended }",
        "      that: outputs.exists",
      ].join("\n"),
    },
  ],
  inputs: {
    instructions: { type: "string", description: "What to do, so that someone who was not there can do it" },
    "done-when": { type: "reading", required: false, description: "A reading that shows that it is done; without it the person's word counts" },
    ...QUESTION_INPUTS,
  },
  outputs: {
    by: { ...ANSWER_OUTPUTS.by, required: false, description: "Who did it; absent where it was done already" },
    at: { ...ANSWER_OUTPUTS.at, required: false, description: "When they said so; absent where it was done already" },
    reason: ANSWER_OUTPUTS.reason,
  },
  codes: { not_done: "a person said that it is done, and the reading does not show it" },
  place: "none",
  timeoutMs: 3_600_000,
  changing: true,
  undo: { kind: "steps", how: "What was done by hand is undone by hand: a `human.do` in the step's `rollback` says how." },
  actions: {},
  look: () => ({}),
  decide(inputs, _facts, past) {
    const verdict = inputs["done-when"];
    const answer = lastAnswer(past);
    const outputs = answer === undefined ? {} : outputsOf(answer);
    if (verdict?.kind === "true") {
      return { kind: "done", outputs, because: answer === undefined ? "the reading shows that it is done already" : "the reading shows that it is done" };
    }
    const question: Question = { kind: "do", text: inputs.instructions, ...askedWith(inputs) };
    if (answer === undefined) return { kind: "ask", question, because: verdict === undefined ? "a person has to do it" : doubtOf(verdict) };
    if (answer.answer !== "yes") return declined(past, answer, "says that it was not done");
    if (verdict !== undefined) return doubted(verdict, question, past);
    return { kind: "done", outputs, because: `${answer.by} says that it is done` };
  },
});

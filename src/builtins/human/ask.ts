import { defineBuiltin } from "../../core/builtin.ts";
import { ANSWER_OUTPUTS, askedWith, lastAnswer, outputsOf, QUESTION_INPUTS } from "./shared/consent.ts";
import { typedAnswer, type AnswerSchema } from "./shared/typed-answer.ts";

/** `human.ask`: a person gives a value. */
export const humanAsk = defineBuiltin({
  name: "human.ask",
  title: "Ask a person for a value",
  docs: [
    "A person types a value, and `outputs.answer` has it with its declared type. A no is not possible; an answer that does not fit is asked for again.",
    "",
    "What is known before the run belongs into `inputs`, where it is checked before anything begins. It is the one question that may be answered before it is asked: `runbook answer RUN STEP --value V` for a step that the run has yet to come to.",
  ].join("\n"),
  examples: [
    {
      title: "A ticket number",
      yaml: [
        "- id: ticket",
        "  uses: human.ask",
        "  with:",
        "    question: Under which change ticket is this done?",
        "    pattern: '^CHG[0-9]{7}$'",
      ].join("\n"),
    },
    {
      title: "A choice, with what Enter gives",
      yaml: [
        "- id: depth",
        "  uses: human.ask",
        "  with:",
        "    question: How deep shall the check go?",
        "    enum: [quick, full]",
        "    default: quick",
      ].join("\n"),
    },
  ],
  inputs: {
    question: { type: "string", description: "What is asked" },
    type: { type: "string", enum: ["string", "integer", "number", "boolean"], default: "string", description: "What the answer is" },
    enum: { type: "list", items: { type: "string" }, required: false, description: "The answers that are possible" },
    pattern: { type: "string", required: false, description: "A regular expression that the typed answer matches" },
    default: { type: "string", required: false, description: "What Enter gives" },
    ...QUESTION_INPUTS,
  },
  outputs: {
    answer: { type: "any", description: "The answer, of the type that `type` names" },
    ...ANSWER_OUTPUTS,
  },
  codes: {},
  place: "none",
  timeoutMs: 3_600_000,
  actions: {},
  look: () => ({}),
  decide(inputs, _facts, past) {
    const schema: AnswerSchema = {
      type: inputs.type,
      ...(inputs.enum === undefined ? {} : { enum: inputs.enum }),
      ...(inputs.pattern === undefined ? {} : { pattern: inputs.pattern }),
      ...(inputs.default === undefined ? {} : { default: inputs.default }),
    };
    const question = { kind: "ask", text: inputs.question, ...askedWith(inputs), value: schema } as const;
    const answer = lastAnswer(past);
    if (answer === undefined) return { kind: "ask", question, because: "a person has to give the value" };
    const typed = typedAnswer(answer.answer, schema);
    if (typed.kind === "error") {
      return { kind: "ask", question: { ...question, show: [...inputs.show, `Asked again: ${typed.error}.`] }, because: typed.error };
    }
    return { kind: "done", outputs: { answer: typed.value, ...outputsOf(answer) }, because: `${answer.by} answered` };
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { ANSWER_OUTPUTS, askedWith, consent, QUESTION_INPUTS } from "./shared/consent.ts";

/** `human.confirm`: a person looked and saw it. */
export const humanConfirm = defineBuiltin({
  name: "human.confirm",
  title: "Let a person confirm what they see",
  docs: [
    "For what no builtin can look at: a person looks, and says whether it is so. A no ends the step with `declined`.",
    "",
    "To ask whether something *may* be done, use `human.approve`.",
  ].join("\n"),
  examples: [
    {
      title: "A look at a console",
      yaml: [
        "- id: console_quiet",
        "  uses: human.confirm",
        "  with:",
        "    question: Is nobody else logged on to the console of NodeB?",
      ].join("\n"),
    },
  ],
  inputs: {
    question: { type: "string", description: "What the person is to look at, as a question that a yes answers well" },
    ...QUESTION_INPUTS,
  },
  outputs: ANSWER_OUTPUTS,
  codes: {},
  place: "none",
  timeoutMs: 3_600_000,
  actions: {},
  look: () => ({}),
  decide: (inputs, _facts, past) => consent({ kind: "confirm", text: inputs.question, ...askedWith(inputs) }, past),
});

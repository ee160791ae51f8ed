import { defineBuiltin } from "../../core/builtin.ts";
import { ANSWER_OUTPUTS, consent, SHOW } from "./shared/consent.ts";

/** `human.approve`: someone with authority says yes before the run goes on. */
export const humanApprove = defineBuiltin({
  name: "human.approve",
  title: "Ask for an approval",
  docs: [
    "Someone with authority says yes, and the run goes on. A no ends the step with `declined`.",
    "",
    "On a terminal it is asked there; elsewhere the run ends `waiting`, and is begun again where somebody can answer. `by` is what the person says of themselves; account and host of the answer stand in the journal.",
  ].join("\n"),
  examples: [
    {
      title: "Approve an outage",
      yaml: [
        "- id: approve_outage",
        "  uses: human.approve",
        "  with:",
        "    question: The mailboxes go offline for some minutes now. Go on?",
        "    show: [The passive node is updated and its copies are healthy.]",
      ].join("\n"),
    },
  ],
  inputs: {
    question: { type: "string", description: "What is asked; it should say what happens after a yes" },
    show: SHOW,
  },
  outputs: ANSWER_OUTPUTS,
  codes: {},
  place: "none",
  timeoutMs: 3_600_000,
  actions: {},
  look: () => ({}),
  decide: (inputs, _facts, past) => consent({ kind: "approve", text: inputs.question, show: inputs.show }, past),
});

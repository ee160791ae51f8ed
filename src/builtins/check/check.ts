import { assertNever } from "../../core/assert-never.ts";
import { defineBuiltin } from "../../core/builtin.ts";

/** `check`: judges what is already known. It looks at nothing and changes nothing. */
export const check = defineBuiltin({
  name: "check",
  title: "Judge what is already known",
  docs: [
    "Judges a condition over inputs, variables and the outputs of earlier steps, and stops with the sentence under `because` where it does not hold.",
    "",
    "It reads nothing itself. To judge something as it stands now, put an `expect` on the step that reads it.",
  ].join("\n"),
  examples: [
    {
      title: "Two names that must differ",
      yaml: [
        "- id: two_nodes",
        "  uses: check",
        "  with:",
        "    that: inputs.node_a != inputs.node_b",
        "    because: NodeA and NodeB are the same machine.",
      ].join("\n"),
    },
  ],
  inputs: {
    that: { type: "condition", description: "What must hold" },
    because: { type: "string", description: "The sentence that is shown when it does not hold" },
  },
  outputs: {},
  codes: { check_failed: "the condition does not hold" },
  place: "none",
  timeoutMs: 60_000,
  actions: {},
  look: () => ({}),
  decide(inputs) {
    switch (inputs.that.kind) {
      case "true":
        return { kind: "done", outputs: {}, because: "the condition holds" };
      case "false":
        return { kind: "refuse", code: "check_failed", because: `${inputs.because} (${inputs.that.because})` };
      case "not-known":
        return { kind: "refuse", code: "not_known", because: `it cannot be told whether the condition holds: ${inputs.that.because}` };
      default:
        return assertNever(inputs.that);
    }
  },
});

import { defineBuiltin } from "../../core/builtin.ts";
import { parseReading, withoutReading } from "../../core/reading.ts";
import { ANSWER_CODES, ANSWER_OUTPUTS, programAnswer } from "./shared/program-answer.ts";
import { ANSWER_INPUTS, PROGRAM_INPUTS, programAction } from "./shared/program-inputs.ts";

/** `run.query`: a program of the author's own that only reads. */
export const runQuery = defineBuiltin({
  name: "run.query",
  title: "Run a program that only reads",
  docs: [
    "Runs a program with a list of arguments and gives what it printed. That it only reads is the author's word: it may be run often, and at any time. `plan` runs it only with `--queries`.",
    "",
    "There is no shell: no pipes, no wildcards, no variables. An exit code that `accept` does not list fails the step with `exit_code`.",
  ].join("\n"),
  examples: [
    {
      title: "A value from a program",
      yaml: [
        "- id: version",
        "  uses: run.query",
        "  target: local",
        "  with:",
        "    program: node",
        "    args: [--version]",
      ].join("\n"),
    },
  ],
  inputs: { ...PROGRAM_INPUTS, ...ANSWER_INPUTS },
  outputs: ANSWER_OUTPUTS,
  codes: ANSWER_CODES,
  place: "optional",
  timeoutMs: 120_000,
  readsByWord: true,
  actions: { query: { effect: "reads", title: "Run the program", make: programAction } },
  look: () => ({ query: { action: "query" } }),
  decide(inputs, facts, past) {
    const answer = parseReading(facts, "query", "program", (result) => programAnswer(inputs.program, result, inputs));
    if (answer.kind === "error") return withoutReading(past, answer.error);
    return { kind: "done", outputs: answer.value, because: `${inputs.program} answered` };
  },
});

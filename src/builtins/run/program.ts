import { defineBuiltin } from "../../core/builtin.ts";
import { decideOwnChange } from "./shared/own-change.ts";
import { ANSWER_CODES, ANSWER_OUTPUTS, programAnswer } from "./shared/program-answer.ts";
import { ANSWER_INPUTS, CHANGE_INPUTS, PROGRAM_INPUTS, programAction } from "./shared/program-inputs.ts";

/** `run.program`: a program of the author's own that changes something. */
export const runProgram = defineBuiltin({
  name: "run.program",
  title: "Run a program",
  docs: [
    "Runs a program with a list of arguments. `effect` says what it does to the system: `changes` can be undone or repeated, `disrupts` stops a service for a while (what is assumed unless it is said), `destroys` cannot be undone.",
    "",
    "A program cannot be looked into. `done-when` gives the step eyes: where the reading holds, nothing is run; after a run it is waited for until the limit. Without it the exit code decides, and if the channel breaks meanwhile the step is `unknown` until a person says what happened, unless `repeatable` says that running it twice does no harm.",
    "",
    "There is no shell: no pipes, no wildcards, no variables. The program ends with its limit, with the channel and with the runner.",
  ].join("\n"),
  examples: [
    {
      title: "A program that the step can see the effect of",
      yaml: [
        "- id: write_marker",
        "  uses: run.program",
        "  target: node_b",
        "  with:",
        "    program: fsutil.exe",
        "    args: [file, createnew, D:\\ur\\marker.txt, \"0\"]",
        "    effect: changes",
        "    done-when:",
        "      uses: file.stat",
        "      with: { path: D:\\ur\\marker.txt }",
        "      that: outputs.exists",
      ].join("\n"),
    },
  ],
  inputs: {
    ...PROGRAM_INPUTS,
    effect: { type: "string", enum: ["changes", "disrupts", "destroys"], default: "disrupts", description: "What it does to the system; what only reads is a `run.query`" },
    ...CHANGE_INPUTS,
    ...ANSWER_INPUTS,
  },
  outputs: ANSWER_OUTPUTS,
  codes: ANSWER_CODES,
  place: "optional",
  timeoutMs: 600_000,
  undo: { kind: "steps", how: "Only the author knows how: say it in the step's `rollback`." },
  effectFromInput: true,
  cannotLook: true,
  actions: { run: { effect: "disrupts", title: "Run the program", make: programAction, atMost: 1 } },
  look: () => ({}),
  decide: (inputs, _facts, past) =>
    decideOwnChange(
      {
        name: inputs.program,
        action: { action: "run" },
        doneWhen: inputs["done-when"],
        repeatable: inputs.repeatable,
        read: (result) => programAnswer(inputs.program, result, inputs),
      },
      past,
    ),
});

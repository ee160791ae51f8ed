import type { ScriptAction } from "../../core/action.ts";
import { defineBuiltin } from "../../core/builtin.ts";
import type { Json } from "../../core/json.ts";
import { parseReading, withoutReading } from "../../core/reading.ts";
import { decideOwnChange } from "./shared/own-change.ts";
import { ANSWER_CODES, ANSWER_OUTPUTS, programAnswer } from "./shared/program-answer.ts";
import { ANSWER_INPUTS, CHANGE_INPUTS } from "./shared/program-inputs.ts";

/** What a message calls the script. */
const NAME = "the script";

function scriptAction(inputs: { readonly script: string; readonly parameters?: Readonly<Record<string, unknown>> | undefined }): ScriptAction {
  return { kind: "script", script: inputs.script, parameters: (inputs.parameters ?? {}) as Readonly<Record<string, Json>> };
}

/** `run.powershell`: PowerShell text of the author's own, with named parameters that arrive as data. */
export const runPowershell = defineBuiltin({
  name: "run.powershell",
  title: "Run a PowerShell script",
  docs: [
    "Runs PowerShell text on the target. Values go in as `parameters`, and the script takes them with `param(...)`: they arrive as data, and no value can become code. So the script itself is a literal.",
    "",
    "`effect: reads` makes it a query: it is run at every look, and by `plan` only with `--queries`. Any other effect (`disrupts` unless it is said) makes it a change, with `done-when` and `repeatable` as in `run.program`.",
  ].join("\n"),
  examples: [
    {
      title: "A query",
      yaml: [
        "- id: free_space",
        "  uses: run.powershell",
        "  target: node_b",
        "  with:",
        "    effect: reads",
        "    script: |",
        "      param($drive)",
        "      [Console]::Out.Write((Get-PSDrive $drive).Free)",
        "    parameters: { drive: D }",
        "    parse: json",
      ].join("\n"),
    },
  ],
  inputs: {
    script: { type: "string", description: "The text, with a `param(...)` that names the parameters" },
    parameters: { type: "map", values: { type: "any", secret: true }, required: false, description: "Its parameters by name" },
    effect: { type: "string", enum: ["reads", "changes", "disrupts", "destroys"], default: "disrupts", description: "What it does to the system" },
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
  readsByWord: true,
  actions: {
    query: { effect: "reads", title: "Run the script, which only reads", make: scriptAction },
    run: { effect: "disrupts", title: "Run the script", make: scriptAction },
  },
  look: (inputs) => (inputs.effect === "reads" ? { query: { action: "query" } } : {}),
  decide(inputs, facts, past) {
    if (inputs.effect === "reads") {
      const answer = parseReading(facts, "query", "script", (result) => programAnswer(NAME, result, inputs));
      return answer.kind === "error" ? withoutReading(past, answer.error) : { kind: "done", outputs: answer.value, because: "the script answered" };
    }
    return decideOwnChange(
      {
        name: NAME,
        action: { action: "run" },
        doneWhen: inputs["done-when"],
        repeatable: inputs.repeatable,
        read: (result) => programAnswer(NAME, result, inputs),
      },
      past,
    );
  },
});

import type { ProgramAction } from "../../../core/action.ts";
import type { Properties, ValuesOf } from "../../../core/schema.ts";

/** What is taken as an answer: inputs of every `run.*` builtin. */
export const ANSWER_INPUTS = {
  accept: { type: "list", items: { type: "integer" }, default: [0], description: "The exit codes that are good" },
  parse: { type: "string", enum: ["text", "lines", "json"], default: "text", description: "How its standard output is read" },
} as const satisfies Properties;

/** What a change of the author's own can say about itself. */
export const CHANGE_INPUTS = {
  "done-when": { type: "reading", required: false, description: "A reading that shows that it is done. Where it holds already nothing is run" },
  repeatable: { type: "boolean", default: false, description: "Running it twice does no harm: it is run again where its outcome was lost" },
} as const satisfies Properties;

/** The program and what it is given. */
export const PROGRAM_INPUTS = {
  program: { type: "string", description: "The program: a name that the target finds, or a path on it" },
  args: { type: "list", items: { type: "string" }, default: [], description: "Its arguments, one an item. They reach it as they stand: there is no shell" },
  stdin: { type: "string", required: false, secret: true, description: "What it reads on standard input; without it that is empty" },
  env: { type: "map", values: { type: "string", secret: true }, required: false, description: "Environment variables beside those of the account" },
  folder: { type: "string", format: "path", required: false, description: "The folder to run it in" },
} as const satisfies Properties;

/** The call of the program that these inputs describe. */
export function programAction(inputs: ValuesOf<typeof PROGRAM_INPUTS>): ProgramAction {
  return {
    kind: "program",
    program: inputs.program,
    args: inputs.args,
    ...(inputs.stdin === undefined ? {} : { stdin: inputs.stdin }),
    ...(inputs.env === undefined ? {} : { env: inputs.env }),
    ...(inputs.folder === undefined ? {} : { folder: inputs.folder }),
  };
}

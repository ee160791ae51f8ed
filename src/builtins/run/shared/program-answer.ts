import type { ProgramResult } from "../../../core/action.ts";
import { assertNever } from "../../../core/assert-never.ts";
import type { Json } from "../../../core/json.ts";
import { unreadable, type Reading } from "../../../core/reading.ts";
import { error, ok } from "../../../core/result.ts";
import type { Properties, ValuesOf } from "../../../core/schema.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import type { ANSWER_INPUTS } from "./program-inputs.ts";

/** What a program of the author's own gives. All are absent where `done-when` held and nothing was run. */
export const ANSWER_OUTPUTS = {
  text: { type: "string", required: false, description: "Its standard output, without the line end that closes it; of more than 256,000 bytes their end" },
  lines: { type: "list", items: { type: "string" }, required: false, description: "The lines of its standard output; with `parse: lines`" },
  json: { type: "any", required: false, description: "The value that it printed; with `parse: json`" },
  exit_code: { type: "integer", required: false, description: "Its exit code" },
} as const satisfies Properties;

/** The failure code of a `run.*` builtin of its own. */
export const ANSWER_CODES = { exit_code: "the program ended with an exit code that `accept` does not list" } as const;

/** Nested deeper than this, a value is not taken. */
const DEEPEST = 100;

function depthOf(value: unknown, depth = 1): number {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return depth;
  return Object.values(value).reduce<number>((deepest, item) => Math.max(deepest, depthOf(item, depth + 1)), depth);
}

function parseJson(text: string): Reading<Json> {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    return unreadable("its standard output", `expected JSON, found \`${excerpt(text)}\``);
  }
  return depthOf(value) > DEEPEST ? unreadable("its standard output", `the JSON is nested deeper than ${DEEPEST} levels`) : ok(value);
}

/** The outputs of a program that ended; a failure where its exit code is not accepted or its output cannot be read. */
export function programAnswer(name: string, result: ProgramResult, inputs: ValuesOf<typeof ANSWER_INPUTS>): Reading<ValuesOf<typeof ANSWER_OUTPUTS>> {
  if (!inputs.accept.includes(result.exitCode)) {
    const said = result.stderr.trim() === "" ? result.stdout : result.stderr;
    return error({ code: "exit_code", because: `${name} ended with exit code ${result.exitCode}${said.trim() === "" ? ", and printed nothing" : `: ${excerpt(said)}`}` });
  }
  const text = result.stdout.replace(/\r?\n$/, "");
  const outputs = { text, exit_code: result.exitCode };
  if (inputs.parse === "text") return ok(outputs);
  if (result.droppedBytes > 0) return unreadable("its standard output", `it is too long, ${result.droppedBytes} bytes were dropped`);
  switch (inputs.parse) {
    case "lines":
      return ok({ ...outputs, lines: text === "" ? [] : text.split(/\r?\n/) });
    case "json": {
      const json = parseJson(text);
      return json.kind === "error" ? json : ok({ ...outputs, json: json.value });
    }
    default:
      return assertNever(inputs.parse);
  }
}

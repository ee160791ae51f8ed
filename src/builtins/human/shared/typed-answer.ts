import { assertNever } from "../../../core/assert-never.ts";
import type { Question } from "../../../core/builtin.ts";
import type { Json } from "../../../core/json.ts";
import { error, ok, type Result } from "../../../core/result.ts";

/** What the answer to `human.ask` must be. */
export type AnswerSchema = NonNullable<Question["value"]>;

/** Longer answers are refused unread. */
const LONGEST_ANSWER = 1_000;

/** The value that a person typed, by its declared type; else a sentence that says what was expected. An empty answer is the default where there is one. */
export function typedAnswer(text: string, schema: AnswerSchema): Result<Json, string> {
  const typed = text === "" && schema.default !== undefined ? schema.default : text;
  if (typed.length > LONGEST_ANSWER) return error(`the answer is longer than ${LONGEST_ANSWER} characters`);
  if (schema.enum !== undefined && !schema.enum.includes(typed)) return error(`"${typed}" is none of ${schema.enum.join(", ")}`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(typed)) return error(`"${typed}" does not match ${schema.pattern}`);
  switch (schema.type) {
    case "string":
      return typed === "" ? error("an answer is needed") : ok(typed);
    case "integer":
      return /^-?\d{1,15}$/.test(typed) ? ok(Number(typed)) : error(`"${typed}" is no whole number`);
    case "number":
      return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(typed) ? ok(Number(typed)) : error(`"${typed}" is no number`);
    case "boolean":
      return typed === "true" || typed === "yes" ? ok(true) : typed === "false" || typed === "no" ? ok(false) : error(`"${typed}" is neither yes nor no`);
    default:
      return assertNever(schema.type);
  }
}

import type { Action, ActionResults } from "./action.ts";
import type { Decision, Facts, Past } from "./builtin.ts";
import { answerOf, failureOf, hasActed } from "./facts.ts";
import type { Failure } from "./failure.ts";
import { emptyObject } from "./json.ts";
import { error, ok, type Result } from "./result.ts";

/** What a reading says once it was parsed: a typed value, or why there is none. */
export type Reading<T> = Result<T, Failure>;

/** How long to wait before a reading that gave nothing is made again. */
const READ_AGAIN_MS = 15_000;
/** The same where nobody answered: the attempt takes its own time, and what was lost with its channel may be answered at once over a new one. */
const ASK_AGAIN_MS = 5_000;

/** An answer that came and could not be understood: what was asked, and what is wrong with the answer. */
export function unreadable(what: string, because: string): { readonly kind: "error"; readonly error: Failure } {
  return error({ code: "unreadable", because: `cannot read ${what}: ${because}` });
}

/** The parsed answer of a reading; an error where the reading failed, was lost, was not made or cannot be understood. */
export function parseReading<K extends Action["kind"], T>(facts: Facts, name: string, kind: K, parse: (answer: ActionResults[K]) => Reading<T>): Reading<T> {
  const failure = failureOf(facts, name);
  if (failure !== undefined) return error(failure);
  const answer = answerOf(facts, name, kind);
  return answer === undefined ? error({ code: "not_known", because: `${name.replaceAll("_", " ")} was not read` }) : parse(answer);
}

type Parsed<R> = { readonly [K in keyof R]: R[K] extends Reading<infer T> ? T : never };

/** Several readings as one: all values by their names, or the first failure in the order in which they stand. */
export function allRead<const R extends Readonly<Record<string, Reading<unknown>>>>(readings: R): Reading<Parsed<R>> {
  const values = emptyObject<unknown>();
  for (const [name, reading] of Object.entries(readings)) {
    if (reading.kind === "error") return reading;
    values[name] = reading.value;
  }
  return ok(values as Parsed<R>);
}

/** What to decide without a reading that is needed: before anything was tried the step refuses; afterwards it looks again, because the world may only be slow to answer. */
export function withoutReading(past: Past, failure: Failure): Decision<never> {
  if (!hasActed(past)) return { kind: "refuse", ...failure };
  return { kind: "wait", because: `nothing can be told now: ${failure.because}`, everyMs: failure.code === "unreachable" ? ASK_AGAIN_MS : READ_AGAIN_MS };
}

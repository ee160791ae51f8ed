import type { Outcome } from "../core/port.ts";
import type { Reading } from "../core/reading.ts";
import { error } from "../core/result.ts";

/** What an answer says once it was parsed; an error where none came. */
export function readingOf<A, T>(outcome: Outcome<A>, parse: (answer: A) => Reading<T>): Reading<T> {
  switch (outcome.kind) {
    case "ok":
      return parse(outcome.value);
    case "failed":
      return error(outcome.failure);
    case "lost":
    case "timeout":
      return error({ code: outcome.kind, because: outcome.because });
  }
}

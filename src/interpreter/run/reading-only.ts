import { assertNever } from "../../core/assert-never.ts";
import type { Step } from "../../core/runbook.ts";

/** True if every leaf below the step only reads. */
export function isReadingOnly(step: Step): boolean {
  const { body } = step;
  switch (body.kind) {
    case "leaf":
      return body.reads;
    case "block":
      return [...body.steps, ...body.rescue, ...body.always].every(isReadingOnly);
    case "call":
      return [...body.runbook.preconditions, ...body.runbook.steps, ...body.runbook.postconditions].every(isReadingOnly);
    default:
      return assertNever(body);
  }
}

import { assertNever } from "../../core/assert-never.ts";
import type { Runbook, Step } from "../../core/runbook.ts";

const verdicts = new WeakMap<Runbook, boolean>();

/** True if no leaf below the step changes anything, called files included. */
export function onlyReads(step: Step): boolean {
  const { body } = step;
  switch (body.kind) {
    case "leaf":
      return body.reads;
    case "block":
      return [...body.steps, ...body.rescue, ...body.always].every(onlyReads);
    case "call":
      return runbookOnlyReads(body.runbook);
    default:
      return assertNever(body);
  }
}

/** True if a file only looks. Asked once for each file, however often it is called. */
export function runbookOnlyReads(runbook: Runbook): boolean {
  const known = verdicts.get(runbook);
  if (known !== undefined) return known;
  const verdict = runbook.mode === "checks" || runbook.steps.every(onlyReads);
  verdicts.set(runbook, verdict);
  return verdict;
}

/** The first step below one that changes something, for a message; undefined where all read. */
export function firstChange(step: Step): { readonly step: Step; readonly what: string } | undefined {
  const { body } = step;
  switch (body.kind) {
    case "leaf":
      return body.reads ? undefined : { step, what: `\`${body.builtin.name}\` changes something` };
    case "block":
      for (const inner of [...body.steps, ...body.rescue, ...body.always]) {
        const found = firstChange(inner);
        if (found !== undefined) return found;
      }
      return undefined;
    case "call":
      return runbookOnlyReads(body.runbook) ? undefined : { step, what: `\`${body.runbook.name}\` has steps that change something` };
    default:
      return assertNever(body);
  }
}

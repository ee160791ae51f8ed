import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { Runbook } from "../../core/runbook.ts";
import { renderValue } from "./template.ts";

/** The vars of a run, in their order: templates over inputs, the vars before them and `run`. On the unhappy path every var that has no value, and why. */
export function computeVars(runbook: Runbook, inputs: Readonly<Record<string, Json>>, run: Readonly<Record<string, Json>>): Result<Readonly<Record<string, Json>>, readonly Diagnostic[]> {
  const vars = emptyObject<Json>();
  const diagnostics: Diagnostic[] = [];
  const scope = Object.assign(emptyObject<unknown>(), { inputs, vars, run });
  for (const { name, template } of runbook.vars) {
    const rendered = renderValue(template, scope);
    if (rendered.kind === "ok") vars[name] = rendered.value;
    else diagnostics.push(errorAt(template.span, "var-without-value", `\`${name}\` has no value: ${rendered.because}`));
  }
  return diagnostics.length > 0 ? error(diagnostics) : ok(vars);
}

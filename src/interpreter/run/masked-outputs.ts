import type { StepFinished } from "../../core/step-event.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import type { Expression, Scope } from "../../core/runbook.ts";
import { MASK, Masked } from "../../core/secret.ts";
import { maskedAt, valueAtPath } from "../language/template-path.ts";

type Outputs = Readonly<Record<string, Json>>;

/** Stands where an output stood, so that reading it is an error that says why. */
export function maskedOutput(): Json {
  return new Masked() as unknown as Json;
}

/** True if an expression has no value because something that it reads was masked. */
export function readsMasked(expression: Expression, scope: Scope): boolean {
  return expression.reads.some((path) => {
    const value = valueAtPath(scope, path);
    return value !== undefined && maskedAt(path, value) !== undefined;
  });
}

function without(outputs: Outputs, isMasked: (name: string) => boolean): Outputs {
  const kept = emptyObject<Json>();
  for (const [name, value] of Object.entries(outputs)) kept[name] = isMasked(name) ? maskedOutput() : value;
  return kept;
}

/** The outputs of a step as a resumed run may read them: those that held a secret were not kept. Undefined where it gave none. */
export function givenOutputs({ outputs, masked: names }: Pick<StepFinished, "outputs" | "masked">): Outputs | undefined {
  return outputs === undefined || names === undefined ? outputs : without(outputs, (name) => names.includes(name));
}

/** Outputs that were made from a result of which the journal kept only what was masked. */
export function outputsFromMasked(outputs: Outputs): Outputs {
  return without(outputs, (name) => JSON.stringify(outputs[name] ?? null).includes(MASK));
}

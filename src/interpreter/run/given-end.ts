import type { StepFinished } from "../../core/step-event.ts";
import type { StepEnd } from "./context.ts";
import { givenOutputs } from "./masked-outputs.ts";

/** The end of a step as it was before the run was taken up again. */
export function givenEnd(before: StepFinished): StepEnd {
  const { status, code, because, passedOver, attempts } = before;
  const outputs = givenOutputs(before);
  return {
    status, attempts, ...(code === undefined ? {} : { code }), ...(because === undefined ? {} : { because }), ...(outputs === undefined ? {} : { outputs }),
    ...(passedOver === undefined ? {} : { passedOver }),
  };
}

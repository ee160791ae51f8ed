import { curesOnce } from "../../core/cure.ts";

/** A step that failed, of several of which all is reported. */
export interface Failing {
  readonly step: string;
  readonly because: string;
}

/** Several failures in one text: steps that failed for the same reason share it, and a cure that is the same for several machines is told of the first. */
export function toldTogether(failures: readonly Failing[]): string {
  const byReason = Map.groupBy(failures, ({ because }) => because);
  const reasons = curesOnce([...byReason.keys()]);
  return [...byReason.values()].map((steps, index) => `${steps.map(({ step }) => step).join(", ")}: ${reasons[index] ?? ""}`).join("; ");
}

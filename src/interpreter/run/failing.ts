/** A step that failed, of several of which all is reported. */
export interface Failing {
  readonly step: string;
  readonly because: string;
}

/** Several failures in one text: steps that failed for the same reason share it. */
export function toldTogether(failures: readonly Failing[]): string {
  const byReason = Map.groupBy(failures, ({ because }) => because);
  return [...byReason].map(([because, steps]) => `${steps.map(({ step }) => step).join(", ")}: ${because}`).join("; ");
}

import type { StepFinished, StepStarted } from "../../core/step-event.ts";

/** What a journal tells of the steps so far, by path. */
export interface StepsSoFar {
  readonly starts: ReadonlyMap<string, StepStarted>;
  readonly ends: ReadonlyMap<string, StepFinished>;
  readonly acts: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * Steps that did their work and stand in a block that is entered from its first step again, while a journal is read. A step stays one of
 * them until it acts again, or has ended well again.
 */
export class RecordedRan {
  readonly #ends = new Map<string, StepFinished>();

  /** By path, with the end of each. */
  get ends(): ReadonlyMap<string, StepFinished> {
    return this.#ends;
  }

  /** Steps for which `isAgain` holds are entered again, or are to be. What unwinds is begun anew by each unwinding, and is nothing that ran before. */
  see({ starts, ends, acts }: StepsSoFar, isAgain: (path: string) => boolean): void {
    for (const [path, end] of ends) {
      const phase = starts.get(path)?.phase;
      if (end.status === "ok" && phase !== "rescue" && phase !== "always" && (acts.get(path)?.length ?? 0) > 0 && isAgain(path)) this.#ends.set(path, end);
    }
  }

  acts(path: string): void {
    this.#ends.delete(path);
  }

  ended({ step, status }: StepFinished): void {
    if (status === "ok") this.#ends.delete(step);
  }
}

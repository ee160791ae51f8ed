import { assertNever } from "../../core/assert-never.ts";
import type { HaltCause } from "../../core/event.ts";
import type { StopSignal } from "./scheduler.ts";
import { Signal } from "./signal.ts";

/**
 * What a branch is about, and so what stops it. `forward`: the procedure; anything stops it. `rescue`: mending after a failure; a
 * broken invariant does not stop it, a signal does. `closing`: an `always` after a block that went well, and `always`: one after a
 * block that did not, which is mending: what is owed is paid, only the second signal stops it.
 */
export type Course = "forward" | "rescue" | "closing" | "always";

/** Told to every branch at once: no new intent; the step at hand looks once more; then what `always` owes. */
export class Halt {
  readonly #causes: HaltCause[] = [];
  readonly #forward = new Signal();
  readonly #rescue = new Signal();
  readonly #owed = new Signal();

  /** True once anything has stopped the procedure. */
  get raised(): boolean {
    return this.#forward.raised;
  }

  /** What the run ends with: a signal counts before a broken invariant, else what came first. */
  get cause(): HaltCause | undefined {
    return this.#causes.find(({ kind }) => kind === "cancelled") ?? this.#causes[0];
  }

  /** Stops what this cause stops. */
  raise(cause: HaltCause): void {
    this.#causes.push(cause);
    this.#forward.raise();
    if (cause.kind !== "invariant" && cause.kind !== "rollback") this.#rescue.raise();
  }

  /** The second signal: stops what is owed too. */
  abort(): void {
    if (this.cause?.kind !== "cancelled") this.raise({ kind: "cancelled", because: "the run was aborted" });
    this.#owed.raise();
  }

  /** What stops a branch on this course. */
  stopOf(course: Course): StopSignal {
    switch (course) {
      case "forward":
        return this.#forward;
      case "rescue":
        return this.#rescue;
      case "closing":
      case "always":
        return this.#owed;
      default:
        return assertNever(course);
    }
  }
}

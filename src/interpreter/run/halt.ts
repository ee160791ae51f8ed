import type { StopSignal } from "./scheduler.ts";

/** Why no further change is to be begun. */
export type HaltCause =
  | { readonly kind: "cancelled"; readonly because: string }
  | { readonly kind: "invariant"; readonly invariant: string; readonly because: string }
  | { readonly kind: "not-permitted"; readonly because: string };

/** Told to every branch at once: no new intent; the step at hand looks once more; then what `always` owes. The first cause stays. */
export class Halt implements StopSignal {
  #cause: HaltCause | undefined;
  readonly #listeners = new Set<() => void>();

  get raised(): boolean {
    return this.#cause !== undefined;
  }

  get cause(): HaltCause | undefined {
    return this.#cause;
  }

  /** Raises it; a second cause is not kept. */
  raise(cause: HaltCause): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    for (const listener of [...this.#listeners]) listener();
  }

  onRaise(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

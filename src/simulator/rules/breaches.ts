import type { WorldState } from "../world-state.ts";

/** Notes that an invariant of the procedure was broken (domain page, 7.4) by what happens now; the same sentence is noted once of each that can set it off. */
export function breach(state: WorldState, invariant: string, because: string): void {
  const known = state.breaches.some((other) => other.invariant === invariant && other.because === because && other.by === state.cause.by);
  if (!known) state.breaches.push({ invariant, atMs: state.nowMs, because, ...state.cause });
}

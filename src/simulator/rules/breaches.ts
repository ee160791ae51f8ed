import type { WorldState } from "../world-state.ts";

/** Notes that an invariant of the procedure was broken (domain page, 7.4); the same sentence is noted once. */
export function breach(state: WorldState, invariant: string, because: string): void {
  const known = state.breaches.some((other) => other.invariant === invariant && other.because === because);
  if (!known) state.breaches.push({ invariant, atMs: state.nowMs, because });
}

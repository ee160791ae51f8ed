import { formatDuration } from "../../core/quantity.ts";
import type { MadeAction } from "./issue.ts";
import { identityOf, type LeafState } from "./leaf-state.ts";

/** What stands in the way of doing the same again. */
export type Stuck =
  | { readonly kind: "wait"; readonly because: string; readonly untilMs: number }
  | { readonly kind: "failed"; readonly code: "no_progress"; readonly because: string };

/** How often an action may be tried whose outcome was lost. */
const LOST_ATTEMPTS = 3;

/**
 * Why none of the actions that were decided on may be carried out now; undefined where all may. One is carried out only so often an
 * attempt, and again only once the one before has had its time to show.
 */
export function checkProgress(state: LeafState, made: readonly MadeAction[], nowMs: number): Stuck | undefined {
  for (const action of made) {
    const identity = identityOf(action.name, action.masked);
    const before = state.acts.filter((act) => act.attempt === state.attempt && act.identity === identity);
    const last = before.at(-1);
    if (last === undefined) continue;
    const settlesAtMs = last.endedMs + action.settlesWithinMs;
    if (nowMs < settlesAtMs) return { kind: "wait", untilMs: settlesAtMs, because: `${action.title}: done ${formatDuration(Math.floor((nowMs - last.endedMs) / 1000) * 1000)} ago, its effect may take ${formatDuration(action.settlesWithinMs)} to show` };
    const known = before.filter((act) => act.outcome === "ok" || act.outcome === "failed").length;
    const limit = before.length > known ? Math.max(action.atMost, LOST_ATTEMPTS) : action.atMost;
    if (known >= action.atMost || before.length >= limit) {
      return { kind: "failed", code: "no_progress", because: `${action.title} was done ${before.length === 1 ? "once" : `${before.length} times`} and did not bring it about${last.failure === undefined ? "" : `: ${last.failure.because}`}` };
    }
  }
  return undefined;
}

import type { Failure } from "../../../core/failure.ts";
import type { Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";

/** A guard's answer: what stands against acting, `ok(undefined)` where nothing does, an error where it cannot be told. */
export type Obstacle = Reading<Failure | undefined>;

/** An obstacle with its code and its sentence: cause and cure. */
export function obstacle(code: string, because: string): Obstacle {
  return ok({ code, because });
}

/** Nothing stands against it. */
export const CLEAR: Obstacle = ok(undefined);

/** The first guard that does not answer {@link CLEAR}. Later ones are not asked: what they need may not be readable for the same reason. */
export function firstObstacle(guards: readonly (() => Obstacle)[]): Obstacle {
  for (const guard of guards) {
    const answer = guard();
    if (answer.kind === "error" || answer.value !== undefined) return answer;
  }
  return CLEAR;
}

import type { RealTime } from "../simulator/virtual-clock.ts";
import type { OwnIo } from "./own-io.ts";

/** Real time for a virtual clock, and the world's time as a screen shows it between two of its wake-ups. */
export interface ShownTime {
  readonly real: RealTime;
  /** The world's time for a screen: that of the clock, and while a pace holds it back what has passed of the pause. */
  readonly shownMs: (clockMs: number) => number;
}

/** Without a pace waiting costs nothing; with one the world's time passes at so many times real speed. */
export function shownTime(io: OwnIo, times: number | undefined): ShownTime {
  const settle = (): Promise<void> => io.settled();
  if (times === undefined) return { real: { settle }, shownMs: (clockMs) => clockMs };
  let pause: { readonly sinceMs: number; readonly untilMs: number } | undefined;
  const sleep = async (ms: number): Promise<void> => {
    pause = { sinceMs: performance.now(), untilMs: performance.now() + ms };
    // A timer of its own, not `unref`ed: while the world sleeps nothing else keeps the process.
    await new Promise<void>((resolve) => setTimeout(resolve, ms));
    pause = undefined;
  };
  const passedMs = (): number => (pause === undefined ? 0 : Math.min(performance.now(), pause.untilMs) - pause.sinceMs);
  return { real: { settle, pace: { times, sleep } }, shownMs: (clockMs) => clockMs + passedMs() * times };
}

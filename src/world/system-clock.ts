import type { Clock } from "../core/port.ts";

interface WakeUp {
  readonly atMs: number;
  readonly key: string;
  readonly wake: () => void;
}

/** A timer runs on a clock that stands still while a machine sleeps; looking at the wall clock this often finds that out. */
const LONGEST_SLEEP_MS = 30_000;

function comesBefore(a: WakeUp, b: WakeUp): boolean {
  return a.atMs === b.atMs ? a.key < b.key : a.atMs < b.atMs;
}

/** As far as this a clock is put back by whoever keeps it right; it is waited for. */
const PUT_RIGHT_MS = 1_000;

/**
 * The wall clock of this machine, from `notBeforeMs` on (ms since 1970). Where the system's clock is behind what was told already, because somebody put it
 * back, time goes on from there as the machine counts it, so that no limit and no wait gets longer, until the system's clock has come up with it.
 */
export function systemClock(notBeforeMs = 0): Clock {
  const queue: WakeUp[] = [];
  let latest = notBeforeMs;
  let timer: NodeJS.Timeout | undefined;
  /** Where time goes on from while the system's clock is behind. */
  let from: { readonly atMs: number; readonly countMs: number } | undefined;

  const now = (): number => {
    const wall = Date.now();
    from = wall >= latest - PUT_RIGHT_MS ? undefined : (from ?? { atMs: latest, countMs: performance.now() });
    latest = Math.max(latest, from === undefined ? wall : from.atMs + Math.floor(performance.now() - from.countMs));
    return latest;
  };
  const arm = (): void => {
    clearTimeout(timer);
    const next = queue[0];
    timer = next === undefined ? undefined : setTimeout(ring, Math.min(LONGEST_SLEEP_MS, Math.max(0, next.atMs - now())));
  };
  const ring = (): void => {
    const nowMs = now();
    const due = queue.findIndex(({ atMs }) => atMs > nowMs);
    for (const { wake } of queue.splice(0, due === -1 ? queue.length : due)) wake();
    arm();
  };
  return {
    now,
    at(atMs, key, wake) {
      const entry = { atMs, key, wake };
      const place = queue.findIndex((other) => comesBefore(entry, other));
      queue.splice(place === -1 ? queue.length : place, 0, entry);
      if (queue[0] === entry) arm();
      return () => {
        const found = queue.indexOf(entry);
        if (found === -1) return;
        queue.splice(found, 1);
        if (found === 0) arm();
      };
    },
  };
}

/** So far this machine's clock is behind a time of its own that was kept (ms since 1970), because it was put back since: ms; 0 where it is not, or hardly. */
export function behindMs(keptMs: number): number {
  const ms = keptMs - systemClock().now();
  return ms < PUT_RIGHT_MS ? 0 : ms;
}

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

/** The wall clock of this machine. It stands still where the system's clock is put back. */
export function systemClock(): Clock {
  const queue: WakeUp[] = [];
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;

  const now = (): number => {
    latest = Math.max(latest, Date.now());
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

import type { Event } from "../core/event.ts";
import type { Journal } from "../core/port.ts";

/** A journal that lasts as long as the process. */
export interface MemoryJournal extends Journal {
  /** What was appended, in order. */
  readonly events: readonly Event[];
}

/** An empty journal in memory; `sync` has nothing to do. */
export function memoryJournal(): MemoryJournal {
  const events: Event[] = [];
  return { events, append: (event) => void events.push(event), sync: () => Promise.resolve() };
}

import type { Event } from "../core/event.ts";

/** Where text goes. It takes everything at once, in order, and never throws for a reader that has gone. */
export interface Sink {
  write(text: string): void;
}

/** A reader of a run's events that shows them. */
export interface View {
  see(event: Event): void;
  /** Leaves the terminal to a person who is asked something that is no event; `resume` begins anew. */
  pause(): void;
  resume(): void;
  /** Takes away what moves and lets go of timers; nothing is written afterwards. May be called twice. */
  close(): void;
}

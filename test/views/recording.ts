import type { Event, EventBody } from "../../src/core/event.ts";

/** Builds a sequence of events as a run would emit them: numbered, stamped, with a clock that the fixture moves. */
export interface Recording {
  readonly events: Event[];
  /** Emits an event now. */
  put(body: EventBody): void;
  /** Lets time pass. */
  pass(seconds: number): void;
}

/** A recording that begins at noon of 20 November 2007, run `r7k2m9q4xa`. */
export function recording(): Recording {
  const events: Event[] = [];
  let nowMs = Date.parse("2007-11-20T12:00:00.000Z");
  return {
    events,
    put: (body) => {
      events.push({ v: 1, seq: events.length + 1, at: new Date(nowMs).toISOString(), run: "r7k2m9q4xa", ...body });
    },
    pass: (seconds) => {
      nowMs += seconds * 1_000;
    },
  };
}

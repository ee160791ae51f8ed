import type { Event } from "../core/event.ts";
import type { Sink, View } from "./sink.ts";

/** Controls that JSON leaves as they are and a terminal would obey, and line separators. */
const LEFT_BY_JSON = /[\u007F-\u009F\u2028\u2029]/gu;

/** A value as one line of JSON that is safe on a terminal too. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(LEFT_BY_JSON, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** One event a line, as JSON: nothing else goes to this sink. */
export function jsonView(sink: Sink): View {
  return {
    see(event: Event): void {
      sink.write(`${jsonLine(event)}\n`);
    },
    pause(): void {},
    resume(): void {},
    close(): void {},
  };
}

/** RFC 3339 with milliseconds, UTC, of a time in ms since 1970. Pure: it reads no clock. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since 1970 of an RFC 3339 text; NaN where it is none. */
export function timeMs(text: string): number {
  return Date.parse(text);
}

/** RFC 3339 with milliseconds, UTC, of a time in ms since 1970. Pure: it reads no clock. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since 1970 of an RFC 3339 text; NaN where it is none. */
export function timeMs(text: string): number {
  return Date.parse(text);
}

/** Day and hour of an RFC 3339 time in UTC, for people: `2007-11-20 12:00:05 UTC`. */
export function dayAndHourOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

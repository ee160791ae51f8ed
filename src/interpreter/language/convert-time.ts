const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since 1970 of a time as RFC 3339 writes it (`2007-11-20T09:00:00Z`, `…+02:00`); undefined if it is none, a day that its month does not have included. */
export function parseTime(text: string): number | undefined {
  const found = RFC_3339.exec(text);
  if (found === null) return undefined;
  const [, year, month, day] = found;
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day)) return undefined;
  const ms = Date.parse(text.toUpperCase());
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time in its one form: UTC, with milliseconds only where there are some. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/** `[-][d.]hh:mm:ss[.fffffff]`, as PowerShell prints a `System.TimeSpan`. */
const TIME_SPAN = /^(?:(\d{1,6})\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/;

/** Milliseconds of a `System.TimeSpan` as text, `00:00:02.1340000` → 2134, rounded; undefined where it is none or is negative. */
export function parseTimeSpan(text: string): number | undefined {
  const found = TIME_SPAN.exec(text.trim());
  if (found === null) return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = "0"] = found;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000 + Math.round(Number(`0.${fraction}`) * 1000);
}

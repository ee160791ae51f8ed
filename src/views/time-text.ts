import { formatDuration } from "../core/quantity.ts";

/** The hour of an RFC 3339 time, `12:00:05`, as the system's clock shows it (UTC). */
export function hourOf(at: string): string {
  return at.slice(11, 19);
}

/** A length of time as a person says it: as exact as its size deserves (`250ms`, `4.2s`, `3m20s`, `2h5m`, `3d4h`). */
export function aboutDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < 10_000) return `${Math.floor(ms / 100) / 10}s`;
  const unit = ms < 3_600_000 ? 1_000 : ms < 86_400_000 ? 60_000 : 3_600_000;
  return formatDuration(Math.floor(ms / unit) * unit);
}

/** How long a run took, for people: while a process carried it out, in how many sessions, and how much of that was waiting for an answer (from a second on). */
export function tookText({ ms, sessions, waitedMs }: { readonly ms: number; readonly sessions: number; readonly waitedMs: number }): string {
  return `${aboutDuration(ms)}${sessions > 1 ? ` in ${sessions} sessions` : ""}${waitedMs < 1_000 ? "" : `, ${aboutDuration(waitedMs)} of it waiting for an answer`}`;
}

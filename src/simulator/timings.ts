import { parseDuration } from "../core/quantity.ts";
import { draw } from "./draw.ts";
import type { WorldState } from "./world-state.ts";

/** A range of durations, both ends included, in ms. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long things take where the world file does not say (domain page, 7.3; estimates unless that page tags them). */
export const TIMINGS = {
  program: "200ms..600ms",
  cmdlet: "1s..3s",
  wmi: "500ms..1500ms",
  move_checks: "5s..20s",
  connect_timeout: "20s",
  node_mark: "1s..2s",
  group_move: "5s..30s",
  node_join: "10s..30s",
  node_shutdown: "20s..60s",
  node_boot: "3m..8m",
  service_start: "2s..10s",
  managed_start: "5s..31s",
  delayed_start: "2m",
  service_stop: "2s..10s",
  mailbox_move: "1m..3m",
  mailbox_failover: "1m..3m",
  mailbox_start: "1m..2m",
  copy_initializing: "80s..100s",
  copy_resynchronizing: "2m..10m",
  install_check: "3s..8s",
  install_prepare: "1m..5m",
  install_stop: "1m..3m",
  install_patch: "2m..6m",
  install_images: "5m..15m",
  install_restore: "2m..5m",
  install_register: "5s..20s",
  install_roll_back: "5m..10m",
} as const satisfies Readonly<Record<string, string>>;

/** The name of something that takes time. */
export type TimingName = keyof typeof TIMINGS;

/** The range of everything that takes time. */
export type Timings = Readonly<Record<TimingName, Range>>;

/** `90s` or `1m..3m`; undefined if it is neither, or runs backwards. */
export function parseRange(text: string): Range | undefined {
  const [first = "", second = first, ...rest] = text.split("..");
  const fromMs = parseDuration(first);
  const toMs = parseDuration(second);
  if (fromMs === undefined || toMs === undefined || toMs < fromMs || rest.length > 0) return undefined;
  return { fromMs, toMs };
}

/** The ranges of a world: those of its file over {@link TIMINGS}. A range that cannot be read was refused by `checkWorld`; it throws. */
export function timingsOf(given: Readonly<Record<string, string>>): Timings {
  const ranges = Object.entries({ ...TIMINGS, ...given }).map(([name, text]) => {
    const range = parseRange(text);
    if (range === undefined) throw new Error(`not a range of durations: ${name}: ${text}`);
    return [name, range];
  });
  return Object.fromEntries(ranges) as Timings;
}

/** How long something takes now, in ms: keyed by seed, command, target and the number of changing commands before, so that more looks shift nothing (semantics.md section 7). */
export function takes(state: WorldState, timing: TimingName, command: string, target: string): number {
  const { fromMs, toMs } = state.timings[timing];
  return Math.round(fromMs + draw(state.seed, timing, command, target, state.changes) * (toMs - fromMs));
}

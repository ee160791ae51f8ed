import type { ReportedSession } from "./report-document.ts";
import { aboutDuration } from "./time-text.ts";
import { timeMs, timeText } from "../core/time.ts";

/** Where times stand in a drawing, from left to right. */
export interface Axis {
  readonly width: number;
  /** The place of a time in ms since 1970. One in which no process ran stands where the session before it ended. */
  at(ms: number): number;
  /** Where no process ran, and for how long; "" where the system's time did not pass. */
  readonly breaks: readonly { readonly x: number; readonly width: number; readonly label: string }[];
  readonly pieces: readonly AxisPiece[];
}

/** A session on the axis. */
interface AxisPiece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: number;
  readonly width: number;
}

/** A mark on the axis with its hour. */
export interface Tick {
  readonly x: number;
  readonly label: string;
}

const WIDTH = 860;
/** A time without a runner is drawn so wide, however long it was. */
const BREAK = 44;
/** The narrowest session. */
const NARROWEST = 12;
/** Distances between marks: round ones, in ms. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800].map((seconds) => seconds * 1_000);
/** An hour is about so wide. */
const LABEL = 48;
/** So far apart are marks at least. */
const APART = 76;

/** An axis over the sessions of a run, each as wide as it was long; undefined where no time passed in any. */
export function timeAxis(sessions: readonly Pick<ReportedSession, "at" | "endedAt">[]): Axis | undefined {
  const spans = sessions.map(({ at, endedAt }) => ({ fromMs: timeMs(at), toMs: Math.max(timeMs(at), timeMs(endedAt)) }));
  const wholeMs = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  if (wholeMs === 0) return undefined;
  const room = Math.max(NARROWEST * spans.length, WIDTH - BREAK * (spans.length - 1)) - NARROWEST * spans.length;
  const pieces: AxisPiece[] = [];
  const breaks: Axis["breaks"][number][] = [];
  let x = 0;
  for (const { fromMs, toMs } of spans) {
    const before = pieces.at(-1);
    if (before !== undefined) {
      breaks.push({ x, width: BREAK, label: fromMs > before.toMs ? aboutDuration(fromMs - before.toMs) : "" });
      x += BREAK;
    }
    const width = NARROWEST + (room * (toMs - fromMs)) / wholeMs;
    pieces.push({ fromMs, toMs, x, width });
    x += width;
  }
  return { width: x, breaks, pieces, at: (ms) => placeOf(pieces, ms) };
}

function placeOf(pieces: readonly AxisPiece[], ms: number): number {
  const piece = pieces.findLast(({ fromMs }) => fromMs <= ms) ?? pieces[0];
  if (piece === undefined) return 0;
  const share = piece.toMs === piece.fromMs ? 0 : Math.min(1, Math.max(0, (ms - piece.fromMs) / (piece.toMs - piece.fromMs)));
  return Math.round((piece.x + piece.width * share) * 10) / 10;
}

/** Marks at round hours, as many as can be read. The day stands where it is another one than that of the mark before. */
export function ticksOf({ pieces, at }: Axis): readonly Tick[] {
  const scale = Math.max(...pieces.map(({ fromMs, toMs, width }) => (toMs === fromMs ? 0 : width / (toMs - fromMs))));
  const stepMs = STEPS.find((step) => step * scale >= APART) ?? STEPS.at(-1) ?? 0;
  let day = timeText(pieces[0]?.fromMs ?? 0).slice(0, 10);
  return pieces.flatMap(({ fromMs, toMs, x, width }) => {
    const ticks: Tick[] = [];
    for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= toMs; ms += stepMs) {
      const place = at(ms);
      const text = timeText(ms);
      // Its hour would stand in the break behind it.
      if (ticks.length > 0 && place + LABEL > x + width && pieces.length > 1) break;
      const hour = stepMs < 60_000 ? text.slice(11, 19) : text.slice(11, 16);
      ticks.push({ x: place, label: text.slice(0, 10) === day ? hour : `${text.slice(5, 10)} ${hour}` });
      day = text.slice(0, 10);
    }
    return ticks;
  });
}

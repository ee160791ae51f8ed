import type { ProbeState } from "../core/event.ts";
import { timeMs } from "../core/time.ts";
import type { ReportDocument, ReportedStep, Span } from "./report-document.ts";
import { lengthOf } from "./outage-lines.ts";
import { oneLine } from "./terminal-text.ts";
import { aboutDuration, hourOf } from "./time-text.ts";
import { ticksOf, timeAxis, type Axis, type Tick } from "./time-axis.ts";

/** What a bar stands for. */
export type BarKind = "reads" | "acts" | "bad" | "asks" | ProbeState;

/** A bar: from left to right in the units of the drawing, and in which row of its lane. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly row: number;
  readonly kind: BarKind;
  /** What it stands for, one line. */
  readonly title: string;
  /** What is written on it: as much as may fit; "" where nothing is. */
  readonly label: string;
}

/** Everything of one target, probe, or of people, in one strip. */
export interface Lane {
  readonly name: string;
  readonly rows: number;
  readonly bars: readonly Bar[];
}

/** The course of a run as a drawing: time from left to right, a lane for each probe, for people, and for each target. */
export interface Timeline {
  /** The day on which it begins: `2007-11-20`. */
  readonly day: string;
  /** One sentence for who cannot see it. */
  readonly summary: string;
  readonly lanes: readonly Lane[];
  readonly ticks: readonly Tick[];
  /** Times in which no process carried the run out: drawn short, with how long they were. */
  readonly breaks: readonly { readonly x: number; readonly width: number; readonly label: string }[];
  /** Outages, through all lanes. */
  readonly bands: readonly { readonly x: number; readonly width: number; readonly title: string }[];
  readonly width: number;
}

/** More bars at once on one target than this lie over each other. */
const ROWS = 3;

/** The timeline of a run; undefined where no time passed, or nothing acted anywhere. */
export function timelineOf(report: ReportDocument): Timeline | undefined {
  const axis = timeAxis(report.sessions);
  if (axis === undefined) return undefined;
  const lanes = [...probeLanes(report, axis), ...peopleLane(report, axis), ...targetLanes(report, axis)];
  if (lanes.length === 0) return undefined;
  const bands = report.outages.map((outage) => {
    const fromMs = timeMs(outage.since);
    return { ...placed(axis, fromMs, fromMs + outage.ms), title: `${titleOf(report, outage.probe)} was down for ${lengthOf(outage)}${outage.step === undefined ? "" : ` during ${oneLine(outage.step)}`}` };
  });
  return { day: report.startedAt.slice(0, 10), summary: summaryOf(report, bands.map(({ title }) => title)), lanes, ticks: ticksOf(axis), breaks: axis.breaks, bands, width: axis.width };
}

function summaryOf({ sessions, startedAt, lastAt }: ReportDocument, outages: readonly string[]): string {
  const resumed = sessions.length - 1;
  const cut = resumed === 0 ? "" : `, taken up ${resumed === 1 ? "once" : `${resumed} times`}`;
  return `The run from ${hourOf(startedAt)} to ${hourOf(lastAt)} UTC${cut}. ${outages.length === 0 ? "No outage was seen." : `${outages.join(". ")}.`} The tables below tell the same.`;
}

function titleOf({ probes }: ReportDocument, probe: string): string {
  return oneLine(probes.find((one) => one.probe === probe)?.title || probe);
}

/** Two units are the narrowest that can be seen. */
function placed(axis: Axis, fromMs: number, toMs: number): { readonly x: number; readonly width: number } {
  const x = axis.at(fromMs);
  return { x, width: Math.max(2, Math.round((axis.at(toMs) - x) * 10) / 10) };
}

function probeLanes(report: ReportDocument, axis: Axis): readonly Lane[] {
  return report.probes.flatMap(({ probe, states, watched }) => {
    const title = titleOf(report, probe);
    const bars = watched.flatMap((span) => {
      const [fromMs, toMs] = [timeMs(span.from), timeMs(span.to ?? report.lastAt)];
      const within = states.filter(({ since }) => timeMs(since) <= toMs);
      return within.flatMap(({ state, since }, index) => {
        const [beginMs, endMs] = [Math.max(fromMs, timeMs(since)), Math.min(toMs, timeMs(within[index + 1]?.since ?? report.lastAt))];
        return endMs <= beginMs ? [] : [{ ...placed(axis, beginMs, endMs), row: 0, kind: state, title: `${title}: ${state} from ${hourOf(since)}, ${aboutDuration(endMs - beginMs)}`, label: state === "up" ? "" : state }];
      });
    });
    return bars.length === 0 ? [] : [{ name: title, rows: 1, bars }];
  });
}

function peopleLane({ questions, lastAt }: ReportDocument, axis: Axis): readonly Lane[] {
  if (questions.length === 0) return [];
  const asked = questions.map(({ step, kind, askedAt, expiredAt, answer }) => ({
    span: { from: askedAt, to: answer?.at ?? expiredAt ?? lastAt }, kind: "asks" as const, title: `${step} asks (${kind})${answer === undefined ? ", and has no answer" : `: ${answer.answer} by ${answer.by}`}`, label: step,
  }));
  return [laneOf("People", asked, lastAt, axis)];
}

function targetLanes({ steps, lastAt }: ReportDocument, axis: Axis): readonly Lane[] {
  const byTarget = Map.groupBy(steps.filter(({ kind, target }) => kind === "leaf" && target !== undefined && target !== ""), ({ target }) => target ?? "");
  return [...byTarget].map(([target, own]) => laneOf(target, own.flatMap((step) => step.spans.map((span) => ({ span, kind: kindOf(step), title: `${step.path}: ${step.title} (${step.status})`, label: step.title }))), lastAt, axis));
}

/** A goal that does not hold yet is what the run is for. */
function kindOf({ status, effect, passedOver, phase }: ReportedStep): BarKind {
  if (phase === "goal") return "reads";
  if ((status === "failed" || status === "unknown") && passedOver !== "note") return "bad";
  return effect === "reads" ? "reads" : "acts";
}

interface Wanted extends Pick<Bar, "kind" | "title" | "label"> {
  readonly span: Span;
}

/** Bars in as few rows as keep them apart, at most {@link ROWS}. */
function laneOf(name: string, wanted: readonly Wanted[], lastAt: string, axis: Axis): Lane {
  const ends: number[] = [];
  const bars = wanted.toSorted((a, b) => timeMs(a.span.from) - timeMs(b.span.from)).map(({ span, kind, title, label }) => {
    const toMs = timeMs(span.to ?? lastAt);
    const place = placed(axis, timeMs(span.from), toMs);
    const free = ends.findIndex((end) => end <= timeMs(span.from));
    const row = free === -1 ? Math.min(ends.length, ROWS - 1) : free;
    ends[row] = Math.max(ends[row] ?? 0, toMs);
    return { ...place, row, kind, title: `${oneLine(title)}, from ${hourOf(span.from)}, ${aboutDuration(toMs - timeMs(span.from))}`, label: oneLine(label) };
  });
  return { name: oneLine(name), rows: Math.max(1, ends.length), bars };
}


import { commandLine } from "./command-line.ts";
import { partsOf, type Part } from "./frame-parts.ts";
import { row, statusIcon } from "./frame-rows.ts";
import { systemName } from "./opening.ts";
import { paint, type Style } from "./style.ts";
import { cut, oneLine, widthOf, wrapped } from "./terminal-text.ts";
import { aboutDuration } from "./time-text.ts";
import type { ProbeView, StepView, ViewState } from "./view-state.ts";

/** The most rows that a frame has, however high the terminal is. */
export const MOST_ROWS = 16;

/** Below this many columns system and time stand under the title. */
const NARROW = 64;

/** From this many rows on the reason of the step under way is shown, too. */
const ROOMY = 20;

/** Rows for what is under way inside the part that runs. */
const MOST_UNDER_WAY = 3;

/**
 * What the live view shows at a moment: title and time, the parts with the running one opened up, what it does now, and the
 * probes. At most `MOST_ROWS` lines and one less than the terminal has, none wider than the page. No lines before a run began.
 */
export function frameOf(state: ViewState, nowMs: number, style: Style, terminalRows: number): readonly string[] {
  const { run } = state;
  if (run === undefined) return [];
  const most = Math.max(4, Math.min(MOST_ROWS, terminalRows - 1));
  const head = headOf(oneLine(run.title), systemName(run), aboutDuration(Math.max(0, nowMs - run.atMs)), style);
  const foot = footOf(state, nowMs, style);
  const now = nowRows(state, nowMs, terminalRows >= ROOMY ? "with why" : "short", style);
  const parts = fitted(partsOf(state, nowMs), most - head.length - foot.length - now.length);
  const rows = parts.flatMap((part) => [partRow(part, style), ...("paths" in part && isAround(state, part) ? now : [])]);
  const body = parts.some((part) => "paths" in part && isAround(state, part)) ? rows : [...rows, ...now];
  return [...head, ...body.slice(0, most - head.length - foot.length), ...foot];
}

/** The title with system and time at its right; on a narrow page they have a row of their own. */
function headOf(title: string, system: string, spent: string, style: Style): readonly string[] {
  if (style.columns >= NARROW) return [row(style, { indent: 0, sign: "", text: title, tone: "strong", right: `${system}  ${spent}` })];
  return [row(style, { indent: 0, sign: "", text: title, tone: "strong" }), row(style, { indent: 0, sign: "", text: system, right: spent })];
}

/** True if something of this part is under way. */
function isAround(state: ViewState, part: Part): boolean {
  return part.paths.some((path) => state.steps.get(path)?.finished === undefined && [...state.underWay].some((other) => rootOf(state, other) === path));
}

function rootOf(state: ViewState, path: string): string {
  let at = path;
  for (let step = state.steps.get(at); step?.parent !== undefined; step = state.steps.get(at)) at = step.parent;
  return at;
}

/** What stands for parts that have no room. */
interface Gap {
  readonly gap: string;
}

/** The parts that fit: around the running one, those before and after it as one row each. */
function fitted(parts: readonly Part[], room: number): readonly (Part | Gap)[] {
  if (parts.length <= room) return parts;
  const begun = parts.findLastIndex((part) => part.status !== "pending");
  const seats = Math.max(1, room - 2);
  const from = Math.max(0, Math.min(begun - Math.floor(seats / 2), parts.length - seats));
  const until = from + seats;
  return [
    ...(from > 0 ? [{ gap: `${from} before` }] : []),
    ...parts.slice(from, until),
    ...(until < parts.length ? [{ gap: `${parts.length - until} to come` }] : []),
  ];
}

function partRow(part: Part | Gap, style: Style): string {
  if ("gap" in part) return row(style, { indent: 0, sign: paint(style, "quiet", "…"), text: part.gap, tone: "quiet" });
  const spent = part.spentMs === undefined ? "" : aboutDuration(part.spentMs);
  const isOpen = part.status === "failed" && part.isPassedOver;
  const words = isOpen ? "open" : part.status === "unchanged" || part.status === "skipped" || part.status === "rescued" || part.status === "unknown" ? part.status : "";
  return row(style, {
    indent: 0, sign: isOpen ? paint(style, "warn", "!") : statusIcon(part.status, style), text: part.title, right: [part.progress, words, spent].filter((word) => word !== "").join("  "),
    ...(part.status === "pending" || part.status === "skipped" ? { tone: "quiet" as const } : {}),
  });
}

/** The steps under way, the first with what it does now. */
function nowRows(state: ViewState, nowMs: number, extent: "short" | "with why", style: Style): readonly string[] {
  const steps = [...state.underWay].flatMap((path) => state.steps.get(path) ?? []);
  const shown = steps.slice(0, MOST_UNDER_WAY);
  const rows = shown.flatMap((step) => [
    ...(step.parent === undefined && shown.length === 1 && step.phase !== "goal" && step.phase !== "precondition" && step.phase !== "postcondition" ? [] : [stepRow(step, nowMs, style)]),
    ...(shown.length === 1 && extent === "with why" && step.why !== "" ? [row(style, { indent: 4, sign: "", text: step.why, tone: "quiet" })] : []),
    ...(shown.length === 1 ? detailRows(step, nowMs, style) : []),
  ]);
  const more = steps.length - shown.length;
  return more > 0 ? [...rows, row(style, { indent: 2, sign: "", text: `and ${more} more under way`, tone: "quiet" })] : rows;
}

function stepRow(step: StepView, nowMs: number, style: Style): string {
  const place = step.target === undefined || step.target === "" ? "" : ` [on ${oneLine(step.target)}]`;
  return row(style, { indent: 2, sign: statusIcon(step.status, style), text: `${step.title}${place}`, right: aboutDuration(Math.max(0, nowMs - step.startedMs)) });
}

function detailRows(step: StepView, nowMs: number, style: Style): readonly string[] {
  const { action } = step;
  const rows: string[] = [];
  if (action !== undefined) {
    rows.push(row(style, { indent: 4, sign: "$", text: commandLine(action.what.what), right: aboutDuration(Math.max(0, nowMs - action.startedMs)) }));
    if (action.lastLine !== "") rows.push(row(style, { indent: 4, sign: "|", text: action.lastLine, tone: "quiet" }));
  }
  const limit = step.limitMs === undefined ? "" : ` of at most ${aboutDuration(step.limitMs)}`;
  if (step.waitingSinceMs !== undefined) {
    const [first = "", ...rest] = wrapped(`waiting ${aboutDuration(Math.max(0, nowMs - step.waitingSinceMs))}${limit}: ${oneLine(step.because)}`, style.columns, "    ");
    rows.push(first, ...(rest.length === 0 ? [] : [`    ${cut(rest.map((line) => line.trimStart()).join(" "), style.columns - 4)}`]));
  }
  if (step.waitingSinceMs === undefined && step.because !== "" && action === undefined) rows.push(row(style, { indent: 4, sign: "", text: oneLine(step.because), tone: "quiet" }));
  return rows;
}

/** What unwinds, broken invariants, and the probes: in one row, or the worst in a row of its own. */
function footOf(state: ViewState, nowMs: number, style: Style): readonly string[] {
  const probes = [...state.probes.values()].toSorted((a, b) => Number(b.state === "down") - Number(a.state === "down"));
  const worst = probes.some((probe) => probe.state === "down") ? "bad" : probes.some((probe) => probe.state === "unknown") ? "warn" : "quiet";
  const rows: string[] = [];
  const unwinding = [...state.unwinding.values()].at(-1);
  if (unwinding !== undefined) rows.push(paint(style, "warn", cut(`cleaning up, ${oneLine(unwinding)}`, style.columns)));
  for (const broken of [...state.broken.values()].slice(0, 2)) rows.push(paint(style, "bad", cut(`BROKEN ${oneLine(broken.invariant)}: ${oneLine(broken.because)}`, style.columns)));
  const told = probes.map((probe) => probeText(probe, nowMs));
  const together = told.join("; ");
  const fits = told.length < 2 || widthOf(together) <= style.columns;
  const lines = fits ? [together] : [...told.slice(0, 1), told.slice(1).join("; ")];
  if (probes.length > 0) rows.push(...lines.map((line) => paint(style, worst, cut(line, style.columns))));
  return rows;
}

/** What stands above a question that is answered on this terminal, while the list is away: which step asks and why, how long the run has gone on, and the probes. */
export function questionHead(state: ViewState, asking: string, nowMs: number, style: Style): readonly string[] {
  const { run } = state;
  const step = state.steps.get(asking);
  if (run === undefined || step === undefined) return [];
  const place = step.target === undefined || step.target === "" ? "" : ` [on ${oneLine(step.target)}]`;
  return [
    "",
    ...headOf(`${step.title}${place}`, systemName(run), aboutDuration(Math.max(0, nowMs - run.atMs)), style),
    ...wrapped([step.title === step.path ? "" : oneLine(step.path), step.why].filter((part) => part !== "").join(": "), style.columns, "  ").filter((line) => line !== "").map((line) => paint(style, "quiet", line)),
    ...footOf(state, nowMs, { ...style, columns: style.columns - 2 }).map((line) => `  ${line}`),
  ];
}

function probeText(probe: ProbeView, nowMs: number): string {
  const name = oneLine(probe.title === "" ? probe.name : probe.title);
  const budget = probe.budgetMs === undefined ? "" : ` of at most ${aboutDuration(probe.budgetMs)}`;
  if (probe.state === "down") return `${name}: DOWN for ${aboutDuration(Math.max(0, nowMs - probe.sinceMs))}${budget}`;
  if (probe.state === "unknown") return `${name}: cannot be read for ${aboutDuration(Math.max(0, nowMs - probe.sinceMs))}`;
  const wasMs = probe.outages.reduce((sum, outage) => sum + outage.ms, 0);
  return `${name}: ${probe.state ?? "not asked yet"}${wasMs > 0 ? ` (was down for ${aboutDuration(wasMs)})` : ""}`;
}

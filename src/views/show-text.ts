import type { Event, RunFinished } from "../core/event.ts";
import { AtWork } from "./at-work.ts";
import { changeLines } from "./change-lines.ts";
import { closingLines } from "./closing.ts";
import { foldView } from "./fold-view.ts";
import { partsOf, type Part } from "./frame-parts.ts";
import { row, statusIcon } from "./frame-rows.ts";
import { openingLines } from "./opening.ts";
import { outageLines } from "./outage-lines.ts";
import type { ReportDocument, ReportedSession } from "./report-document.ts";
import { undoneBy, type Standing } from "./standing.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { table } from "./table.ts";
import { cut, oneLine, padded, wrapped } from "./terminal-text.ts";
import { dayAndHourOf, timeMs } from "../core/time.ts";
import { aboutDuration } from "./time-text.ts";
import { emptyViewState, type ViewState } from "./view-state.ts";

/** A run as `show` tells it. */
export interface Shown {
  readonly events: readonly Event[];
  readonly report: ReportDocument;
  readonly stateFolder: string;
  /** Since when a process carries it out; undefined where none does. */
  readonly heldSince: string | undefined;
  /** What is to be typed to take it up, to give it up, and to undo it. */
  readonly commands: { readonly resume: string; readonly abandon: string; readonly rollback: string; readonly all: string };
  /** Questions without an answer, each with the commands that leave one. */
  readonly questions: readonly { readonly step: string; readonly question: string; readonly show: readonly string[]; readonly askedAt: string; readonly ways: readonly { readonly command: string; readonly does: string }[] }[];
  /** Answers that were left and have no open question: for which step, and what becomes of each. */
  readonly left: readonly { readonly step: string; readonly said: string }[];
}

/** Standings of runs that are not taken up any more: what was left for them is nobody's concern. */
const OVER: ReadonlySet<Standing> = new Set<Standing>(["succeeded", "nothing to do", "abandoned", "rolling back", "rolled back"]);

/** So many steps are listed one by one; of more, those that are done are counted. */
const LISTED_STEPS = 40;

/** One run in short: what it is, how far each step came, when it was cut off and taken up, what was changed, and where it stands now with what to type. */
export function showLines(shown: Shown, style: Style): readonly string[] {
  const state = emptyViewState();
  for (const event of shown.events) foldView(state, event);
  if (state.run === undefined) return [];
  if (state.finished !== undefined) state.finished = { ...state.finished, next: nextOf(shown) };
  return [
    ...openingLines(state.run, { stateFolder: shown.stateFolder, seenBefore: "nothing", before: shown.events }, style),
    ...stepLines(state, shown.report.standing, style),
    ...sessionLines(shown.report, style),
    ...(state.finished === undefined ? soFarLines(state, shown.report, style) : closingLines(state, style)),
    ...standingLines(shown, state, style),
    ...shown.left.length === 0 || OVER.has(shown.report.standing) ? [] : ["", "Answers that were left", ...table(shown.left.map(({ step, said }) => [oneLine(step), oneLine(said)]), style.columns)],
    "",
    ...wrapped(`${shown.commands.all}  every event`, style.columns).map((line) => paint(style, "quiet", line)),
  ];
}

/** What its last screen said may be typed next, as far as that still holds and is not said with its question. */
function nextOf({ report, questions }: Shown): RunFinished["next"] {
  const said = new Set(report.standing === "waiting" || report.standing === "stopped" ? questions.flatMap(({ ways }) => ways.map(({ command }) => command)) : []);
  return report.next.filter(({ command }) => !said.has(command));
}

function stepLines(state: ViewState, standing: Standing, style: Style): readonly string[] {
  const parts = partsOf(state, state.nowMs).map((part) => (isUnderWay(part) ? { ...part, status: underWayAs(part.status, standing) } : part));
  if (parts.length === 0) return [];
  const isDone = ({ status }: Part): boolean => status === "ok" || status === "unchanged" || status === "skipped" || status === "pending";
  const listed = parts.length <= LISTED_STEPS ? parts : parts.filter((part) => !isDone(part));
  const counts = parts.length <= LISTED_STEPS ? [] : [...Map.groupBy(parts.filter(isDone), ({ status }) => status)].map(([status, own]) => `${own.length} ${status === "pending" ? "not begun" : status}`);
  return [
    paint(style, "strong", "Steps"),
    ...listed.map((part) => partLine(state, part, style)),
    ...(counts.length === 0 ? [] : [`  ${listed.length === 0 ? "" : "and "}${counts.join(", ")}`]),
  ];
}

/** What a step that was under way is, in a run that stands so: of one that nobody carries out it is not running, and of one that is over nobody is waited for. */
function underWayAs(status: Part["status"], standing: Standing): Part["status"] {
  switch (standing) {
    case "running":
    case "stopped":
    case "failed":
      return status;
    case "waiting":
      return "waiting";
    default:
      return "interrupted";
  }
}

function isUnderWay({ status }: Part): boolean {
  return status === "running" || status === "waiting";
}

function partLine(state: ViewState, { status, title, progress, spentMs, isPassedOver, paths }: Part, style: Style): string {
  const isNoted = paths.some((path) => state.steps.get(path)?.finished?.passedOver === "note");
  const word = isNoted ? "open item" : isPassedOver && status === "failed" ? "passed over" : status === "pending" ? "not begun" : status;
  const right = [progress, spentMs === undefined || spentMs === 0 ? "" : aboutDuration(spentMs)].filter((text) => text !== "").join("  ");
  return row(style, { indent: 2, sign: statusIcon(status, style), text: `${padded(word, 11)}  ${title}`, right });
}

/** How it was cut off and taken up; nothing for a run that went through in one. */
function sessionLines({ sessions }: ReportDocument, style: Style): readonly string[] {
  if (sessions.length < 2) return [];
  const rows = sessions.flatMap((session) => [
    [dayAndHourOf(session.at), `${session.kind === "began" ? "begun" : session.kind === "resumed" ? "taken up" : "given up"} by ${oneLine(session.operator)} on ${oneLine(session.host)}`],
    ...(session.ended === "running" ? [] : [[dayAndHourOf(session.endedAt), endText(session)]]),
  ]);
  return ["", paint(style, "strong", "Sessions"), ...table(rows, style.columns)];
}

function endText({ ended, because, underWay }: ReportedSession): string {
  if (ended !== "interrupted") return `ended ${ended}: ${oneLine(because)}`;
  return underWay.length === 0 ? "interrupted" : `interrupted at ${oneLine(underWay.join(", "))}`;
}

function soFarLines(state: ViewState, { outages }: ReportDocument, style: Style): readonly string[] {
  const titleOf = (probe: string): string => state.probes.get(probe)?.title || probe;
  return [changeLines(state, style), outageLines(outages, titleOf, style)].filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]);
}

/** Where it stands, and what to type: nothing for a run that needs nobody. */
function standingLines({ report, heldSince, commands, questions, events }: Shown, state: ViewState, style: Style): readonly string[] {
  const last = state.finished === undefined ? lastLines(report, state, events) : [];
  const asked = questions.flatMap(({ step, question, show, askedAt, ways }) => [
    "",
    ...headLines("warn", `Waits for an answer since ${dayAndHourOf(askedAt)}, at ${oneLine(step)}:`, style),
    ...[question, ...show].flatMap((text) => wrapped(oneLine(text), style.columns, "  ")),
    ...(report.standing === "running" ? wrapped("Whoever sits at it answers there.", style.columns, "  ") : table(ways.map(({ command, does }) => [oneLine(command), oneLine(does)]), style.columns)),
  ]);
  switch (report.standing) {
    case "running":
      return ["", ...headLines("name", `Running: a process carries it out${heldSince === undefined ? "" : ` since ${dayAndHourOf(heldSince)} of this machine's clock`}.`, style), ...last.flatMap((line) => wrapped(line, style.columns, "  ")), ...asked];
    case "interrupted":
      return [
        "", ...headLines("warn", `Interrupted: its runner ended without a word. Its last record is from ${dayAndHourOf(report.lastAt)}.`, style), ...last.flatMap((line) => wrapped(line, style.columns, "  ")), ...asked,
        ...table([...asked.length > 0 ? [] : [[oneLine(commands.resume), "goes on from what is true in its system"]], [oneLine(commands.abandon), "begins nothing new, cleans up what it owes, and lets go of the system"]], style.columns),
      ];
    case "waiting":
    case "stopped":
      return asked;
    case "rolled back":
      return ["", ...headLines("good", `Rolled back: the run ${oneLine(undoneBy(events) ?? "")} has undone what it did.`, style)];
    case "rolling back":
      return ["", ...headLines("warn", `The run ${oneLine(undoneBy(events) ?? "")} has begun to undo it, and has not come to its end.`, style), ...table([[oneLine(commands.rollback), "goes on with undoing it"]], style.columns)];
    default:
      return [];
  }
}

function headLines(tone: Tone, text: string, style: Style): readonly string[] {
  return wrapped(text, style.columns).map((line) => paint(style, tone, line));
}

/** What was under way at the last record: the steps that had begun, since when and why, and what of theirs is at work. */
function lastLines({ sessions, steps, standing }: ReportDocument, state: ViewState, events: readonly Event[]): readonly string[] {
  const atWork = new AtWork();
  // Why a step acts ("has not been run yet") is no longer true once the action has begun, which is told below.
  const acting = new Set<string>();
  for (const event of events) {
    atWork.see(event);
    if (event.type === "action-started" && event.effect !== "reads") acting.add(event.step);
    if (event.type === "decided") acting.delete(event.step);
  }
  const byPath = new Map(steps.map((step) => [step.path, step]));
  const at = (sessions.at(-1)?.underWay ?? []).flatMap((path) => byPath.get(path) ?? []).map(({ path, title, target, because, spans }) => {
    const from = spans.at(-1)?.from ?? "";
    const place = target === undefined || target === "" ? "" : ` on ${oneLine(target)}`;
    return `at ${oneLine(path)}: ${oneLine(title)}${place}, since ${dayAndHourOf(from)}${standing === "running" ? "" : ` (${aboutDuration(state.nowMs - timeMs(from))})`}${because === undefined || because === "" || acting.has(path) ? "" : `: ${cut(oneLine(because), 300)}`}`;
  });
  return [...at, ...atWork.changes().map(({ title, target, kind }) => `“${oneLine(title)}” on ${oneLine(target)} ${standing === "running" ? "is under way" : "was begun"}${kind === "job" ? ", as a job there, which goes on by itself" : standing === "running" ? "" : ", and nobody recorded how it ended"}`)];
}

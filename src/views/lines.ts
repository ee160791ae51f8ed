import type { Event } from "../core/event.ts";
import type { ActionOutput, StepStarted } from "../core/step-event.ts";
import { timeMs } from "../core/time.ts";
import { closingLines } from "./closing.ts";
import { eventText, type Said } from "./event-text.ts";
import { foldView } from "./fold-view.ts";
import { openingLines, type OpeningPlaces } from "./opening.ts";
import type { Sink, View } from "./sink.ts";
import { paint, type Style } from "./style.ts";
import { wrapped } from "./terminal-text.ts";
import { hourOf } from "./time-text.ts";
import { emptyViewState } from "./view-state.ts";
import { WholeLines } from "./whole-lines.ts";

const HOUR_COLUMNS = "00:00:00 ".length;

/** What the lines remember of a step that waits: so that a long wait is told now and then, not at every look. */
interface Told {
  readonly because: string;
  readonly atMs: number;
}

/** Plain lines for pipes, files and terminals that cannot move the cursor: one paragraph for each thing that happened, nothing is ever taken back. */
export function linesView(sink: Sink, style: Style, places: OpeningPlaces): View {
  const state = emptyViewState();
  for (const event of places.before) foldView(state, event);
  const waits = new Map<string, Told>();
  const whys = new Set<string>();
  const outputs = new Map<number, { readonly last: Event & ActionOutput; readonly lines: WholeLines }>();
  let spokenOf = "";
  let isClosed = false;

  const put = (lines: readonly string[]): void => {
    if (lines.length > 0) sink.write(`${lines.join("\n")}\n`);
  };
  const tell = (at: string, said: Said): void => {
    const isNewStep = said.step !== undefined && said.step !== spokenOf && said.level === "detail";
    if (said.step !== undefined) spokenOf = said.step;
    const name = isNewStep ? `${said.step}: ` : "";
    const indent = said.level === "detail" ? "  " : "";
    const blank = " ".repeat(HOUR_COLUMNS + indent.length + 2);
    const [first = "", ...rest] = wrapped(`${name}${said.text}`, style.columns, `${hourOf(at)} ${indent}`, blank);
    put([paintLine(first, said, style), ...rest, ...(said.quote ?? []).flatMap((line) => wrapped(line, style.columns, `${blank}${said.mark ?? "|"} `, `${blank}  `))]);
  };
  const tellOutput = (event: Event & ActionOutput, text: string, droppedBytes: number): void => {
    const said = text === "" && droppedBytes === 0 ? undefined : eventText(state, { ...event, text, droppedBytes });
    if (said !== undefined) tell(event.at, said);
  };
  const endOutput = (number: number): void => {
    const open = outputs.get(number);
    for (const text of open?.lines.end() ?? []) if (open !== undefined) tellOutput(open.last, text, 0);
    outputs.delete(number);
  };
  const seeOutput = (event: Event & ActionOutput): void => {
    const lines = outputs.get(event.number)?.lines ?? new WholeLines();
    outputs.set(event.number, { last: event, lines });
    tellOutput(event, lines.take(event.stream, event.text), 0);
    if (event.droppedBytes === 0) return;
    endOutput(event.number);
    tellOutput(event, "", event.droppedBytes);
  };

  return {
    see(event: Event): void {
      if (isClosed) return;
      foldView(state, event);
      if (event.type === "action-output") return seeOutput(event);
      if (event.type === "action-finished") endOutput(event.number);
      if (event.type === "run-started") put(openingLines(event, places, style));
      if (event.type === "run-resumed" && state.run !== undefined) put(openingLines(state.run, places, style));
      const said = eventText(state, isToldAgain(whys, event) ? { ...event, why: "" } : event);
      if (said !== undefined && !isRepeated(waits, event)) tell(event.at, said);
      if (event.type === "run-finished") put(closingLines(state, style));
    },
    pause(): void {},
    resume(): void {},
    close(): void {
      for (const number of outputs.keys()) endOutput(number);
      isClosed = true;
    },
  };
}

/** True for the beginning of a step whose `why` was told before: of another item of a loop, of another call of a file. */
function isToldAgain(whys: Set<string>, event: Event): event is Event & StepStarted {
  if (event.type !== "step-started" || event.why === undefined || event.phase === "goal") return false;
  if (whys.has(event.why)) return true;
  whys.add(event.why);
  return false;
}

/** A reason without its numbers: `its log has 12 kB` and `its log has 13 kB` are the same. */
function withoutNumbers(because: string): string {
  return because.replace(/\b\d[\w.:-]*/gu, "#");
}

/** True for a `wait` that need not be told again: the same reason within a minute (later: within half of the time waited), another one within 15 s. */
function isRepeated(waits: Map<string, Told & { readonly sinceMs?: number }>, event: Event): boolean {
  if (!("step" in event) || event.step === undefined) return false;
  if (event.type !== "decided" || event.decision !== "wait") {
    if (event.type === "decided" || event.type === "step-finished") waits.delete(event.step);
    return false;
  }
  const atMs = timeMs(event.at);
  const told = waits.get(event.step);
  const sinceMs = told?.sinceMs ?? atMs;
  const patienceMs = told?.because === withoutNumbers(event.because) ? Math.max(60_000, (atMs - sinceMs) / 2) : 15_000;
  if (told !== undefined && atMs - told.atMs < patienceMs) return true;
  waits.set(event.step, { because: withoutNumbers(event.because), atMs, sinceMs });
  return false;
}

function paintLine(line: string, said: Said, style: Style): string {
  const hour = line.slice(0, HOUR_COLUMNS);
  const rest = line.slice(HOUR_COLUMNS);
  return paint(style, "quiet", hour) + (said.tone === undefined ? rest : paint(style, said.tone, rest));
}

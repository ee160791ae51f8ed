import { curesOnce } from "../core/cure.ts";
import type { RunFinished } from "../core/event.ts";
import type { Json } from "../core/json.ts";
import { changeLines } from "./change-lines.ts";
import { outageLines } from "./outage-lines.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";
import { tookText } from "./time-text.ts";
import { valueText } from "./value-text.ts";
import type { ViewState } from "./view-state.ts";

/** So many characters of an output are shown. Ours. */
const LONGEST_OUTPUT = 1_000;

/** The last screen of a run: the result and why, what was changed, outages, outputs, what is left for a person, and what may be typed next. No lines where the run has not finished. */
export function closingLines(state: ViewState, style: Style): readonly string[] {
  const { finished, run } = state;
  if (finished === undefined) return [];
  const took = run === undefined ? "" : ` (${tookText({ ms: finished.atMs - run.atMs, sessions: state.sessions, waitedMs: state.waited.ms })})`;
  const titleOf = (probe: string): string => state.probes.get(probe)?.title || probe;
  const sections = [
    resultLines(finished, took, style),
    changeLines(state, style),
    outageLines(finished.outages, titleOf, style),
    finished.outages.length === 0 && state.probes.size > 0 ? ["Outages", "  none was seen"] : [],
    section("Outputs", Object.entries(finished.outputs).map(([name, value]) => [oneLine(name), outputText(value, run?.run)]), style),
    section("Left for you", finished.openItems.map((item) => [oneLine(item.step), item.code === "expectation" ? oneLine(item.because) : `${oneLine(item.because)} (${oneLine(item.code)})`]), style),
    section("Passed over although failed", passedOver(finished, state), style),
    section("Still owed: cleaning up that could not be done", finished.owed.map((step) => [oneLine(step), oneLine(state.steps.get(step)?.title ?? "")]), style),
    section("Next", finished.next.map((next) => [oneLine(next.command), oneLine(next.does)]), style),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]);
}

/** What was passed over; a cure that stands above it, or in a row before, is not told again. */
function passedOver({ because, passedOver: steps }: RunFinished, state: ViewState): readonly (readonly string[])[] {
  const told = [...state.steps.values()].map((step) => step.because ?? "").filter((reason) => because.includes(reason));
  const reasons = curesOnce(steps.map((step) => state.steps.get(step)?.because ?? ""), told);
  return steps.map((step, index) => [oneLine(step), oneLine(reasons[index] ?? "")]);
}

/** An output; of a long one the beginning, so that the result above it stays on the screen, and where the whole is. */
function outputText(value: Json, run: string | undefined): string {
  const text = valueText(value);
  if (text.length <= LONGEST_OUTPUT) return text;
  const start = text.slice(0, LONGEST_OUTPUT).toWellFormed();
  return `${start} … and ${(text.length - LONGEST_OUTPUT).toLocaleString("en-US")} more characters: runbook ${run === undefined ? "show RUN" : `show ${run}`} --json`;
}

function resultLines(finished: RunFinished, took: string, style: Style): readonly string[] {
  const [head = "", ...rest] = wrapped(`${finished.result}: ${oneLine(finished.because)}${took}`, style.columns);
  return [paint(style, toneOf(finished), head), ...rest];
}

/** Good where all went well, warn where a person has to go on, bad where something stopped or broke. */
export function toneOf(finished: Pick<RunFinished, "result" | "openItems">): Tone {
  switch (finished.result) {
    case "succeeded":
    case "nothing to do":
      return finished.openItems.length === 0 ? "good" : "warn";
    case "waiting":
    case "cancelled":
    case "interrupted":
      return "warn";
    case "stopped":
    case "failed":
      return "bad";
  }
}

function section(title: string, rows: readonly (readonly string[])[], style: Style): readonly string[] {
  return rows.length === 0 ? [] : [title, ...table(rows, style.columns)];
}

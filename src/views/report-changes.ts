import { comparisonOf, pairsOf } from "./change-lines.ts";
import { downTimeOf, lengthOf } from "./outage-lines.ts";
import { code, codeCell, piece, textCell, timeCell, type Block, type Cell, type Line } from "./page-block.ts";
import type { ReportDocument, ReportedAction, ReportedStep } from "./report-document.ts";
import { becauseLines, shortValue, statusOf } from "./report-values.ts";
import { aboutDuration } from "./time-text.ts";
import { WholeLines } from "./whole-lines.ts";
import { dayAndHourOf, timeMs, timeText } from "../core/time.ts";

/** What the run changed: step by step with what it was before and after, then every action with its time, command and result. */
export function changeBlocks({ steps, actions }: ReportDocument): readonly Block[] {
  const acted = new Set(actions.map(({ step }) => step));
  const changed = steps.filter(({ path }) => acted.has(path));
  return [
    { kind: "table", caption: "Steps that changed something", columns: ["Step", "On", "Status", "From → to", "Took"], rows: changed.map((step) => [stepCell(step), textCell(step.target ?? ""), statusCell(step), pairCell(step), textCell(tookOf(step))]) },
    { kind: "table", caption: "Every changing action", columns: ["No.", "When", "On", "What", "Command", "Result"], rows: actions.map(actionRow) },
    ...actions.flatMap(outputBlocks),
  ];
}

/** What a step is called, and where it stands. */
export function stepCell({ title, path }: Pick<ReportedStep, "title" | "path">): Cell {
  return [...textCell(title), [code(path)]];
}

/** How a step stands. */
export function statusCell(step: ReportedStep): Cell {
  const { text, tone } = statusOf(step);
  return textCell(text, tone);
}

/** How long a step was under way, all entries together; "" where no time passed. */
export function tookOf({ spans }: ReportedStep): string {
  const ms = spans.reduce((sum, { from, to }) => sum + (to === undefined ? 0 : timeMs(to) - timeMs(from)), 0);
  return ms === 0 ? "" : aboutDuration(ms);
}

function pairCell(step: ReportedStep): Cell {
  const pairs = pairsOf(step.outputs).map(([name, before, after]): Line => [code(name), piece(` ${shortValue(before)} → ${shortValue(after)}`)]);
  return [...pairs, ...becauseLines(step)];
}

function actionRow({ number, at, target, title, step, effect, command, job, outcome, exitCode, code: failure, because, ms, result }: ReportedAction): readonly Cell[] {
  const came: Line = outcome === "in doubt" ? [piece("in doubt: nobody recorded how it ended", "bad")] : [piece(outcome, outcome === "ok" ? "good" : "bad"), piece(`${ms === undefined ? "" : ` after ${aboutDuration(ms)}`}${exitCode === undefined ? "" : `, exit code ${exitCode}`}`)];
  const failed = failure === undefined && because === undefined ? [] : textCell([because ?? "", failure === undefined ? "" : `(${failure})`].join(" ").trim());
  const facts = Object.entries(result ?? {}).filter(([name, value]) => !SHOWN_ELSEWHERE.has(name) && (typeof value === "string" || typeof value === "number") && value !== "").map(([name, value]): Line => [piece(`${name} ${shortValue(value)}`, "quiet")]);
  return [textCell(String(number)), timeCell(at), textCell(target), [...textCell(title), [code(step)], [piece(effect, "quiet")]], [...codeCell(command), ...(job === undefined ? [] : [[piece("job ", "quiet"), code(job)]])], [came, ...failed, ...facts]];
}

/** Parts of an action's answer that have a place of their own. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(["stdout", "stderr", "exitCode", "droppedBytes", "logTail", "program", "name"]);

function outputBlocks({ number, title, target, output }: ReportedAction): readonly Block[] {
  const lines = new WholeLines();
  const whole = output.map((part) => `${lines.take(part.stream, part.text)}${part.droppedBytes > 0 ? `${lines.end().join("\n")}\n(${part.droppedBytes} bytes were not kept)` : ""}`).join("");
  const text = whole + lines.end().join("\n");
  return text.trim() === "" ? [] : [{ kind: "output", title: `Output of action ${number}, ${title}, on ${target}`, text }];
}

/** What was read in the same way before and after, where it is not the same; and what steps of the run compared by themselves. */
export function differenceBlocks({ differences, steps }: ReportDocument): readonly Block[] {
  const compared = steps.filter(({ outputs, phase }) => typeof outputs["equal"] === "boolean" && phase !== "goal");
  return [
    { kind: "table", caption: "Values that were read at least twice, and were not the same at the end", columns: ["On", "Value", "At first", "At last", "Read by"], rows: differences.map(({ target, value, before, after, first, last, uses }) => [textCell(target), codeCell(value), textCell(shortValue(before)), textCell(shortValue(after)), [[code(uses)], [code(first)], [code(last)]]]) },
    { kind: "table", caption: "Compared by the run itself", columns: ["Step", "On", "Result"], rows: compared.map((step) => [stepCell(step), textCell(step.target ?? ""), textCell(comparisonOf(step.outputs), step.outputs["equal"] === true ? "good" : "bad")]) },
  ];
}

/** A sum of lengths of time; "" of none. */
function sumOf(lengths: readonly number[]): string {
  return lengths.length === 0 ? "" : aboutDuration(lengths.reduce((sum, ms) => sum + ms, 0));
}

/** Each outage with the step that it is charged to, its bounds and its budget; the sum for each probe; and what was watched. */
export function outageBlocks({ outages, probes, sessions }: ReportDocument): readonly Block[] {
  const titleOf = (name: string): string => probes.find(({ probe }) => probe === name)?.title || name;
  const rows = outages.map((outage): readonly Cell[] => {
    const budgetMs = probes.find(({ probe }) => probe === outage.probe)?.budgetMs;
    const spent = budgetMs !== undefined && outage.ms > budgetMs;
    return [
      textCell(titleOf(outage.probe)), timeCell(outage.since), outage.open ? textCell(outage.cut === true ? "not seen" : "not over", "bad") : timeCell(timeText(timeMs(outage.since) + outage.ms)), textCell(lengthOf(outage)),
      budgetMs === undefined ? [] : textCell(`${aboutDuration(budgetMs)}${spent ? ", spent" : ""}`, spent ? "bad" : undefined), outage.step === undefined ? textCell("outside every change", "bad") : codeCell(outage.step),
    ];
  });
  const sums = probes.map(({ probe, title, everyMs, samples, watched, budgetMs }): readonly Cell[] => {
    const own = outages.filter((outage) => outage.probe === probe);
    return [
      textCell(title || probe), textCell(aboutDuration(everyMs)), textCell(samples === 0 ? "" : `${sessions.some(({ ended }) => ended === "interrupted") ? "at least " : ""}${samples}`), textCell(own.length === 0 ? "none" : String(own.length)), textCell(own.length === 0 ? "" : downTimeOf(own)), textCell(own.some(({ open }) => open) ? "not known" : sumOf(own.map(({ upperMs }) => upperMs))),
      textCell(budgetMs === undefined ? "" : aboutDuration(budgetMs)), watched.map(({ from, to }): Line => [piece(`${dayAndHourOf(from)} to ${to === undefined ? "the last record" : dayAndHourOf(to)}`)]),
    ];
  });
  return [
    { kind: "table", caption: "Every outage", columns: ["What", "From", "To", "Length", "Budget of one", "Charged to"], rows },
    { kind: "table", caption: "What was watched", columns: ["What", "Every", "Samples", "Outages", "In all", "At most", "Budget of one", "Watched"], rows: sums },
    ...(probes.length > 0 && outages.length === 0 ? [{ kind: "paragraph" as const, line: [piece("No outage was seen while it was watched.")] }] : []),
  ];
}

import { code, codeCell, piece, textCell, timeCell, type Block, type Cell, type Line } from "./page-block.ts";
import type { ReportDocument, ReportedStep } from "./report-document.ts";
import { statusCell, stepCell, tookOf } from "./report-changes.ts";
import { becauseLines, valueLines } from "./report-values.ts";
import { dayAndHourOf } from "../core/time.ts";

/** What was checked before the run changed anything, of every file that it called, each with the values seen. A check that does not hold names the commands that showed it. */
export function checksBefore({ steps }: ReportDocument): readonly Block[] {
  return [checkTable("The goal, asked first", checksIn(steps, "goal")), checkTable("Preconditions", checksIn(steps, "precondition"))];
}

/** What was checked at the end. */
export function checksAfter({ steps }: ReportDocument): readonly Block[] {
  return [checkTable("Postconditions", checksIn(steps, "postcondition"))];
}

function checksIn(steps: readonly ReportedStep[], phase: ReportedStep["phase"]): readonly ReportedStep[] {
  return steps.filter((step) => step.phase === phase && step.kind === "leaf");
}

function checkTable(caption: string, checks: readonly ReportedStep[]): Block {
  return { kind: "table", caption, columns: ["Check", "On", "When", "Result", "Seen"], rows: checks.map((step) => [stepCell(step), textCell(step.target ?? ""), whenCell(step), resultCell(step), seenCell(step)]) };
}

function whenCell({ spans }: ReportedStep): Cell {
  return timeCell(spans.at(-1)?.from ?? "");
}

/** Before the run, a goal that does not hold is what the run is for. */
function resultCell(step: ReportedStep): Cell {
  if (step.phase !== "goal") return statusCell(step);
  if (step.status === "ok" || step.status === "unchanged") return textCell("holds", "good");
  return textCell(step.status === "skipped" ? "skipped" : "does not hold yet", "quiet");
}

function seenCell(step: ReportedStep): Cell {
  const holds = step.status === "ok" || step.status === "unchanged" || step.status === "skipped";
  const shown: readonly Line[] = holds ? [] : step.looks.map(({ target, command }): Line => [piece(`looked on ${target} with `, "quiet"), code(command)]);
  return [...becauseLines(step), ...valueLines(step.outputs), ...shown];
}

/** Every step that was entered, in that order. */
export function stepTable({ steps }: ReportDocument): Block {
  return {
    kind: "table", caption: "In the order in which they were first entered", columns: ["Entered", "Step", "On", "Status", "Took", "Because"],
    rows: steps.map((step) => [
      [...timeCell(step.spans[0]?.from ?? ""), ...(step.spans.length > 1 ? [[piece(`and ${step.spans.length - 1} more`, "quiet")]] : [])],
      [...stepCell(step), ...(step.why === undefined || step.why === "" ? [] : [[piece(step.why, "quiet")]]), ...(step.irreversible === undefined ? [] : [[piece(`cannot be undone: ${step.irreversible}`, "warn")]])],
      textCell(step.target ?? ""), [...statusCell(step), ...(step.kind === "leaf" && step.attempts > 1 ? [[piece(`${step.attempts} attempts`, "quiet")]] : [])], textCell(tookOf(step)), becauseLines(step),
    ]),
  };
}

/** Every question with its answer: who gave it, on which account and machine, and why. */
export function questionTable({ questions }: ReportDocument): Block {
  return {
    kind: "table", caption: "Questions and answers", columns: ["Asked", "Step", "Question", "Answer", "By", "Account", "Why", "Bound to"],
    rows: questions.map(({ askedAt, step, kind, question, show, answer, expiredAt, digest }) => [
      timeCell(askedAt), [[code(step)], [piece(kind, "quiet")]], [[piece(question)], ...show.map((text): Line => [piece(text, "quiet")])],
      answer === undefined ? textCell(expiredAt === undefined ? "none yet" : "expired", "warn") : [[piece(answer.answer, "strong")], [piece(dayAndHourOf(answer.at), "quiet")]],
      textCell(answer?.by ?? ""), answer === undefined ? [] : textCell(`${answer.account} on ${answer.host}`), textCell(answer?.reason ?? ""), codeCell(digest),
    ]),
  };
}

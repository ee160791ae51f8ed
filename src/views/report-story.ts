import { assertNever } from "../core/assert-never.ts";
import { timeMs, timeText } from "../core/time.ts";
import { takenText } from "./event-text.ts";
import { lengthOf } from "./outage-lines.ts";
import { code, piece, timeCell, type Block, type Cell, type Line } from "./page-block.ts";
import type { Recorded, ReportDocument, ReportedAction, ReportedQuestion, ReportedSession } from "./report-document.ts";
import type { Tone } from "./style.ts";
import { aboutDuration } from "./time-text.ts";

/** One thing that happened. */
interface Told extends Recorded {
  readonly at: string;
  readonly lines: readonly Line[];
}

/** The course of a run as one story: when it began, was cut off and was taken up again and by whom, what was changed, asked and answered, what was down, broke, failed and was tried again. */
export function storyTable(report: ReportDocument): Block {
  const told = [
    ...report.sessions.flatMap((session, index) => sessionTold(session, report.sessions[index - 1])),
    ...report.actions.map(actionTold),
    ...report.questions.flatMap(questionTold),
    ...report.outages.flatMap((outage) => {
      const title = report.probes.find(({ probe }) => probe === outage.probe)?.title || outage.probe;
      const to = timeText(timeMs(outage.since) + outage.ms);
      return [
        one(MEASURED, outage.since, [piece("DOWN", "bad"), piece(`: ${title}${outage.step === undefined ? "" : ", during "}`), ...(outage.step === undefined ? [] : [code(outage.step)])]),
        ...(outage.open ? [] : [one(MEASURED, to, [piece("Up again", "good"), piece(`: ${title}, after ${lengthOf(outage)}`)])]),
      ];
    }),
    ...report.invariants.flatMap(({ record, invariant, at, because, restoredAt }) => [
      one({ record }, at, [piece("Invariant broken", "bad"), piece(": "), code(invariant), piece(`: ${because}`)]),
      ...(restoredAt === undefined ? [] : [one(MEASURED, restoredAt, [piece("Invariant holds again", "good"), piece(": "), code(invariant)])]),
    ]),
    ...report.retries.map(({ record, step, at, attempt, code: failure, because, delayMs }) => one({ record }, at, [piece(`Attempt ${attempt} failed`, "warn"), piece(" of "), code(step), piece(` (${failure}): ${because}; again after ${aboutDuration(delayMs)}`)])),
    ...report.unwindings.map(({ record, step, at, part, cause }) => one({ record }, at, [piece(part === "rescue" ? "Rescue" : "Cleaning up (always)", "warn"), piece(" of "), code(step), piece(`: ${cause}`)])),
    ...report.undoings.map(({ record, at, by, state }) => one({ record }, at, state === "begun" ? [piece("Begun to be undone", "warn"), piece(" by the run "), code(by)] : [piece("Rolled back", "good"), piece(": the run "), code(by), piece(" has undone what it did")])),
    ...report.warnings.map(({ record, at, code: warning, message }) => one({ record }, at, [piece("Warning", "warn"), piece(` (${warning}): ${message}`)])),
  ];
  const rows = told.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.record - b.record)).map(({ at, lines }): readonly Cell[] => [timeCell(at), lines]);
  return { kind: "table", caption: "In the order of time", columns: ["When", "What"], rows };
}

/** What is told of an outage stands behind all else of its time: it was measured later. */
const MEASURED: Recorded = { record: Number.POSITIVE_INFINITY };

function one({ record }: Recorded, at: string, ...lines: readonly Line[]): Told {
  return { record, at, lines };
}

function sessionTold(session: ReportedSession, before: ReportedSession | undefined): readonly Told[] {
  const who = `by ${session.operator} (account ${session.account} on ${session.host}, ${session.tool})`;
  const begin = one(session, session.at, [piece(beginWord(session), "strong"), piece(` ${who}${before === undefined ? "" : `, ${afterText(session, before)}`}`)], ...takenUpLines(session, before));
  if (session.ended === "running") return [begin];
  const word = session.ended === "interrupted" ? "Interrupted: the runner ended without a word" : `Ended: ${session.ended}`;
  return [begin, one({ record: session.lastRecord }, session.endedAt, [piece(word, toneOf(session)), ...(session.because === "" ? [] : [piece(`: ${session.because}`)])], ...pathsLine("under way: ", session.underWay))];
}

/** In a simulated system no time passes while nobody drives it. */
function afterText({ at }: ReportedSession, { endedAt, ended }: ReportedSession): string {
  const ms = timeMs(at) - timeMs(endedAt);
  return `${ms > 0 ? `${aboutDuration(ms)} ` : ""}after it ${ended === "interrupted" ? "was interrupted" : `had ended: ${ended}`}`;
}

function beginWord({ kind }: ReportedSession): string {
  switch (kind) {
    case "began":
      return "Begun";
    case "resumed":
      return "Taken up again";
    case "abandoned":
      return "Given up, to clean up what it owes";
    default:
      return assertNever(kind);
  }
}

const SAID: Readonly<Record<ReportedSession["changes"][number]["answer"], string>> = { harmless: "", "as-done": "; taken as done, as it ran", "enter-again": "; entered again, as it stood in the file then" };

function takenUpLines({ kind, givenBack, again, unwatched, changes, digest }: ReportedSession, before: ReportedSession | undefined): readonly Line[] {
  if (kind === "began") return [];
  return [
    [piece(takenText(givenBack))],
    ...pathsLine("entered again: ", again),
    ...pathsLine("nobody watched meanwhile: ", unwatched),
    ...(before !== undefined && before.digest !== digest ? [[piece("the runbook's file was changed since: SHA-256 "), code(digest)]] : []),
    ...changes.map(({ what, answer }) => [piece(`changed in the file: ${what}${SAID[answer]}`)]),
  ];
}

function pathsLine(label: string, paths: readonly string[]): readonly Line[] {
  return paths.length === 0 ? [] : [[piece(label), ...paths.flatMap((path, index) => (index === 0 ? [code(path)] : [piece(", "), code(path)]))]];
}

function toneOf({ ended }: ReportedSession): Tone {
  return ended === "succeeded" || ended === "nothing to do" ? "good" : ended === "stopped" || ended === "failed" ? "bad" : "warn";
}

function actionTold({ record, at, number, title, target, outcome, step, ms, exitCode }: ReportedAction): Told {
  const came = outcome === "in doubt" ? [piece("nobody recorded how it ended", "bad")] : [piece(outcome, outcome === "ok" ? "good" : "bad"), piece(` after ${aboutDuration(ms ?? 0)}${exitCode === undefined ? "" : `, exit code ${exitCode}`}`)];
  return one({ record }, at, [piece(`Change ${number}`, "strong"), piece(` on ${target}: ${title} (`), code(step), piece("): "), ...came]);
}

function questionTold({ record, step, question, askedAt, expiredAt, answer }: ReportedQuestion): readonly Told[] {
  const asked = one({ record }, askedAt, [piece("Asked", "strong"), piece(" by "), code(step), piece(`: ${question}`)]);
  if (answer === undefined) return expiredAt === undefined ? [asked] : [asked, one({ record }, expiredAt, [piece("Expired", "strong"), piece(": nobody answered "), code(step)])];
  return [asked, one(answer, answer.at, [piece("Answered", "strong"), piece(` ${answer.answer} by ${answer.by} (account ${answer.account} on ${answer.host})${answer.reason === undefined ? "" : `: ${answer.reason}`}`)])];
}

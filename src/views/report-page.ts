import { toneOf } from "./closing.ts";
import { systemName } from "./opening.ts";
import { code, codeCell, piece, section, textCell, type Block, type Cell, type Line, type Page } from "./page-block.ts";
import { changeBlocks, differenceBlocks, outageBlocks } from "./report-changes.ts";
import { checksAfter, checksBefore, questionTable, stepTable } from "./report-checks.ts";
import { downTimeOf } from "./outage-lines.ts";
import type { ReportDocument } from "./report-document.ts";
import { storyTable } from "./report-story.ts";
import { shortValue } from "./report-values.ts";
import type { Standing } from "./standing.ts";
import type { Tone } from "./style.ts";
import { dayAndHourOf, timeMs } from "../core/time.ts";
import { tookText } from "./time-text.ts";
import { timelineOf } from "./timeline.ts";

/** A report for people. `typed` is how runbook was started, for the command that checks it. */
export function reportPage(report: ReportDocument, typed: string): Page {
  const timeline = timelineOf(report);
  return {
    title: report.title === "" ? `Run ${report.run}` : report.title,
    blocks: [
      { kind: "facts", caption: "The run", rows: summaryRows(report) },
      ...section("Left for you", leftBlocks(report)),
      ...section("What happened", [...(timeline === undefined ? [] : [{ kind: "timeline" as const, timeline }]), storyTable(report)]),
      ...section("Outages", outageBlocks(report)),
      ...section("Changes", report.actions.length === 0 ? [{ kind: "paragraph", line: [piece("Nothing was changed.")] }] : changeBlocks(report)),
      ...section("Before and after", differenceBlocks(report)),
      ...section("People", [questionTable(report)]),
      ...section("Checks before", checksBefore(report)),
      ...section("Checks after", checksAfter(report)),
      ...section("Inputs and outputs", valueBlocks(report)),
      ...section("The procedure", [{ kind: "facts", caption: "As it was when the run began", rows: procedureRows(report) }]),
      ...section("Every step", [stepTable(report)]),
      ...section("Journal", journalBlocks(report, typed)),
    ],
  };
}

function summaryRows(report: ReportDocument): readonly (readonly [string, Cell])[] {
  const { standing, because, startedAt, lastAt, sessions, actions, outages } = report;
  const [began] = sessions;
  const activeMs = sessions.reduce((sum, { at, endedAt }) => sum + Math.max(0, timeMs(endedAt) - timeMs(at)), 0);
  return [
    ["Result", [[piece(standing, standingTone(report)), ...(because === "" ? [] : [piece(`: ${because}`)])]]],
    ["System", textCell(systemName(report))],
    ["Runbook", [[piece(`${report.runbook.name} (`), code(report.runbook.file), piece(")")]]],
    ["Run", codeCell(report.run)],
    ...(report.undoes === undefined ? [] : [["Undoes", [[piece("the run "), code(report.undoes)]]] as const]),
    ["Began", began === undefined ? textCell("never") : textCell(`${dayAndHourOf(startedAt)} by ${began.operator} (account ${began.account} on ${began.host})`)],
    ["Last record", lastAt === "" ? [] : textCell(dayAndHourOf(lastAt))],
    ["Took", textCell(tookText({ ms: activeMs, sessions: sessions.length, waitedMs: report.waitedMs }))],
    ["Changes", textCell(actions.length === 0 ? "none" : actions.length === 1 ? "1 action" : `${actions.length} actions`)],
    ["Outages", outages.length === 0 ? textCell(report.probes.length === 0 ? "nothing was watched" : "none was seen") : textCell(`${outages.length}, ${downTimeOf(outages)} in all`, "bad")],
    ["Version", textCell([...new Set(sessions.map(({ tool }) => tool))].join(", "))],
  ];
}

function standingTone({ standing, openItems }: Pick<ReportDocument, "standing" | "openItems">): Tone {
  switch (standing) {
    case "running":
    case "abandoned":
    case "never began":
    case "rolling back":
      return "warn";
    case "rolled back":
      return "good";
    case "damaged":
      return "bad";
    default:
      return toneOf({ result: standing satisfies Exclude<Standing, "running" | "abandoned" | "never began" | "rolling back" | "rolled back" | "damaged">, openItems });
  }
}

function leftBlocks({ openItems, passedOver, owed, next, questions, steps, standing }: ReportDocument): readonly Block[] {
  const why = new Map(steps.map(({ path, because, title }) => [path, { because: because ?? "", title }]));
  const open = standing === "waiting" || standing === "interrupted" || standing === "running" ? questions.filter(({ answer, expiredAt }) => answer === undefined && expiredAt === undefined) : [];
  return [
    { kind: "facts", caption: "Questions without an answer", rows: open.map(({ step, question }) => [step, textCell(question, "warn")]) },
    { kind: "facts", caption: "Open items", rows: openItems.map((item) => [item.step, textCell(item.code === "expectation" ? item.because : `${item.because} (${item.code})`)]) },
    { kind: "facts", caption: "Passed over although failed", rows: passedOver.map((step) => [step, textCell(why.get(step)?.because ?? "")]) },
    { kind: "facts", caption: "Still owed: cleaning up that could not be done", rows: owed.map((step) => [step, textCell(why.get(step)?.title ?? "")]) },
    { kind: "table", caption: "What may be typed next", columns: ["Command", "What it does"], rows: next.map(({ command, does }) => [codeCell(command), textCell(does)]) },
  ];
}

function valueBlocks({ inputs, outputs }: ReportDocument): readonly Block[] {
  return [
    { kind: "table", caption: "Inputs", columns: ["Name", "Value", "From"], rows: inputs.map(({ name, value, origin }) => [codeCell(name), textCell(shortValue(value)), textCell(origin)]) },
    { kind: "table", caption: "Outputs", columns: ["Name", "Value"], rows: Object.entries(outputs).map(([name, value]) => [codeCell(name), textCell(shortValue(value))]) },
  ];
}

function procedureRows({ runbook, planDigest }: ReportDocument): readonly (readonly [string, Cell])[] {
  const { owner, reviewed, references, digest } = runbook;
  const sources = references.map(({ title, published, note }): Line => [piece(`${title}${published === undefined ? "" : ` (${published})`}${note === undefined ? "" : `: ${note}`}`)]);
  return [
    ["SHA-256 of the file", codeCell(digest)],
    ["SHA-256 of the plan", codeCell(planDigest)],
    ["Owner", textCell(owner ?? "not said")],
    ["Last reviewed", textCell(reviewed ?? "not said")],
    ...(sources.length === 0 ? [] : [["Sources", sources] as const]),
  ];
}

function journalBlocks({ journal, run }: ReportDocument, typed: string): readonly Block[] {
  return [
    { kind: "facts", caption: "What this report was made from", rows: [["Records", textCell(String(journal.records))], ["Digest of the last", codeCell(journal.chain)]] },
    { kind: "paragraph", line: [piece("Each record holds the digest of the one before, so whoever has this digest can tell later whether any of these records was changed: "), code(`${typed} report ${run} --verify --digest ${journal.chain}`)] },
  ];
}

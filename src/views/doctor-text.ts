import { CHECKS, type Check, type Diagnosis, type Finding, type Verdict } from "../core/finding.ts";
import { formatDuration } from "../core/quantity.ts";
import type { DoctorDocument } from "./documents.ts";
import { systemName } from "./opening.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { oneLine, padded, widthOf, wrapped } from "./terminal-text.ts";
import { aboutDuration } from "./time-text.ts";

const TONES: Readonly<Record<Verdict, Tone>> = { ok: "good", warning: "warn", failed: "bad" };
const VERDICTS: readonly Verdict[] = ["ok", "warning", "failed"];
const NOT_ASKED = "not asked";
const FIRST = `  ${" ".repeat(NOT_ASKED.length)}  `;

/** What was found for people: what is well in a line for each target, then what is not, the worst last, where it is read; each fault with its cure. `all`: with every check. */
export function doctorLines(document: DoctorDocument, extent: "short" | "all", style: Style): readonly string[] {
  const { targets, patterns, verdict } = document;
  const byVerdict = VERDICTS.flatMap((wanted) => targets.filter((target) => target.verdict === wanted));
  const names = Math.max(...targets.map(({ address }) => widthOf(oneLine(address))));
  const blocks = byVerdict.flatMap((target) => [...headLines(target, names, style), ...bodyLines(target, extent, style)]);
  return [
    ...wrapped(`${systemName(document)}: ${targets.length === 1 ? "one target" : `${targets.length} targets`}, looked at from ${oneLine(document.account)}@${oneLine(document.host)}; nothing was changed${document.simulated ? ". There is nothing to reach: this machine answers for them, and only whether they answer, and as whom, can be asked" : ""}`, style.columns),
    "",
    ...blocks,
    "",
    ...wrapped(closing(targets), style.columns).map((line) => paint(style, TONES[verdict], line)),
    ...(patterns.length === 0 ? [] : wrapped(`Not looked at: what ${patterns.map((pattern) => `\`${oneLine(pattern)}\``).join(", ")} of the inventory stands for. A runbook says which addresses these are: doctor FILE`, style.columns, "", "  ")),
  ];
}

function headLines({ address, kind, reachedAs, verdict, ms }: Diagnosis, names: number, style: Style): readonly string[] {
  const lead = `${padded(verdict, NOT_ASKED.length)}  ${padded(oneLine(address), names)}  `;
  const [first = "", ...rest] = wrapped([`${kind}${reachedAs === "" ? "" : ` ${oneLine(reachedAs)}`}`, ...(kind === "simulated" ? [] : [aboutDuration(ms)])].join(", "), style.columns, lead, " ".repeat(Math.min(widthOf(lead), 24)));
  return [first.replace(verdict, paint(style, TONES[verdict], verdict)), ...rest];
}

function bodyLines({ verdict, findings }: Diagnosis, extent: "short" | "all", style: Style): readonly string[] {
  if (extent === "short" && verdict === "ok") return [];
  const faulty = findings.filter((finding) => finding.verdict !== "ok");
  const seen = new Set(findings.map(({ check }) => check));
  const notAsked = CHECKS.filter((check) => !seen.has(check));
  const well = CHECKS.filter((check) => seen.has(check) && !faulty.some((finding) => finding.check === check));
  return [
    ...(extent === "all" ? findings : faulty).flatMap((finding) => findingLines(finding, style)),
    ...(extent === "all" ? [] : listLine("ok", "good", well, style)),
    ...listLine(NOT_ASKED, "quiet", notAsked, style),
  ];
}

function listLine(word: string, tone: Tone, checks: readonly Check[], style: Style): readonly string[] {
  return checks.length === 0 ? [] : wrapped(checks.join(", "), style.columns, `  ${padded(word, NOT_ASKED.length)}  `, FIRST).map((line) => line.replace(word, paint(style, tone, word)));
}

/** The longest name of a check. */
const CHECK_COLUMNS = Math.max(...CHECKS.map((check) => check.length));

function findingLines({ check, verdict, says, cure }: Finding, style: Style): readonly string[] {
  const lead = `  ${padded(verdict, NOT_ASKED.length)}  ${padded(check, CHECK_COLUMNS)}  `;
  const indent = " ".repeat(lead.length);
  const [first = "", ...rest] = wrapped(oneLine(says), style.columns, lead, indent);
  return [first.replace(verdict, paint(style, TONES[verdict], verdict)), ...rest, ...(cure === undefined ? [] : wrapped(`→ ${oneLine(cure)}`, style.columns, indent, `${indent}  `))];
}

function closing(targets: readonly Diagnosis[]): string {
  const of = (wanted: Verdict): readonly string[] => targets.filter(({ verdict }) => verdict === wanted).map(({ address }) => oneLine(address));
  const [failed, warned] = [of("failed"), of("warning")];
  const fails = failed.length === 0 ? [] : [`${failed.length} of ${targets.length} ${failed.length === 1 ? "fails" : "fail"}: ${failed.join(", ")}`];
  const warns = warned.length === 0 ? [] : [`${failed.length === 0 ? "Nothing fails; " : ""}${warned.length} with warnings: ${warned.join(", ")}`];
  return fails.length + warns.length === 0 ? "All is well" : [...fails, ...warns].join("; ");
}

/** A target that has not answered yet. */
export interface Awaited {
  readonly address: string;
  readonly sinceMs: number;
}

/** Most names that are shown of those that are waited for. */
const MOST_NAMES = 6;

/** Which targets are waited for, the longest first, and since when. */
export function awaitedText(awaited: readonly Awaited[], total: number, nowMs: number): string {
  const shown = awaited.toSorted((a, b) => a.sinceMs - b.sinceMs).slice(0, MOST_NAMES).map(({ address, sinceMs }) => `${oneLine(address)} (${formatDuration(Math.floor(Math.max(0, nowMs - sinceMs) / 1000) * 1000)})`);
  const more = awaited.length - shown.length;
  return `${total - awaited.length} of ${total} looked at; waits for ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

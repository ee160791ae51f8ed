import type { Json } from "../core/json.ts";
import { code, piece, type Line } from "./page-block.ts";
import type { ReportedStep } from "./report-document.ts";
import type { Tone } from "./style.ts";
import { cut } from "./terminal-text.ts";
import { valueText } from "./value-text.ts";

/** A value on a page is cut at so many columns: the JSON report has it whole. */
const WIDEST_VALUE = 160;
const MOST_VALUES = 10;

/** A value for a page: one line, cut where it is long. */
export function shortValue(value: Json | undefined): string {
  return value === undefined ? "–" : cut(valueText(value), WIDEST_VALUE);
}

/** Values by name, one a line; what is too much is counted. */
export function valueLines(values: Readonly<Record<string, Json>>): readonly Line[] {
  const all = Object.entries(values);
  const lines = all.slice(0, MOST_VALUES).map(([name, value]): Line => [code(name), piece(` = ${shortValue(value)}`)]);
  return all.length > MOST_VALUES ? [...lines, [piece(`and ${all.length - MOST_VALUES} more`, "quiet")]] : lines;
}

/** A status as it is shown, and what it means for the reader. A failed step that was noted is an open item. */
export function statusOf({ status, passedOver }: Pick<ReportedStep, "status" | "passedOver">): { readonly text: string; readonly tone: Tone } {
  if (passedOver === "note") return { text: "open item", tone: "warn" };
  const text = passedOver === undefined ? status : `${status}, passed over (${passedOver})`;
  switch (status) {
    case "ok":
    case "unchanged":
      return { text, tone: "good" };
    case "failed":
    case "unknown":
      return { text, tone: passedOver === undefined ? "bad" : "warn" };
    case "rescued":
    case "waiting":
    case "interrupted":
    case "running":
      return { text, tone: "warn" };
    case "pending":
    case "skipped":
      return { text, tone: "quiet" };
  }
}

/** Why a step ended as it did: in words, and what the condition came to. */
export function becauseLines({ because, condition, code: failure, status }: ReportedStep): readonly Line[] {
  const named = failure === undefined || failure === "expectation" || status !== "failed" ? "" : ` (${failure})`;
  return [
    ...(because === undefined || because === "" ? [] : [[piece(`${because}${named}`)]]),
    ...(condition === undefined ? [] : [[piece(condition, "quiet")]]),
  ];
}

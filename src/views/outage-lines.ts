import type { Outage } from "../core/outage.ts";
import { table } from "./table.ts";
import { oneLine } from "./terminal-text.ts";
import { dayAndHourOf } from "../core/time.ts";
import { aboutDuration } from "./time-text.ts";
import type { Style } from "./style.ts";

/** The outages of a run: one row for each, with its step and the most that it can have been, and the sum for each probe that had more than one. */
export function outageLines(outages: readonly Outage[], titleOf: (probe: string) => string, style: Style): readonly string[] {
  if (outages.length === 0) return [];
  const rows = outages.map((outage) => [oneLine(titleOf(outage.probe)), lengthOf(outage), `${outage.step === undefined ? "outside every change" : `during ${oneLine(outage.step)}`}, from ${dayAndHourOf(outage.since)}`]);
  const sums = [...new Set(outages.map((outage) => outage.probe))].flatMap((probe) => {
    const own = outages.filter((outage) => outage.probe === probe);
    if (own.length < 2) return [];
    return [[oneLine(titleOf(probe)), downTimeOf(own), "in all"]];
  });
  return ["Outages", ...table([...rows, ...sums], style.columns)];
}

/** The down time of several outages: `2m40s`, `at least 2m40s` where the end of one was not seen. */
export function downTimeOf(outages: readonly Outage[]): string {
  return `${outages.some(({ open }) => open) ? "at least " : ""}${aboutDuration(outages.reduce((sum, { ms }) => sum + ms, 0))}`;
}

/** `1m40s`, `1m40s (at most 1m50s)`, `1m40s and not over`, `at least 1m40s, then nobody watched`. */
export function lengthOf(outage: Pick<Outage, "ms" | "upperMs" | "open" | "cut">): string {
  if (outage.cut === true) return `at least ${aboutDuration(outage.ms)}, then nobody watched`;
  if (outage.open) return `${aboutDuration(outage.ms)} and not over`;
  return outage.upperMs > outage.ms ? `${aboutDuration(outage.ms)} (at most ${aboutDuration(outage.upperMs)})` : aboutDuration(outage.ms);
}

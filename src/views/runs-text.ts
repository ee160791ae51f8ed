import type { RunsDocument } from "./documents.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";
import { dayAndHourOf } from "./time-text.ts";

/** Standings from which a run can go on. */
const OPEN: ReadonlySet<string> = new Set(["waiting", "stopped", "failed", "cancelled", "interrupted"]);

/** Every run for people, the newest first: when it began, what it was about, and how it stands. */
export function runsLines({ runs }: RunsDocument, typed: string, style: Style): readonly string[] {
  if (runs.length === 0) return ["There is no run yet."];
  const rows = runs.map(({ run, runbook, system, simulated, startedAt, operator, standing }) => [
    oneLine(run), startedAt === "" ? "" : dayAndHourOf(startedAt), oneLine(standing), oneLine(runbook), simulated ? `${oneLine(system)} (simulated)` : oneLine(system), operator === "" ? "" : `by ${oneLine(operator)}`,
  ]);
  const open = runs.find(({ standing }) => OPEN.has(standing));
  return [...table(rows, style.columns), ...(open === undefined ? [] : ["", ...wrapped(`${typed} show ${open.run}  what it did and where it stands`, style.columns, "", "  "), ...wrapped(`${typed} resume ${open.run}  goes on with it`, style.columns, "", "  ")])];
}

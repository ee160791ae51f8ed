import type { RunsDocument, RunSummary } from "./documents.ts";
import { systemName } from "./opening.ts";
import type { Standing } from "./standing.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { table } from "./table.ts";
import { cut, oneLine, padded, wrapped } from "./terminal-text.ts";

/** Standings from which a run can go on. */
const OPEN: ReadonlySet<Standing> = new Set<Standing>(["waiting", "stopped", "failed", "cancelled", "interrupted"]);

const TONES: Readonly<Partial<Record<Standing, Tone>>> = { succeeded: "good", running: "name", waiting: "warn", interrupted: "warn", cancelled: "warn", stopped: "bad", failed: "bad", damaged: "bad", "rolling back": "warn" };

/** Pages so wide also say who began each run. */
const WIDE = 100;

/** Every run for people, one a line, the newest first: how it stands, when it was begun by the clock of its machine, and what it was about; then what may be typed, as `commandLine` makes it of a command's name and a run. */
export function runsLines({ runs }: RunsDocument, commandLine: (command: string, run: string) => string, style: Style): readonly string[] {
  if (runs.length === 0) return ["There is no run yet."];
  const names = Math.max(...runs.map(({ run }) => oneLine(run).length));
  const states = Math.max(...runs.map(({ standing }) => standing.length));
  const rows = runs.map((run) => runLine(run, names, states, style));
  const damaged = runs.filter(({ standing }) => standing === "damaged");
  const open = runs.find(({ standing }) => OPEN.has(standing) || standing === "rolling back");
  const goesOn = open?.standing === "rolling back" ? ["rollback", "goes on with undoing it"] as const : ["resume", "goes on with it"] as const;
  const next = open === undefined ? [] : table([[oneLine(commandLine("show", open.run)), "what it did and where it stands"], [oneLine(commandLine(goesOn[0], open.run)), goesOn[1]]], style.columns);
  return [
    ...rows,
    ...damaged.flatMap(({ because }) => ["", ...wrapped(oneLine(because), style.columns)]),
    ...(next.length === 0 ? [] : ["", ...next]),
  ];
}

function runLine({ run, standing, begunAt, startedAt, runbook, system, simulated, operator, undoes }: RunSummary, names: number, states: number, style: Style): string {
  const when = begunAt === "" ? startedAt : begunAt;
  const lead = `${padded(oneLine(run), names)}  `;
  const begun = padded(when === "" ? "" : `${when.slice(0, 10)} ${when.slice(11, 16)}Z`, "2007-11-20 12:00Z".length);
  const by = style.columns >= WIDE && operator !== "" ? `, by ${oneLine(operator)}` : "";
  const what = runbook === "" ? "" : `${oneLine(runbook)} on ${systemName({ system, simulated })}${undoes === undefined ? "" : `, undoes ${oneLine(undoes)}`}${by}`;
  const tone = TONES[standing];
  const word = padded(standing, states);
  return `${lead}${tone === undefined ? word : paint(style, tone, word)}  ${begun}  ${cut(what, style.columns - lead.length - states - begun.length - 4)}`.trimEnd();
}

import type { Event, RunStarted } from "../core/event.ts";
import type { ResolvedInput } from "../core/plan.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";
import { dayAndHourOf } from "../core/time.ts";
import { valueText } from "./value-text.ts";

/** What the first screen says beside the run's first event. */
export interface OpeningPlaces {
  /** The folder that keeps the state of simulated systems and of runs. */
  readonly stateFolder: string;
  /** `plan`: the person has just seen the plan in short, with system, inputs and state folder. */
  readonly seenBefore: "plan" | "nothing";
  /** Events of a run that is taken up, which were shown before. Empty for a new run. */
  readonly before: readonly Event[];
}

/** The first screen of a run: what runs, on which system, with which inputs and where each came from, and, for a new run, how to give other ones. */
export function openingLines(run: RunStarted & { readonly at: string; readonly run: string }, places: OpeningPlaces, style: Style): readonly string[] {
  const undoes = run.undoes === undefined ? [] : [["undoes", `the run ${oneLine(run.undoes)}`]];
  const began = ["run", `${oneLine(run.run)}, started ${dayAndHourOf(run.at)} by ${oneLine(run.operator)}`];
  if (places.seenBefore === "plan") return ["", ...table([began, ...undoes], style.columns), ""];
  const rows = [
    ["runbook", `${oneLine(run.runbook)}  (${oneLine(run.file)})`],
    ["system", systemName(run)],
    began,
    ...undoes,
    ["state", oneLine(places.stateFolder)],
  ];
  return [
    ...wrapped(oneLine(run.title), style.columns).map((line) => paint(style, "strong", line)),
    ...table(rows, style.columns),
    ...inputLines(run.inputs, places.before.length === 0 && run.undoes === undefined ? "to-be-chosen" : "recorded", style),
    "",
  ];
}

/** The system's name, with `simulated` beside it where it is. */
export function systemName(run: { readonly system: string; readonly simulated: boolean }): string {
  return run.simulated ? `${oneLine(run.system)} (simulated)` : oneLine(run.system);
}

/** Every input with its value and its origin; `to-be-chosen`: and how to give other ones, which a run that has begun takes no more. No inputs give no lines. */
export function inputLines(inputs: readonly ResolvedInput[], values: "to-be-chosen" | "recorded", style: Style): readonly string[] {
  if (inputs.length === 0) return [];
  const rows = inputs.map((input) => [oneLine(input.name), `= ${valueText(input.value)}`, `from ${oneLine(input.origin)}`]);
  const hint = "Other values: --set NAME=VALUE, --values FILE, another system: --system NAME.";
  return ["Inputs", ...table(rows, style.columns), ...(values === "recorded" ? [] : wrapped(hint, style.columns, "  ").map((line) => paint(style, "quiet", line)))];
}

import type { Json } from "../core/json.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine } from "./terminal-text.ts";
import { aboutDuration } from "./time-text.ts";
import { valueText } from "./value-text.ts";
import { outputsOf, type StepView, type ViewState } from "./view-state.ts";

/** So many changed steps are listed one by one; of more, those that went well are counted. */
const LISTED = 40;

/** What the run changed or tried to, one row for each step: where, from what to what as its outputs tell it, how long it took, and how it ended where not well or not yet; and what was compared. */
export function changeLines(state: ViewState, style: Style): readonly string[] {
  const leaves = [...state.steps.values()].filter((step) => step.children.length === 0);
  const changed = leaves.filter((step) => step.hasActed);
  const listed = changed.length <= LISTED ? changed : changed.filter(({ status }) => status !== "ok" && status !== "unchanged");
  const counted = changed.length - listed.length;
  const compared = leaves.filter((step) => step.finished !== undefined && typeof outputsOf(step)["equal"] === "boolean" && step.phase !== "goal");
  return [
    ...(changed.length === 0 ? [] : ["Changed", ...table(listed.map((step) => [oneLine(placeOf(step)), changeOf(step)]), style.columns), ...(counted === 0 ? [] : [`  ${listed.length === 0 ? "" : "and "}${counted} steps, all well`])]),
    ...(compared.length === 0 ? [] : ["Compared", ...table(compared.map((step) => [oneLine(placeOf(step)), comparisonOf(outputsOf(step)), step.title]), style.columns)]),
  ];
}

function placeOf(step: StepView): string {
  return step.finished?.target ?? step.target ?? "";
}

function changeOf(step: StepView): string {
  const pairs = pairsOf(outputsOf(step)).map(([name, before, after]) => `${oneLine(name)} ${valueText(before)} → ${valueText(after)}`);
  if (step.finished === undefined) return `${step.title}; NOT ENDED`;
  const end = step.status === "ok" ? [] : [step.status.toUpperCase()];
  const because = step.status === "unknown" ? [oneLine(step.because)] : [];
  return [step.title, ...end, ...pairs, aboutDuration(step.finished.ms), ...because].join("; ");
}

/** Outputs that come as a pair: `build_before` with `build`, `from` with `to`. */
export function pairsOf(outputs: Readonly<Record<string, Json>>): readonly (readonly [name: string, before: Json, after: Json])[] {
  return Object.entries(outputs).flatMap(([name, before]) => {
    if (!name.endsWith("_before")) return [];
    const base = name.slice(0, -"_before".length);
    const after = outputs[base];
    return after === undefined ? [] : [[base, before, after] as const];
  });
}

/** What a step that compared came to: `as before`, or what is not. */
export function comparisonOf({ equal, differences }: Readonly<Record<string, Json>>): string {
  if (equal === true) return "as before";
  return differences === undefined ? "not as before" : `not as before: ${valueText(differences)}`;
}

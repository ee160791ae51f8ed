import type { Event } from "../core/event.ts";
import { foldView } from "./fold-view.ts";
import type { PlanExtent } from "./plan-tree.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";
import { emptyViewState } from "./view-state.ts";

/** What today's looks say of one step. */
export interface PreviewLine {
  readonly step: string;
  /** `would act`: the first thing that a run would change; what comes after it can only be told then. `not run`: a program that only reads by its author's word, or a look that needs a secret, which a preview leaves alone. */
  readonly says: "holds" | "does not hold" | "nothing to do" | "would act" | "would wait" | "would ask" | "skipped" | "not run";
  readonly because: string;
}

/** The preview of a run that was let look and not act: one line for each leaf that was looked at, up to the first that would change something. */
export function previewOf(events: readonly Event[]): readonly PreviewLine[] {
  const state = emptyViewState();
  const lines = new Map<string, PreviewLine>();
  for (const event of events) {
    foldView(state, event);
    if (event.type === "decided") {
      if (event.decision === "act") lines.set(event.step, { step: event.step, says: "would act", because: event.because });
      else if (event.decision === "wait") lines.set(event.step, { step: event.step, says: "would wait", because: event.because });
      else if (event.decision === "ask") lines.set(event.step, { step: event.step, says: "would ask", because: event.because });
    }
    if (event.type === "question-asked") lines.set(event.step, { step: event.step, says: "would ask", because: event.question });
    if (event.type !== "step-finished") continue;
    const step = state.steps.get(event.step);
    const known = lines.get(event.step);
    if (step === undefined || step.kind !== "leaf" || (known !== undefined && event.status !== "failed")) continue;
    if (known?.says === "would act" || known?.says === "would ask") continue;
    if (event.status === "interrupted") {
      lines.set(event.step, { step: event.step, says: "not run", because: event.because ?? "it runs a program that only reads by its author's word; --queries lets it run" });
      continue;
    }
    const because = event.because ?? step.because;
    lines.set(event.step, { step: event.step, because, says: saysOf(event.status, step.effect === "reads") });
  }
  return [...lines.values()];
}

function saysOf(status: string, isReading: boolean): PreviewLine["says"] {
  if (status === "skipped") return "skipped";
  if (status === "failed" || status === "unknown") return "does not hold";
  return isReading ? "holds" : "nothing to do";
}

/** The preview for people. `short`: what holds, is done or is skipped is counted, the rest is told; `all`: every line. Nothing was looked at: no lines. */
export function previewLines(preview: readonly PreviewLine[], extent: PlanExtent, style: Style): readonly string[] {
  if (preview.length === 0) return [];
  const quiet = extent === "all" ? [] : preview.filter(({ says }) => isQuiet(says));
  const told = preview.filter((line) => !quiet.includes(line));
  const stops = preview.some(({ says }) => says === "would act" || says === "would ask" || says === "not run");
  return [
    "What today's looks say",
    ...(quiet.length === 0 ? [] : wrapped(countsOf(quiet), style.columns, "  ")),
    ...table(told.map((line) => [line.says, `${oneLine(line.step)}: ${oneLine(line.because)}`]), style.columns),
    ...(stops ? wrapped("What comes after that can only be told when it was done.", style.columns, "  ") : []),
  ];
}

function isQuiet(says: PreviewLine["says"]): boolean {
  return says === "holds" || says === "nothing to do" || says === "skipped";
}

/** `27 hold, 2 skipped`. */
function countsOf(lines: readonly PreviewLine[]): string {
  return (["holds", "nothing to do", "skipped"] as const).flatMap((says) => {
    const count = lines.filter((line) => line.says === says).length;
    if (count === 0) return [];
    return [`${count} ${says === "holds" && count > 1 ? "hold" : says === "nothing to do" ? "with nothing to do" : says}`];
  }).join(", ");
}

import type { Event } from "../core/event.ts";
import { foldView } from "./fold-view.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine } from "./terminal-text.ts";
import { emptyViewState } from "./view-state.ts";

/** What today's looks say of one step. */
export interface PreviewLine {
  readonly step: string;
  /** `would act`: the first thing that a run would change; what comes after it can only be told then. */
  readonly says: "holds" | "does not hold" | "nothing to do" | "would act" | "would wait" | "would ask" | "skipped";
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

/** The preview for people. Nothing was looked at: no lines. */
export function previewLines(preview: readonly PreviewLine[], style: Style): readonly string[] {
  if (preview.length === 0) return [];
  const stops = preview.some((line) => line.says === "would act" || line.says === "would ask");
  return [
    "What today's looks say",
    ...table(preview.map((line) => [line.says, `${oneLine(line.step)}: ${oneLine(line.because)}`]), style.columns),
    ...(stops ? ["  What comes after that can only be told when it was done."] : []),
  ];
}

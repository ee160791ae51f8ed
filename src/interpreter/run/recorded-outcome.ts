import type { ActionFinished } from "../../core/step-event.ts";
import { timeMs } from "../../core/time.ts";
import type { OwnAct } from "./leaf-state.ts";

/** Takes the record of an action's end into the acts of its step, where it is the one of this index. What was not begun is no act. */
export function takeEnd(acts: OwnAct[], index: number, event: ActionFinished & { readonly at: string }): void {
  const act = acts[index];
  if (act === undefined) return;
  const outcome = outcomeOf(event, act);
  const { failure: _unknown, ...begun } = act;
  acts.splice(index, 1, ...outcome === "not-begun" ? [] : [{ ...begun, endedMs: timeMs(event.at), ...outcome }]);
}

/** What the record makes of the act. A job that was not waited for to its end is in doubt still. */
function outcomeOf(event: ActionFinished, act: OwnAct): Pick<OwnAct, "outcome" | "result" | "failure" | "masked"> | "not-begun" {
  const because = event.because ?? "";
  switch (event.outcome) {
    case "ok":
      return { outcome: "ok", ...(event.result === undefined ? {} : { result: event.result }), ...(event.masked === undefined ? {} : { masked: event.masked }) };
    case "failed":
      return { outcome: "failed", failure: { code: event.code ?? "failed", because } };
    case "lost":
      return { outcome: "lost", failure: { code: "lost", because } };
    case "timeout":
      return { outcome: act.job === undefined ? "lost" : "in-doubt", failure: { code: "timeout", because } };
    case "not-begun":
      return "not-begun";
  }
}

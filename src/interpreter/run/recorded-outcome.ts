import type { Event } from "../../core/event.ts";
import type { OwnAct } from "./leaf-state.ts";

/** What the record of an action's end makes of the act. A job that was not waited for to its end is in doubt still. */
export function outcomeOf(event: Event & { readonly type: "action-finished" }, act: OwnAct): Pick<OwnAct, "outcome" | "result" | "failure" | "masked"> {
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
  }
}

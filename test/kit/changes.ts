import type { Event } from "../../src/core/event.ts";
import type { ActionStarted } from "../../src/core/step-event.ts";

/** The changing actions of a run: where, and what in short. */
export function changesOf(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" ? [`${event.action.target} ${shortOf(event.action.what)}`] : []));
}

function shortOf(what: ActionStarted["action"]["what"]): string {
  if (what.kind === "cmdlet") return what.name;
  if (what.kind === "program" && what.program === "cluster.exe") return `moves ${what.args[1] ?? ""}`;
  return what.kind === "program" || what.kind === "job" ? what.program : what.kind;
}

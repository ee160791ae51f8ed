import type { Event } from "../core/event.ts";
import { differencesIn } from "./report-differences.ts";
import type { ReportDocument, ReportedJournal, ReportedSession } from "./report-document.ts";
import { foldReport } from "./report-fold.ts";
import { emptyReportState, type ReportState } from "./report-state.ts";
import type { Standing } from "./standing.ts";

/** The report of a run: what its events add up to, how it stands, and what its journal is. */
export function reportOf(events: readonly Event[], standing: Standing, journal: ReportedJournal): ReportDocument {
  const state = emptyReportState();
  for (const event of events) foldReport(state, event);
  const { started, finished, plan } = state;
  return {
    v: 1, run: started?.run ?? "", title: started?.title ?? "",
    runbook: {
      name: started?.runbook ?? "", file: started?.file ?? "", digest: started?.digest ?? "",
      ...(started?.owner === undefined ? {} : { owner: started.owner }), ...(started?.reviewed === undefined ? {} : { reviewed: started.reviewed }), references: started?.references ?? [],
    },
    system: started?.system ?? "", simulated: started?.simulated ?? false, standing, because: finished?.because ?? "", startedAt: started?.at ?? "", lastAt: state.lastAt,
    ...(started?.undoes === undefined ? {} : { undoes: started.undoes }), undoings: state.undoings,
    inputs: started?.inputs ?? [], planDigest: plan?.digest ?? "", sessions: sessionsOf(state, standing), waitedMs: state.waited.ms, steps: [...state.steps.values()], actions: [...state.actions.values()],
    differences: differencesIn(state.steps.values()), questions: state.questions, probes: [...state.probes.values()], outages: state.outages.outages,
    invariants: state.invariants, retries: state.retries, unwindings: state.unwindings, warnings: state.warnings,
    openItems: finished?.openItems ?? [], passedOver: finished?.passedOver ?? [], owed: finished?.owed ?? [], outputs: finished?.outputs ?? {}, next: nextOf(state), journal,
  };
}

/** What was said at its end may be typed next: true until another run begins to undo it. */
function nextOf({ finished, undoings }: ReportState): ReportDocument["next"] {
  return undoings.length > 0 ? [] : finished?.next ?? [];
}

/** The last session has not ended where a process goes on with it, and was cut off where none does. */
function sessionsOf(state: ReportState, standing: Standing): readonly ReportedSession[] {
  const last = state.sessions.at(-1);
  if (last?.ended !== "running") return state.sessions;
  return [...state.sessions.slice(0, -1), { ...last, endedAt: state.lastAt, lastRecord: state.lastRecord, ended: standing === "running" ? "running" : "interrupted", underWay: [...state.underWay] }];
}

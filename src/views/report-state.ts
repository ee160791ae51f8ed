import type { PlanMade, RunFinished, RunStarted, Stamp } from "../core/event.ts";
import { MeasuredOutages } from "../core/measured-outages.ts";
import type {
  ReportedAction, ReportedInvariant, ReportedProbe, ReportedQuestion, ReportedRetry, ReportedSession, ReportedStep, ReportedUndoing, ReportedUnwinding, ReportedWarning,
} from "./report-document.ts";
import { Waited } from "./waited.ts";

/** A part of the report that is still being filled in. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Draft<Item>[] : T[K] };

/** What the events of a run have told so far: a fold that is filled in place, since a run may have a hundred thousand of them. */
export interface ReportState {
  started: (Stamp & RunStarted) | undefined;
  plan: PlanMade | undefined;
  readonly sessions: Draft<ReportedSession>[];
  /** By path. */
  readonly steps: Map<string, Draft<ReportedStep>>;
  /** Paths of the leaves that have begun and not ended. */
  readonly underWay: Set<string>;
  /** By number. */
  readonly actions: Map<number, Draft<ReportedAction>>;
  readonly questions: Draft<ReportedQuestion>[];
  /** By name. */
  readonly probes: Map<string, Draft<ReportedProbe>>;
  readonly outages: MeasuredOutages;
  readonly invariants: Draft<ReportedInvariant>[];
  readonly retries: ReportedRetry[];
  readonly unwindings: ReportedUnwinding[];
  readonly warnings: ReportedWarning[];
  readonly undoings: ReportedUndoing[];
  readonly waited: Waited;
  finished: RunFinished | undefined;
  /** The time of the last event; "" before the first. */
  lastAt: string;
  /** The number of the last event; 0 before the first. */
  lastRecord: number;
}

/** Nothing told yet. */
export function emptyReportState(): ReportState {
  return {
    started: undefined, plan: undefined, sessions: [], steps: new Map(), underWay: new Set(), actions: new Map(), questions: [], probes: new Map(), outages: new MeasuredOutages(), invariants: [],
    retries: [], unwindings: [], warnings: [], undoings: [], waited: new Waited(), finished: undefined, lastAt: "", lastRecord: 0,
  };
}

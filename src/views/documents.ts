import { positionOf } from "../core/source.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { Json } from "../core/json.ts";
import type { Diagnosis, Verdict } from "../core/finding.ts";
import type { Event } from "../core/event.ts";
import type { Plan } from "../core/plan.ts";
import type { PreviewLine } from "./preview.ts";
import type { ReportedJournal } from "./report-document.ts";
import type { Standing } from "./standing.ts";

/** A fault as other programs read it. */
export interface DiagnosticDocument {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  /** As it was typed; absent where the fault has no place in a file. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** What `validate --json` prints. */
export interface ValidateDocument {
  readonly v: 1;
  /** True if no file has an error. */
  readonly legal: boolean;
  readonly files: readonly { readonly file: string; readonly kind?: string; readonly legal: boolean }[];
  readonly diagnostics: readonly DiagnosticDocument[];
}

/** What `plan --json` prints. */
export interface PlanDocument {
  readonly v: 1;
  readonly plan: Plan;
  /** What today's looks say, in the order of the steps. */
  readonly preview: readonly PreviewLine[];
}

/** A run in a list. */
export interface RunSummary {
  readonly run: string;
  readonly runbook: string;
  readonly system: string;
  readonly simulated: boolean;
  /** When it was begun, by the clock of the machine that began it; "" where that is not known. */
  readonly begunAt: string;
  /** The system's time of its first record, RFC 3339; "" where the run never began. */
  readonly startedAt: string;
  readonly lastAt: string;
  readonly operator: string;
  readonly standing: Standing;
  /** Why it ended so, or what is wrong with its journal; "" for a run that has not ended. */
  readonly because: string;
  /** The run that it undoes; absent for any other run. */
  readonly undoes?: string;
}

/** What `runs --json` prints: the newest first. */
export interface RunsDocument {
  readonly v: 1;
  readonly runs: readonly RunSummary[];
}

/** What `show --json` prints: how a run stands, and everything that its journal tells. */
export interface ShowDocument {
  readonly v: 1;
  readonly run: string;
  readonly standing: Standing;
  /** Since when a process carries it out, by its machine's clock; absent where none does. */
  readonly heldSince?: string;
  /** What is wrong with the journal: then `events` are those before. Absent where it is whole. */
  readonly damage?: string;
  readonly journal: ReportedJournal;
  readonly events: readonly Event[];
}

/** What `report --verify --format json` prints. */
export interface VerifyDocument {
  readonly v: 1;
  readonly run: string;
  /** True if every record follows from the one before and, where a digest was given, one of them has it. */
  readonly whole: boolean;
  readonly journal: ReportedJournal;
  /** What is wrong, with record and byte; absent where nothing is. */
  readonly damage?: string;
  /** Why there is nothing to check: the run ended before its first record. Then `whole` is false; absent for any other run. */
  readonly neverBegan?: string;
  /** Bytes behind the last record: of one that was not written to its end. */
  readonly tornBytes: number;
  /** The digest that was asked for. */
  readonly digest?: string;
  /** The record that has it; absent where none has. */
  readonly digestOfRecord?: number;
}

/** What `doctor --json` prints. */
export interface DoctorDocument {
  readonly v: 1;
  readonly system: string;
  readonly simulated: boolean;
  /** Who looked, and from where. */
  readonly account: string;
  readonly host: string;
  /** The worst of the targets; `failed` gives exit code 1. */
  readonly verdict: Verdict;
  /** In the order of the runbook or of the inventory. */
  readonly targets: readonly Diagnosis[];
  /** Patterns of the inventory that stand for addresses which were not looked at, because nothing names them; empty where a runbook said which there are. */
  readonly patterns: readonly string[];
}

/** What `world show --all --json` prints: every simulated system of the inventory. */
export interface WorldsDocument {
  readonly v: 1;
  readonly systems: readonly { readonly system: string; readonly description?: string; readonly world: Json }[];
}

/** What `world show --json` prints. */
export interface WorldDocument {
  readonly v: 1;
  readonly system: string;
  /** The system as it stands; what depends only on elapsed time or on a run's identity stands under `clock`. */
  readonly world: Json;
}

/** A diagnostic with its place in lines and columns. */
export function diagnosticDocument({ code, severity, message, hint, span }: Diagnostic): DiagnosticDocument {
  const fault = { code, severity, message, ...(hint === undefined ? {} : { hint }) };
  if (span === undefined) return fault;
  const start = positionOf(span.source, span.start);
  const end = positionOf(span.source, span.end);
  return { ...fault, file: span.source.name, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

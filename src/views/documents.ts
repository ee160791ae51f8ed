import { positionOf } from "../core/source.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { Json } from "../core/json.ts";
import type { Plan } from "../core/plan.ts";
import type { PreviewLine } from "./preview.ts";

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

/** How a run stands: its result, or what it is instead. */
export interface RunSummary {
  readonly run: string;
  readonly runbook: string;
  readonly system: string;
  readonly simulated: boolean;
  /** RFC 3339; "" where the run never began. */
  readonly startedAt: string;
  readonly lastAt: string;
  readonly operator: string;
  /** A result; `running`: a process carries it out; `interrupted`: none does, and it had not ended; `damaged`: its journal cannot be read. */
  readonly standing: string;
  readonly because: string;
}

/** What `runs --json` prints: the newest first. */
export interface RunsDocument {
  readonly v: 1;
  readonly runs: readonly RunSummary[];
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

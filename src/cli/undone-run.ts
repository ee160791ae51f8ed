import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { Event, RollbackStarted, RolledBack } from "../core/event.ts";
import type { Plan } from "../core/plan.ts";
import { error, ok, type Result } from "../core/result.ts";
import { makeRollbackPlan } from "../interpreter/plan/rollback-plan.ts";
import { deedsOf, type Deeds } from "../interpreter/run/deeds.ts";
import type { RunSecrets } from "../interpreter/run/run-secrets.ts";
import { rollbackOf, type Rollback } from "../interpreter/run/rollback.ts";
import { claimFiles } from "../world/claims.ts";
import { EXIT } from "./exit-code.ts";
import type { Prepared } from "./prepare.ts";
import { runStore } from "./run-store.ts";

/** What undoes a run, as its journal tells it now. */
export interface Undoing {
  readonly deeds: Deeds;
  readonly undo: Rollback;
  readonly plan: Plan;
  /** Steps that are left as they are by name. */
  readonly left: readonly string[];
}

/** What undoes a run: its plan is made from its journal, and from its file as it is now. `secrets`: for a rollback that is carried out; no plan holds one. */
export function undoingOf(prepared: Prepared, events: readonly Event[], left: readonly string[], secrets?: RunSecrets): Result<Undoing, readonly Diagnostic[]> {
  const deeds = deedsOf(events);
  const planned = rollbackOf(prepared.runbook, prepared.plan.inputs, deeds, new Set(left));
  if (planned.kind === "error") return planned;
  const undo = secrets === undefined ? planned : rollbackOf(prepared.runbook, prepared.plan.inputs, deeds, new Set(left), secrets);
  return undo.kind === "error" ? undo : ok({ deeds, undo: undo.value, plan: makeRollbackPlan(prepared.plan, planned.value.undoes, planned.value.entries), left });
}

/** The same for the run that a rollback undoes, whose journal is read first. */
export async function undoingAgain(stateFolder: string, run: string, prepared: Prepared, left: readonly string[], secrets: RunSecrets | undefined): Promise<Result<Undoing, readonly Diagnostic[]>> {
  const kept = await runStore(stateFolder).read(run);
  return kept.kind === "error" ? error([errorWithoutPlace("journal", `the run ${run}, which is undone, cannot be read: ${kept.error}`)]) : undoingOf(prepared, kept.value.events, left, secrets);
}

/** Writes into the journal of a run that another one begins to undo it, or has undone it; durable when it resolves. `at`: the system's time, which never goes back in a journal. The sentence says why it could not be kept. */
export async function tellUndone(stateFolder: string, run: string, body: RollbackStarted | RolledBack, at: string): Promise<Result<undefined, string>> {
  const store = runStore(stateFolder);
  const kept = await store.read(run);
  if (kept.kind === "error") return kept;
  const journal = store.goOn(run, kept.value);
  if (journal.kind === "error") return journal;
  const last = kept.value.events.at(-1);
  journal.value.journal.append({ v: 1, seq: (last?.seq ?? 0) + 1, at: last === undefined || at > last.at ? at : last.at, run, ...body });
  const synced = await journal.value.journal.sync();
  await journal.value.close();
  return synced;
}

/** After a rollback: where it went to its end, the run that it undoes is rolled back, and lets go of the system. Answers with the exit code. */
export async function concludeUndoing(stateFolder: string, run: string, by: string, exitCode: number): Promise<Result<number, string>> {
  if (exitCode !== EXIT.ok) return ok(exitCode);
  const undone = await runStore(stateFolder).read(by);
  if (undone.kind === "error") return undone;
  const told = await tellUndone(stateFolder, run, { type: "rolled-back", by }, undone.value.events.at(-1)?.at ?? "");
  if (told.kind === "error") return told;
  claimFiles(stateFolder).release(run);
  return ok(exitCode);
}

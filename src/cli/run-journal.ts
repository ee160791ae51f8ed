import { join } from "node:path";
import { error, type Result } from "../core/result.ts";
import { claimFiles } from "../world/claims.ts";
import { JOURNAL_FILE, openJournal, type JournalFault, type JournalReading, type OpenJournal, type SeeRecord } from "../world/journal-reading.ts";
import { runFolderOf } from "../world/run-folder.ts";

/**
 * Opens the journal of a run of a state folder, as `openJournal` does. It must be the run's own, and where it tells of nothing although the run
 * claims something, it was lost: a run claims before it changes anything.
 */
export function openRunJournal(stateFolder: string, run: string, see?: SeeRecord): Result<OpenJournal, JournalFault> {
  const { path } = runFolderOf(stateFolder, run);
  const journal = openJournal(path, see, run);
  if (journal.kind === "ok" || journal.error.kind === "damaged") return journal;
  const claimed = claimFiles(stateFolder).claimedBy(run);
  if (claimed.length === 0) return journal;
  const because = `${join(path, JOURNAL_FILE)} was lost: it tells of nothing, and the run has begun to change something, because it claims ${claimed.map((lock) => `\`${lock}\``).join(", ")}. Restore it from a copy, or give the run up: abandon ${run} --without-journal`;
  return error({ kind: "damaged", because });
}

/** Reads it, with every event. */
export function readRunJournal(stateFolder: string, run: string, see?: SeeRecord): Result<JournalReading, JournalFault> {
  const journal = openRunJournal(stateFolder, run, see);
  return journal.kind === "error" ? journal : journal.value.read();
}

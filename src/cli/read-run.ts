import type { Diagnostic } from "../core/diagnostic.ts";
import type { Event } from "../core/event.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { ReportedJournal } from "../views/report-document.ts";
import { standingOf, type Standing } from "../views/standing.ts";
import type { GivenUp } from "../world/given-up.ts";
import type { JournalReading } from "../world/journal-reading.ts";
import type { CommandContext } from "./command.ts";
import { stateFolderOf } from "./prepare.ts";
import { openProject } from "./project.ts";
import { readRunJournal } from "./run-journal.ts";
import { runStore } from "./run-store.ts";

/** A run as its journal tells it, for commands that only read: what was written before a damaged record is told too. */
export interface ReadRun {
  readonly run: string;
  readonly stateFolder: string;
  readonly events: readonly Event[];
  readonly journal: ReportedJournal;
  readonly standing: Standing;
  /** Who gave it up beside its journal; undefined where nobody did. */
  readonly givenUp: GivenUp | undefined;
  /** Since when a process carries it out; undefined where none does. */
  readonly heldSince: string | undefined;
  /** What is wrong with the journal, with record and byte; undefined where it is whole up to its last record. */
  readonly damage: string | undefined;
  readonly cut: JournalReading["cut"];
  readonly cutBytes: number;
}

/** Reads the run of a name that was typed. `seeChain` is called with the number and the digest of each record. */
export async function readRun(context: CommandContext, typedRun: string, seeChain: (record: number, chain: string) => void = () => undefined): Promise<Result<ReadRun, readonly Diagnostic[]>> {
  const project = openProject(context.surroundings.workingFolder);
  if (project.kind === "error") return project;
  const stateFolder = await stateFolderOf(context, project.value, "of any account");
  if (stateFolder.kind === "error") return stateFolder;
  const store = runStore(stateFolder.value);
  const found = store.find(typedRun);
  if (found.kind === "error") return error([found.error]);
  const run = found.value;
  const events: Event[] = [];
  let chain = "";
  const reading = readRunJournal(stateFolder.value, run, (event, digest) => {
    events.push(event);
    chain = digest;
    seeChain(event.seq, digest);
  });
  const heldSince = events.length === 0 || events.at(-1)?.type === "run-finished" ? undefined : store.heldSince(run);
  const journal = { records: events.length, chain };
  const givenUp = store.givenUp(run);
  const isGivenUp = givenUp !== undefined;
  const read = { givenUp, run, stateFolder: stateFolder.value, events, journal, heldSince };
  if (reading.kind === "error") return ok({ ...read, standing: isGivenUp ? "abandoned" : reading.error.kind === "never-began" ? "never began" : "damaged", damage: reading.error.because, cut: "nothing", cutBytes: 0 });
  const { cut, cutBytes } = reading.value;
  return ok({ ...read, standing: standingOf(events, isGivenUp ? "given up" : heldSince === undefined ? "free" : "held"), damage: undefined, cut, cutBytes });
}

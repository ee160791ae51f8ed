import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { Event } from "../core/event.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { listedNames, nameHint } from "../core/names.ts";
import type { Acquired } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import { timeMs, timeText } from "../core/time.ts";
import type { RunSummary } from "../views/documents.ts";
import { claimFiles } from "../world/claims.ts";
import { fileFailure, systemCode } from "../world/file-fault.ts";
import { givenUpIn, keepGivenUp, type GivenUp } from "../world/given-up.ts";
import { answersIn } from "../world/inbox.ts";
import { continueJournal, createJournal, type JournalFile } from "../world/journal-file.ts";
import { type JournalFault, type JournalReading, type OpenJournal } from "../world/journal-reading.ts";
import { lockFiles, lockHolder } from "../world/lock-file.ts";
import { makeRunFolder, runFolderOf } from "../world/run-folder.ts";
import { shareRun } from "../world/shared-folder.ts";
import { systemClock } from "../world/system-clock.ts";
import { worldStore } from "../world/world-store.ts";
import type { CommandContext } from "./command.ts";
import { keepTexts, keptTexts, readJson } from "./kept-texts.ts";
import { openRunJournal, readRunJournal } from "./run-journal.ts";
import { OpenQuestions } from "./open-questions.ts";
import type { Prepared } from "./prepare.ts";
import { whyOver } from "./run-standing.ts";
import { summaryOf } from "./run-summary.ts";
import { VERSION } from "./version.ts";

/** How a run was begun: what is needed to take it up, beside its journal. */
export interface RunFile {
  /** The runbook, absolute. */
  readonly file: string;
  /** The runbook as it was typed. */
  readonly typed: string;
  /** Absolute. */
  readonly workingFolder: string;
  /** Values of the flags that say which system it is about, how it is shown, and which values it was given: `system`, `inventory`, `lang`, `set`, `values`. The inputs themselves are those of its journal. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** When, by this machine's clock: RFC 3339. Absent where an older version began it. */
  readonly begunAt?: string;
}

/** Flags that hold for the whole run, however often it is taken up, or are typed again for a further one. */
const KEPT_FLAGS = ["system", "inventory", "lang", "set", "values"] as const;

/** How a run is begun by this command line. */
export function fileOfRun({ args, surroundings }: CommandContext, { file }: Prepared): RunFile {
  const flags = Object.fromEntries(KEPT_FLAGS.flatMap((name) => (args.values.has(name) ? [[name, args.values.get(name) ?? []]] : [])));
  return { file, typed: args.operands[0] ?? file, workingFolder: surroundings.workingFolder, flags, begunAt: timeText(systemClock().now()) };
}

/** The command line of a run that is taken up: its own file and system, and what this command line says besides. */
export function contextOfRun(context: CommandContext, { typed, workingFolder, flags }: RunFile): CommandContext {
  const { args, surroundings } = context;
  return { ...context, args: { operands: [typed], given: args.given, values: new Map([...args.values, ...Object.entries(flags)]) }, surroundings: { ...surroundings, workingFolder } };
}

/** A run as it lies in the state folder. */
export interface KeptRun {
  /** All, or those that were asked for. */
  readonly events: readonly Event[];
  readonly file: RunFile;
  /** Where it lies, absolute. */
  readonly folder: string;
  /** Texts of the runbook's files when the run was last taken up, or began, by their absolute paths. */
  readonly texts: ReadonlyMap<string, string>;
  /** Bytes of a torn last record. */
  readonly cutBytes: number;
  /** The chain's last digest. */
  readonly chain: string;
  /** The whole reading, to go on from. */
  readonly journal: JournalReading;
}

/** The journal of a run that is carried out. */
export interface OpenRun {
  readonly journal: JournalFile;
  readonly inbox: string;
  /** Keeps what is left. The sentence says why it could not be kept. */
  close(): Promise<Result<undefined, string>>;
}

/** The runs of a state folder. */
export interface RunStore {
  /** The run of this name, or of this beginning of a name. */
  find(typed: string): Result<string, Diagnostic>;
  /** Makes a run's folder, with its texts and its journal. The sentence says why nothing could be kept. */
  begin(run: string, file: RunFile, prepared: Prepared): Promise<Result<OpenRun, string>>;
  /** Opens its journal, of which most is not needed to tell how the run stands. */
  open(run: string): Result<OpenJournal, JournalFault>;
  /** Reads what is kept of it; of its journal, where that is open already. `but`: events that are not needed. */
  read(run: string, open?: Result<OpenJournal, JournalFault>, but?: ReadonlySet<Event["type"]>): Promise<Result<KeptRun, string>>;
  /** Opens the journal of a run that goes on, as it was read. The run must be held since before that. */
  goOn(run: string, kept: KeptRun): Result<OpenRun, string>;
  /** Holds a run while it is carried out; `taken`: another process does. */
  hold(run: string): Acquired;
  /** Since when a process carries a run out; undefined where none does. */
  heldSince(run: string): string | undefined;
  /** Lets go of all that a run claims, and keeps that it was given up without its journal. The sentence says why that could not be kept. */
  letGo(run: string, by: GivenUp): Result<undefined, string>;
  /** Who gave a run up without its journal; undefined where nobody did. */
  givenUp(run: string): GivenUp | undefined;
  /** Every run, the one that was begun last first. */
  list(): Promise<readonly RunSummary[]>;
  /** Runs that can be gone on with and that nobody carries out, with an open question whose answer has come, or whose time is over. */
  due(): Promise<readonly string[]>;
}

/** Where answers for a run are left. */
export function inboxOf(stateFolder: string, run: string): string {
  return join(runFolderOf(stateFolder, run).path, "inbox");
}

/** The runs of a state folder, a folder each. */
export function runStore(stateFolder: string): RunStore {
  const pathOf = (run: string): string => runFolderOf(stateFolder, run).path;
  const opened = (run: string, journal: Result<JournalFile, string>): Result<OpenRun, string> => (journal.kind === "error" ? journal : ok({
    journal: journal.value, inbox: inboxOf(stateFolder, run),
    close: () => journal.value.close(),
  }));
  const hold = (run: string): Acquired => lockFiles(stateFolder).acquire([runLock(run)], run);
  const heldSince = (run: string): string | undefined => lockHolder(stateFolder, runLock(run))?.since;
  return {
    find: (typed) => findRun(runsIn(stateFolder), typed, (run) => claimFiles(stateFolder).claimedBy(run)),
    async begin(run, file, prepared) {
      const folder = pathOf(run);
      try {
        makeRunFolder(stateFolder, run);
        writeFileSync(join(folder, "run.json"), JSON.stringify({ v: 1, ...file }), { mode: 0o600, flush: true });
        writeFileSync(join(folder, "plan.json"), JSON.stringify(prepared.plan), { mode: 0o600, flush: true });
        keepTexts(folder, prepared);
      } catch (fault) {
        return error(`The run cannot be kept: ${fileFailure(folder, fault).because}.`);
      }
      const journal = createJournal(folder, { run, tool: `runbook ${VERSION}` });
      shareRun(stateFolder, folder, inboxOf(stateFolder, run));
      return opened(run, journal);
    },
    open: (run) => openRunJournal(stateFolder, run),
    async read(run, open, but) {
      const folder = pathOf(run);
      const opened = open ?? openRunJournal(stateFolder, run);
      const journal = opened.kind === "error" ? opened : opened.value.read(but);
      if (journal.kind === "error") return error(journal.error.because);
      const path = join(folder, "run.json");
      const kept = readJson(path);
      const file = kept.kind === "error" || isRunFile(kept.value) ? kept : error(`${path} is not what a run is begun with`);
      const texts = file.kind === "error" ? file : keptTexts(folder, resumedIn(journal.value.events));
      if (file.kind === "error" || texts.kind === "error") return error(`What the run was begun with cannot be read: ${texts.kind === "error" ? texts.error : ""}. Restore it from a copy, or give the run up: abandon ${run} --without-journal`);
      return ok({ folder, events: journal.value.events, file: file.value as Json & RunFile, texts: texts.value, cutBytes: journal.value.cutBytes, chain: journal.value.chain, journal: journal.value });
    },
    goOn: (run, { journal }) => opened(run, continueJournal(pathOf(run), journal)),
    hold,
    heldSince,
    letGo(run, by) {
      claimFiles(stateFolder).release(run);
      const folder = pathOf(run);
      if (!existsSync(folder)) return ok(undefined);
      try {
        keepGivenUp(folder, by);
        shareRun(stateFolder, folder, inboxOf(stateFolder, run));
        return ok(undefined);
      } catch (fault) {
        return error(fileFailure(folder, fault).because);
      }
    },
    givenUp: (run) => givenUpIn(pathOf(run)),
    async list() {
      return runsIn(stateFolder).map((run) => summaryOf(run, pathOf(run), openRunJournal(stateFolder, run), () => heldSince(run))).toSorted((a, b) => (a.begunAt < b.begunAt ? 1 : a.begunAt > b.begunAt ? -1 : 0));
    },
    async due() {
      const due: string[] = [];
      for (const run of runsIn(stateFolder)) {
        const journal = readRunJournal(stateFolder, run);
        if (journal.kind === "ok" && heldSince(run) === undefined && givenUpIn(pathOf(run)) === undefined && whyOver(journal.value.events) === undefined && await isDue(stateFolder, run, journal.value.events)) due.push(run);
      }
      return due;
    },
  };
}

async function isDue(stateFolder: string, run: string, events: readonly Event[]): Promise<boolean> {
  const open = new OpenQuestions(events).list;
  const started = events.find((event) => event.type === "run-started");
  if (open.length === 0 || started === undefined) return false;
  const nowMs = started.simulated ? worldStore(stateFolder).nowMsOf(started.system) : systemClock().now();
  if (open.some(({ expires }) => expires !== undefined && nowMs !== undefined && timeMs(expires) <= nowMs)) return true;
  const answers = await answersIn(inboxOf(stateFolder, run));
  return open.some(({ step, digest }) => answers.some((answer) => answer.step === step && answer.digest === digest));
}

/** Held by the process that carries a run out. */
function runLock(run: string): string {
  return `run ${run}`;
}

/** How often a run has been taken up. */
export function resumedIn(events: readonly Event[]): number {
  return events.filter(({ type }) => type === "run-resumed").length;
}

function isRunFile(value: Json): value is Json & RunFile {
  if (!isJsonObject(value) || value["v"] !== 1 || !isJsonObject(value["flags"])) return false;
  const areTexts = (list: Json): boolean => Array.isArray(list) && (list as readonly Json[]).every((text) => typeof text === "string");
  return ["file", "typed", "workingFolder"].every((key) => typeof value[key] === "string") && Object.values(value["flags"]).every(areTexts);
}

function runsIn(stateFolder: string): readonly string[] {
  try {
    return readdirSync(join(stateFolder, "runs"), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return [];
    throw fault;
  }
}

/** What names a run by its beginning has so many characters at least: a typing error of one letter is none. */
const SHORTEST_BEGINNING = 3;

function findRun(runs: readonly string[], typed: string, claimedBy: (run: string) => readonly string[]): Result<string, Diagnostic> {
  if (runs.includes(typed)) return ok(typed);
  const beginning = typed === "" ? [] : runs.filter((run) => run.startsWith(typed));
  const [only] = beginning;
  if (only !== undefined && typed.length < SHORTEST_BEGINNING) return error(errorWithoutPlace("short-run", `\`${typed}\` is too short: of a run's name at least ${SHORTEST_BEGINNING} characters are needed`, `it may be ${listedNames(beginning)}`));
  if (beginning.length > 1) return error(errorWithoutPlace("which-run", `${beginning.length} runs begin with \`${typed}\``, `it may be ${listedNames(beginning)}`));
  if (only !== undefined) return ok(only);
  const claimed = claimedBy(typed);
  if (claimed.length > 0) return error(errorWithoutPlace("run-folder-gone", `the folder of the run ${typed} is gone, and the run still claims ${claimed.map((lock) => `\`${lock}\``).join(", ")}`, `restore it from a copy, or let go of what it claims: abandon ${typed} --without-journal`));
  return error(errorWithoutPlace("unknown-run", runs.length === 0 ? "there is no run yet" : `there is no run \`${typed}\``, nameHint(typed, runs)));
}

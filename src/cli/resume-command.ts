import { existsSync } from "node:fs";
import type { Diagnostic } from "../core/diagnostic.ts";
import { errorWithoutPlace } from "../core/diagnostic.ts";
import type { Event, RunResumed } from "../core/event.ts";
import { error, ok, type Result } from "../core/result.ts";
import { timeMs, timeText } from "../core/time.ts";
import { changesOf, enteredAgain } from "../interpreter/run/changed-file.ts";
import { leftBy } from "../interpreter/run/deeds.ts";
import { PASSING_EVENTS, recordedOf, type Recorded } from "../interpreter/run/recorded.ts";
import { STANDING_EVENTS, undoneBy } from "../views/standing.ts";
import { currentAccount } from "../world/account.ts";
import { systemClock } from "../world/system-clock.ts";
import { acceptChanges, invalidInputs, type Accepted } from "./accept-changes.ts";
import { carryOut } from "./carry-out.ts";
import { takenBefore } from "./claimed-locks.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { keptTextFile } from "./kept-texts.ts";
import { prepareToGiveUp } from "./prepare-to-give-up.ts";
import { type Prepared, prepare, stateFolderOf } from "./prepare.ts";
import { note, printDiagnostics, refuse } from "./print.ts";
import { openProject } from "./project.ts";
import { isAsBefore, keepAsNow, loadBefore } from "./runbook-before.ts";
import { notOpened } from "./run-command.ts";
import { readSecrets } from "./read-secrets.ts";
import { openPorts } from "./run-ports.ts";
import { notHeld, whyOver } from "./run-standing.ts";
import { contextOfRun, runStore, type KeptRun } from "./run-store.ts";
import { givenUpText } from "./run-summary.ts";
import { runCommandLine } from "./typed-again.ts";
import { concludeUndoing, undoingAgain } from "./undone-run.ts";

/** `resume RUN`: goes on with a run from what is true in its system. `resume --due`: all whose answers have come. */
export async function resumeCommand(context: CommandContext): Promise<number> {
  const stateFolder = await openState(context);
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  const [run] = context.args.operands;
  if (!context.args.given.has("due")) return run === undefined ? refuse(context, [errorWithoutPlace("missing-operand", "`resume` needs the run", `${context.typed} runs`)]) : takeUp(context, stateFolder.value, run, "go-on");
  const runs = await runStore(stateFolder.value).due();
  if (runs.length === 0) note(context, "No run is due: no answer has come, and no question has expired.");
  let worst: number = EXIT.ok;
  for (const due of runs) worst = Math.max(worst, await takeUp(context, stateFolder.value, due, "go-on"));
  return worst;
}

/** `abandon RUN`: pays what is owed, and lets go of the system. */
export async function abandonCommand(context: CommandContext): Promise<number> {
  const stateFolder = await openState(context);
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  return takeUp(context, stateFolder.value, context.args.operands[0] ?? "", "abandon");
}

/** The state folder of a command about a run. */
export async function openState(context: CommandContext, whose: "own" | "of any account" = "own"): Promise<Result<string, readonly Diagnostic[]>> {
  const project = openProject(context.surroundings.workingFolder);
  return project.kind === "error" ? project : stateFolderOf(context, project.value, whose);
}

async function takeUp(context: CommandContext, stateFolder: string, run: string, to: "go-on" | "abandon"): Promise<number> {
  const store = runStore(stateFolder);
  const found = store.find(run);
  if (found.kind === "error") {
    if (found.error.code === "run-folder-gone" && to === "abandon" && context.args.given.has("without-journal")) return letGo(context, stateFolder, run, `The folder of the run ${run} is gone`);
    return refuse(context, [found.error]);
  }
  const alive = store.hold(found.value);
  if (alive.kind !== "held") {
    note(context, notHeld(stateFolder, found.value, alive));
    return EXIT.stopped;
  }
  try {
    const givenUp = store.givenUp(found.value);
    if (givenUp !== undefined) return refuse(context, [errorWithoutPlace("run-is-over", `the run ${found.value} was ${givenUpText(givenUp)}, and keeps nobody off`, `${context.typed} show ${found.value}`)]);
    const journal = store.open(found.value);
    const standing = journal.kind === "error" ? undefined : journal.value.only(STANDING_EVENTS);
    const over = standing?.kind === "ok" ? whyOver(standing.value) ?? whyUndone(standing.value) : undefined;
    if (over !== undefined) return refuse(context, [errorWithoutPlace("run-is-over", `the run ${found.value} ${over}`, `${context.typed} show ${found.value}`)]);
    const kept = await store.read(found.value, journal, PASSING_EVENTS);
    if (kept.kind === "error") {
      if (to === "abandon" && context.args.given.has("without-journal")) return letGo(context, stateFolder, found.value, kept.error);
      return refuse(context, [errorWithoutPlace("journal", kept.error, to === "abandon" ? "--without-journal lets go of the system all the same: nothing is looked at, nothing is cleaned up" : undefined)]);
    }
    if (kept.value.events.length === 0) return refuse(context, [errorWithoutPlace("empty-run", `the run ${found.value} ended before its first record was written: nothing was done`, "run the runbook anew")]);
    if (kept.value.cutBytes > 0) note(context, `The last record of ${found.value} was torn off when its runner ended: ${kept.value.cutBytes} bytes are left out.`);
    return await goOn(context, stateFolder, found.value, kept.value, to);
  } finally {
    alive.release();
  }
}

async function goOn(context: CommandContext, stateFolder: string, run: string, kept: KeptRun, to: "go-on" | "abandon"): Promise<number> {
  const again = await prepareAgain(context, run, kept, to);
  return again.kind === "ended" ? again.exitCode : carryOn(again.again, stateFolder, run, kept, to);
}

/** A run as it is taken up again: its file as it is now, its inputs and its system as they were. */
export interface Again {
  readonly own: CommandContext;
  readonly prepared: Prepared;
  readonly recorded: Recorded;
  /** What was changed in the file since, and what was said to it. */
  readonly accepted: Accepted;
}

/** Loads what a run needs to be taken up or undone. `ended`: it cannot be, or somebody does not want it; that was said. */
export async function prepareAgain(context: CommandContext, run: string, kept: KeptRun, to: RunResumed["to"]): Promise<{ readonly kind: "ok"; readonly again: Again } | { readonly kind: "ended"; readonly exitCode: number }> {
  const recorded = recordedOf(kept.events);
  const ended = (exitCode: number): { readonly kind: "ended"; readonly exitCode: number } => ({ kind: "ended", exitCode });
  const own = contextOfRun(context, kept.file);
  const prepared = to === "abandon" ? await prepareToGiveUp(own, kept, recorded) : await prepare(own, async () => ok(recorded.started.inputs));
  if (prepared.kind === "error") {
    const exitCode = prepared.error === "left" ? EXIT.cancelled : refuse(context, prepared.error);
    const gone = [...kept.texts].find(([path]) => !existsSync(path));
    if (gone !== undefined) note(context, `The text of ${gone[0]} that the run knows is kept in ${keptTextFile(kept.folder, gone[1])}: copy it back to go on, or give the run up: ${runCommandLine(context, "abandon", run)}`);
    return ended(exitCode);
  }
  const { plan, runbook, chosen } = prepared.value;
  if (plan.system !== recorded.started.system || chosen.isSimulated !== recorded.started.simulated) {
    return ended(refuse(context, [errorWithoutPlace("another-system", `the run ${run} is about ${recorded.started.simulated ? "the simulated system" : "the real system"} \`${recorded.started.system}\`, and the inventory now gives ${chosen.isSimulated ? "a simulated" : "a real"} one`, "put the inventory back, or abandon the run")]));
  }
  const before = isAsBefore(kept, prepared.value) ? undefined : loadBefore(kept, await context.loadBuiltins(), prepared.value);
  const inputs = before === undefined ? [] : invalidInputs(recorded, prepared.value, before);
  if (inputs.length > 0) return ended(refuse(context, inputs));
  const changes = before === undefined ? [] : changesOf(before, runbook, recorded);
  const accepted = await acceptChanges(context, run, to, changes, before === undefined || recorded.started.digest === prepared.value.digest);
  if (typeof accepted === "number") return ended(accepted);
  printDiagnostics(context, prepared.value.warnings);
  return { kind: "ok", again: { own, prepared: prepared.value, recorded, accepted } };
}

/** Takes a run up, and answers with its exit code. A run that undoes another one goes on with what is left; `leave`: further steps that are left as they are. */
export async function carryOn({ own, prepared, recorded, accepted }: Again, stateFolder: string, run: string, kept: KeptRun, to: RunResumed["to"], leave: readonly string[] = []): Promise<number> {
  const { undoes } = recorded.started;
  const secrets = await readSecrets(own, prepared.runbook, recorded.started.inputs);
  if (secrets.kind === "error") return secrets.error === "left" ? EXIT.cancelled : refuse(own, secrets.error);
  const undoing = undoes === undefined ? undefined : await undoingAgain(stateFolder, undoes, prepared, [...new Set([...leftBy(kept.events), ...leave])], secrets.value);
  if (undoing?.kind === "error") return refuse(own, undoing.error);
  const undertaken: Prepared = { ...prepared, stateFolder, ...(undoing === undefined ? {} : { plan: undoing.value.plan }) };
  const ports = await openPorts(own, undertaken, run, "run", timeMs(recorded.lastAt));
  if (ports.kind === "error") return notOpened(own, ports.error);
  const notTaken = (because: string): number => {
    ports.value.close();
    note(own, `${because} Nothing was done.`);
    return EXIT.stopped;
  };
  const locks = takenBefore(ports.value.locks, prepared.runbook, undertaken.plan.locks, run, undoes);
  if (locks.kind === "error") return notTaken(`The run ${run} is not taken up: ${locks.error}.`);
  const texts = keepAsNow(stateFolder, run, kept, prepared);
  const journal = texts.kind === "error" ? texts : runStore(stateFolder).goOn(run, kept);
  if (journal.kind === "error") return notTaken(journal.error);
  try {
    const exitCode = await carryOut(own, {
      run, prepared: undertaken, secrets: secrets.value, ports: ports.value, journal: journal.value.journal, locks: locks.value, inbox: journal.value.inbox, before: { events: kept.events, recorded: enteredAgain(recorded, accepted.again), to, changes: accepted.changes },
      ...(undoing === undefined ? {} : { rollback: undoing.value }),
    });
    if (undoes === undefined || to !== "go-on") return exitCode;
    const concluded = await concludeUndoing(stateFolder, undoes, run, exitCode);
    if (concluded.kind === "ok") return concluded.value;
    note(own, `It is undone, and that could not be kept: ${concluded.error} ${own.typed} rollback ${undoes}`);
    return EXIT.stopped;
  } finally {
    await journal.value.close();
  }
}

/** Lets go of what a run claims of which nothing can be known any more. */
function letGo(context: CommandContext, stateFolder: string, run: string, because: string): number {
  const kept = runStore(stateFolder).letGo(run, { ...currentAccount(), at: timeText(systemClock().now()) });
  if (kept.kind === "error") note(context, `It could not be kept that the run was given up: ${kept.error}. \`runs\` goes on to tell of it.`);
  note(context, `${because}. The run ${run} keeps nobody off any more. What it has done, what may still be under way and what it owed is not known: look at the system before anything else is done to it.`);
  return EXIT.ok;
}

/** Why a run that another one has begun to undo cannot be taken up any more; undefined where none has. */
function whyUndone(events: readonly Event[]): string | undefined {
  const by = undoneBy(events);
  return by === undefined ? undefined : `is being rolled back by the run ${by}: \`rollback\` goes on with that`;
}

/** The events of a run, for commands that only read it: the state folder may be another account's, who shares it. */
export async function eventsOf(context: CommandContext, typedRun: string): Promise<Result<{ readonly run: string; readonly events: readonly Event[]; readonly kept: KeptRun; readonly stateFolder: string }, readonly Diagnostic[]>> {
  const stateFolder = await openState(context, "of any account");
  if (stateFolder.kind === "error") return stateFolder;
  const store = runStore(stateFolder.value);
  const found = store.find(typedRun);
  if (found.kind === "error") return error([found.error]);
  const kept = await store.read(found.value);
  return kept.kind === "error" ? error([errorWithoutPlace("journal", kept.error)]) : ok({ run: found.value, events: kept.value.events, kept: kept.value, stateFolder: stateFolder.value });
}

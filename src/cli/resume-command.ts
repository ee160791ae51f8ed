import type { Diagnostic } from "../core/diagnostic.ts";
import { errorWithoutPlace } from "../core/diagnostic.ts";
import type { Event } from "../core/event.ts";
import { error, ok, type Result } from "../core/result.ts";
import { timeMs } from "../core/time.ts";
import { changesOf, enteredAgain } from "../interpreter/run/changed-file.ts";
import { recordedOf } from "../interpreter/run/recorded.ts";
import { claimFiles } from "../world/claims.ts";
import { acceptChanges, invalidInputs } from "./accept-changes.ts";
import { carryOut } from "./carry-out.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { prepare, stateFolderOf } from "./prepare.ts";
import { note, printDiagnostics, refuse } from "./print.ts";
import { openProject } from "./project.ts";
import { loadBefore } from "./runbook-before.ts";
import { notOpened } from "./run-command.ts";
import { readSecrets } from "./read-secrets.ts";
import { openPorts } from "./run-ports.ts";
import { heldBy, whyOver } from "./run-standing.ts";
import { contextOfRun, runStore, type KeptRun } from "./run-store.ts";

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

async function openState(context: CommandContext, whose: "own" | "of any account" = "own"): Promise<Result<string, readonly Diagnostic[]>> {
  const project = openProject(context.surroundings.workingFolder);
  return project.kind === "error" ? project : stateFolderOf(context, project.value, whose);
}

async function takeUp(context: CommandContext, stateFolder: string, run: string, to: "go-on" | "abandon"): Promise<number> {
  const store = runStore(stateFolder);
  const found = store.find(run);
  if (found.kind === "error") return refuse(context, [found.error]);
  const alive = store.hold(found.value);
  if (alive.kind !== "held") {
    note(context, `The run ${found.value} is under way: ${heldBy(stateFolder, alive)}. Nothing was done.`);
    return EXIT.stopped;
  }
  try {
    const kept = await store.read(found.value);
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
  const over = whyOver(kept.events);
  if (over !== undefined) return refuse(context, [errorWithoutPlace("run-is-over", `the run ${run} ${over}`, `${context.typed} show ${run}`)]);
  const recorded = recordedOf(kept.events);
  const own = contextOfRun(context, kept.file);
  const prepared = await prepare(own, async () => ok(recorded.started.inputs));
  if (prepared.kind === "error") return prepared.error === "left" ? EXIT.cancelled : refuse(context, prepared.error);
  const { plan, runbook, chosen } = prepared.value;
  if (plan.system !== recorded.started.system || chosen.isSimulated !== recorded.started.simulated) {
    return refuse(context, [errorWithoutPlace("another-system", `the run ${run} is about ${recorded.started.simulated ? "the simulated system" : "the real system"} \`${recorded.started.system}\`, and the inventory now gives ${chosen.isSimulated ? "a simulated" : "a real"} one`, "put the inventory back, or abandon the run")]);
  }
  const before = loadBefore(kept, await context.loadBuiltins(), prepared.value);
  const inputs = before === undefined ? [] : invalidInputs(recorded, prepared.value, before);
  if (inputs.length > 0) return refuse(context, inputs);
  const changes = before === undefined ? [] : changesOf(before, runbook, recorded);
  const accepted = await acceptChanges(context, run, changes, recorded.started.digest === prepared.value.digest);
  if (typeof accepted === "number") return accepted;
  printDiagnostics(context, prepared.value.warnings);
  const secrets = await readSecrets(own, runbook, recorded.started.inputs);
  if (secrets.kind === "error") return secrets.error === "left" ? EXIT.cancelled : refuse(context, secrets.error);
  const ports = await openPorts(own, { ...prepared.value, stateFolder }, run, "run", timeMs(recorded.lastAt));
  if (ports.kind === "error") return notOpened(context, ports.error);
  const journal = runStore(stateFolder).goOn(run, kept);
  if (journal.kind === "error") {
    ports.value.close();
    note(context, `${journal.error} Nothing was done.`);
    return EXIT.stopped;
  }
  try {
    return await carryOut(own, { run, prepared: { ...prepared.value, stateFolder }, secrets: secrets.value, ports: ports.value, journal: journal.value.journal, locks: ports.value.locks, inbox: journal.value.inbox, before: { events: kept.events, recorded: enteredAgain(recorded, accepted.again), to, changes: accepted.changes } });
  } finally {
    await journal.value.close();
  }
}

/** Lets go of what a run claims of which nothing can be known any more. */
function letGo(context: CommandContext, stateFolder: string, run: string, because: string): number {
  claimFiles(stateFolder).release(run);
  note(context, `${because}. The run ${run} keeps nobody off any more. What it has done, what may still be under way and what it owed is not known: look at the system before anything else is done to it.`);
  return EXIT.ok;
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

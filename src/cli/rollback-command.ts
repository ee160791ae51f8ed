import { errorWithoutPlace } from "../core/diagnostic.ts";
import { timeMs, timeText } from "../core/time.ts";
import { deedsOf, isAtRest, leftBy } from "../interpreter/run/deeds.ts";
import { recordedOf } from "../interpreter/run/recorded.ts";
import { rollbackLines } from "../views/rollback-text.ts";
import { systemChance } from "../world/chance.ts";
import { askYesNo } from "../world/terminal-prompts.ts";
import { carryOut } from "./carry-out.ts";
import { takenBefore } from "./claimed-locks.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import type { Prepared } from "./prepare.ts";
import { note, refuse, stdoutStyle } from "./print.ts";
import { carryOn, openState, prepareAgain, type Again } from "./resume-command.ts";
import { readSecrets } from "./read-secrets.ts";
import { notOpened } from "./run-command.ts";
import { openPorts } from "./run-ports.ts";
import { notHeld, whyOver } from "./run-standing.ts";
import { fileOfRun, runStore, type KeptRun } from "./run-store.ts";
import { concludeUndoing, tellUndone, undoingAgain, undoingOf, type Undoing } from "./undone-run.ts";

/** A run that is to be undone. */
interface Wanted {
  readonly context: CommandContext;
  readonly stateFolder: string;
  readonly run: string;
  readonly kept: KeptRun;
}

/** A rollback that has begun and is not over: its run and its journal. */
interface Begun {
  readonly by: string;
  readonly kept: KeptRun;
}

/** `rollback RUN`: shows what undoes a run, asks once, and does it as a run of its own. One that was cut short goes on. */
export async function rollbackCommand(context: CommandContext): Promise<number> {
  const stateFolder = await openState(context);
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  const store = runStore(stateFolder.value);
  const found = store.find(context.args.operands[0] ?? "");
  if (found.kind === "error") return refuse(context, [found.error]);
  const run = found.value;
  const alive = store.hold(run);
  if (alive.kind !== "held") {
    note(context, notHeld(stateFolder.value, run, alive));
    return EXIT.stopped;
  }
  try {
    const kept = await store.read(run);
    if (kept.kind === "error") return refuse(context, [errorWithoutPlace("journal", kept.error)]);
    return await undoRun({ context, stateFolder: stateFolder.value, run, kept: kept.value });
  } finally {
    alive.release();
  }
}

async function undoRun(wanted: Wanted): Promise<number> {
  const { context, stateFolder, run, kept } = wanted;
  const { started, rollback } = deedsOf(kept.events);
  if (started.undoes !== undefined) return refuse(context, [errorWithoutPlace("is-a-rollback", `the run ${run} undoes the run ${started.undoes} and is not undone itself`, whyOver(kept.events) === undefined ? `${context.typed} resume ${run} goes on with it` : "run the runbook again to do anew what it undid")]);
  if (rollback?.state === "done") return refuse(context, [errorWithoutPlace("run-is-over", `the run ${run} was rolled back by the run ${rollback.by}`, `${context.typed} show ${rollback.by}`)]);
  const before = rollback === undefined ? undefined : await runStore(stateFolder).read(rollback.by);
  if (before?.kind === "error") return refuse(context, [errorWithoutPlace("journal", before.error)]);
  const begun = rollback === undefined || before?.value.events[0]?.type !== "run-started" ? undefined : { by: rollback.by, kept: before.value };
  const earlier = begun === undefined ? undefined : recordedOf(begun.kept.events);
  if (begun !== undefined && (earlier?.result === "succeeded" || earlier?.result === "nothing to do")) {
    // Its runner died between its end and this.
    note(context, `The run ${run} is undone already, by the run ${begun.by}.`);
    return concluded(context, await concludeUndoing(stateFolder, run, begun.by, EXIT.ok));
  }
  const again = await prepareAgain(context, run, kept, "rollback");
  if (again.kind === "ended") return again.exitCode;
  return agreed(wanted, again.again, begun !== undefined && whyOver(begun.kept.events) === "was abandoned" ? undefined : begun);
}

/** Shows what would be undone, asks, and does it. */
async function agreed(wanted: Wanted, again: Again, begun: Begun | undefined): Promise<number> {
  const { context, run, kept } = wanted;
  const leave = context.args.values.get("leave") ?? [];
  const undoing = undoingOf(again.prepared, kept.events, [...new Set([...begun === undefined ? [] : leftBy(begun.kept.events), ...leave])]);
  if (undoing.kind === "error") return refuse(context, undoing.error);
  const { undo, plan, deeds } = undoing.value;
  const { args, surroundings } = context;
  // Of a run that was cut short in a step of its `always`, or in a job, nothing can be said before it has come to rest.
  const restsFirst = begun === undefined && !isAtRest(deeds) && undo.entries.length === 0 && undo.end?.isOpen === true;
  const isNothing = !restsFirst && undo.entries.length === 0 && (undo.end !== undefined || undo.passed.length === 0);
  const page = surroundings.canAsk || args.given.has("json") ? surroundings.stderr : surroundings.stdout;
  page.write(`${rollbackLines(plan, undo, { isAtRest: isAtRest(deeds), typed: `${context.typed} rollback ${run}` }, stdoutStyle(context)).join("\n")}\n`);
  if (isNothing) return undo.end === undefined ? EXIT.ok : EXIT.stopped;
  if (!args.given.has("yes") && !surroundings.canAsk) {
    note(context, `Nothing was undone: there is no terminal on which this could be accepted. To accept it: ${context.typed} rollback ${run}${leave.map((step) => ` --leave ${step}`).join("")} --yes`);
    return EXIT.wrong;
  }
  if (!args.given.has("yes")) {
    const answer = await askYesNo(plan.simulated ? "Undo it so on the simulated system?" : "Undo it so?");
    if (answer.kind === "left" || !answer.value) {
      note(context, "Nothing was undone.");
      return EXIT.cancelled;
    }
  }
  if (begun !== undefined) return goOnUndoing(wanted, begun, leave);
  const rested = isAtRest(deeds) ? undoing.value : await bringToRest(wanted, again, undoing.value);
  return typeof rested === "number" ? rested : beginUndoing(wanted, again, rested);
}

/** A run that had not come to rest does so first: what is in doubt is looked at, what `always` owes is paid. */
async function bringToRest(wanted: Wanted, again: Again, shown: Undoing): Promise<Undoing | number> {
  const { context, stateFolder, run, kept } = wanted;
  note(context, `The run ${run} comes to rest first: what is in doubt is looked at, and what it owes is cleaned up.`);
  const exitCode = await carryOn(again, stateFolder, run, kept, "rollback");
  const rested = await runStore(stateFolder).read(run);
  if (rested.kind === "error") return refuse(context, [errorWithoutPlace("journal", rested.error)]);
  const undoing = undoingOf(again.prepared, rested.value.events, shown.left);
  if (undoing.kind === "error") return refuse(context, undoing.error);
  const { deeds, undo } = undoing.value;
  if (deeds.result === "cancelled" || deeds.result === "interrupted") return exitCode;
  const because = deeds.owed.length > 0 ? `what ${deeds.owed.join(", ")} owes is not cleaned up yet` : undo.entries.length === 0 && undo.end !== undefined ? `${undo.end.path}: ${undo.end.because}` : undefined;
  if (because !== undefined) {
    note(context, `Nothing was undone: ${because}.`);
    return EXIT.stopped;
  }
  const known = new Set(shown.undo.entries.map(({ path }) => path));
  // What a rescue did that was cut short and is finished now was not shown yet.
  return undo.entries.every(({ path }) => known.has(path)) ? undoing.value : agreed({ ...wanted, kept: rested.value }, { ...again, recorded: recordedOf(rested.value.events) }, undefined);
}

async function beginUndoing({ context, stateFolder, run }: Wanted, { own, prepared, recorded }: Again, agreedTo: Undoing): Promise<number> {
  const secrets = await readSecrets(own, prepared.runbook, recorded.started.inputs);
  if (secrets.kind === "error") return secrets.error === "left" ? EXIT.cancelled : refuse(context, secrets.error);
  const again = await undoingAgain(stateFolder, run, prepared, agreedTo.left, secrets.value);
  if (again.kind === "error") return refuse(context, again.error);
  const undoing = again.value;
  const by = systemChance().runId();
  const undertaken: Prepared = { ...prepared, stateFolder, plan: undoing.plan };
  const ports = await openPorts(own, undertaken, by, "run", timeMs(recorded.lastAt));
  if (ports.kind === "error") return notOpened(context, ports.error);
  const locks = takenBefore(ports.value.locks, prepared.runbook, undertaken.plan.locks, by, run);
  if (locks.kind === "error") {
    ports.value.close();
    note(context, `The run ${run} is not undone: ${locks.error}. Nothing was done.`);
    return EXIT.stopped;
  }
  const store = runStore(stateFolder);
  const held = store.hold(by);
  const kept = await store.begin(by, fileOfRun(own, prepared), undertaken);
  const told = kept.kind === "error" ? kept : await tellUndone(stateFolder, run, { type: "rollback-started", by }, timeText(ports.value.clock.now()));
  if (kept.kind === "error" || told.kind === "error") {
    ports.value.close();
    note(context, `${kept.kind === "error" ? kept.error : told.kind === "error" ? told.error : ""} Nothing was undone.`);
    return EXIT.stopped;
  }
  try {
    const exitCode = await carryOut(own, { run: by, prepared: undertaken, secrets: secrets.value, ports: ports.value, journal: kept.value.journal, locks: locks.value, inbox: kept.value.inbox, rollback: undoing });
    return concluded(context, await concludeUndoing(stateFolder, run, by, exitCode));
  } finally {
    await kept.value.close();
    if (held.kind === "held") held.release();
  }
}

async function goOnUndoing({ context, stateFolder }: Wanted, { by, kept }: Begun, leave: readonly string[]): Promise<number> {
  const held = runStore(stateFolder).hold(by);
  if (held.kind !== "held") {
    note(context, notHeld(stateFolder, by, held));
    return EXIT.stopped;
  }
  try {
    const again = await prepareAgain(context, by, kept, "go-on");
    return again.kind === "ended" ? again.exitCode : await carryOn(again.again, stateFolder, by, kept, "go-on", leave);
  } finally {
    held.release();
  }
}

function concluded(context: CommandContext, conclusion: Awaited<ReturnType<typeof concludeUndoing>>): number {
  if (conclusion.kind === "ok") return conclusion.value;
  note(context, `It is undone, and that could not be kept: ${conclusion.error} Type the same command again.`);
  return EXIT.stopped;
}

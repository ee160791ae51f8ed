import type { AcceptedChange, Event, RunResumed } from "../core/event.ts";
import type { AskedQuestion, Journal, Reply } from "../core/port.ts";
import { execute } from "../interpreter/run/execute.ts";
import { isOver } from "../interpreter/run/status.ts";
import { localEngine } from "../interpreter/run/local-engine.ts";
import type { Recorded } from "../interpreter/run/recorded.ts";
import type { RunSecrets } from "../interpreter/run/run-secrets.ts";
import { AtWork } from "../views/at-work.ts";
import { currentAccount } from "../world/account.ts";
import { maskedTransports } from "../world/masked-transports.ts";
import type { CommandContext } from "./command.ts";
import { claimBeforeChanges, type ClaimedLocks } from "./claimed-locks.ts";
import { EXIT } from "./exit-code.ts";
import { OpenQuestions } from "./open-questions.ts";
import { peopleOfRun } from "./people-of-run.ts";
import type { Prepared } from "./prepare.ts";
import { note } from "./print.ts";
import type { RunPorts } from "./run-ports.ts";
import { runView } from "./run-view.ts";
import { stepPermit } from "./step-permit.ts";
import { cancelAtSignals } from "./stop-signals.ts";
import { nextCommands, toBeAnswered } from "./typed-again.ts";
import type { Undoing } from "./undone-run.ts";
import { VERSION } from "./version.ts";

/** A run that is to be carried out: begun, or taken up. */
export interface Undertaking {
  readonly run: string;
  readonly prepared: Prepared;
  /** Undefined for a run without any. */
  readonly secrets: RunSecrets | undefined;
  readonly ports: RunPorts;
  readonly journal: Journal;
  readonly locks: ClaimedLocks;
  /** Where answers that people leave are found. */
  readonly inbox: string;
  /** For a run that is taken up: its events so far, and what they tell. */
  readonly before?: { readonly events: readonly Event[]; readonly recorded: Recorded; readonly to: RunResumed["to"]; readonly changes: readonly AcceptedChange[] };
  /** For a run that undoes another one: what undoes it. */
  readonly rollback?: Undoing;
}

/** Carries a run out, shows it, and answers with its exit code. */
export async function carryOut(context: CommandContext, { run, prepared, secrets, ports, journal, locks, inbox, before, rollback }: Undertaking): Promise<number> {
  const { surroundings, args } = context;
  const { account, host } = currentAccount();
  const { presence } = ports.people;
  surroundings.journalled();
  const view = await runView(context, {
    stateFolder: prepared.stateFolder, seenBefore: before === undefined && (rollback !== undefined || !args.given.has("yes")) ? "plan" : "nothing", shownMs: ports.shownMs,
    answering: presence === "terminal" ? "on this terminal" : "elsewhere", before: before?.events ?? [],
  });
  const atWork = new AtWork();
  const open = new OpenQuestions(before?.events ?? []);
  const answering = peopleOfRun({ inbox, people: ports.people, journal: claimBeforeChanges(journal, locks, run, ports.kept), isSimulated: ports.transports.simulated, before: before?.events ?? [] });
  const ask = async (question: AskedQuestion, warn: (because: string) => void): Promise<Reply> => {
    const reply = await answering.people.ask(question, warn);
    if (reply.kind === "left") execution.cancel("the question was left");
    return reply;
  };
  const engine = localEngine({
    journal: answering.journal,
    people: { presence, ask },
    onEvent: (event) => {
      open.see(event);
      atWork.see(event);
      view.see(event);
    },
    permit: args.given.has("step") ? stepPermit(surroundings, view) : undefined,
  });
  if (rollback !== undefined) locks.inherit(rollback.undo.undoes);
  const execution = execute({
    runbook: prepared.runbook, plan: prepared.plan, run, digest: prepared.digest, operator: account, account, host, tool: `runbook ${VERSION}`,
    clock: ports.clock, transports: secrets === undefined ? ports.transports : maskedTransports(ports.transports, secrets.known), engine, lock: locks.lock,
    next: (end, undoable) => {
      if (before?.to === "rollback") return toBeAnswered(context, run, open.list);
      const givenUp = before?.to !== "abandon" ? "no" : end.owed.length === 0 ? "wholly" : "owing";
      return nextCommands(context, prepared.plan, run, end, { open: open.list, keptOff: locks.keptOffBy(), undoable, undoes: rollback?.undo.undoes, givenUp });
    },
    ...(secrets === undefined ? {} : { secrets }), ...(before === undefined ? {} : { recorded: before.recorded, to: before.to, changes: before.changes }), ...(rollback === undefined ? {} : { rollback }),
  });
  const deaf = cancelAtSignals(surroundings, view, atWork, execution);
  const unkept: string[] = [];
  let exitCode: number;
  try {
    const end = await execution.finished;
    exitCode = end.exitCode;
    const recorded = await journal.sync();
    if (recorded.kind === "error") unkept.push(`The end of the run is not recorded. ${recorded.error}`);
    else if (isOver(end, before?.to ?? "go-on")) locks.letGo(run);
    else if (before?.to === "abandon") unkept.push(`The run ${run} has not let go of its system: it still owes ${end.owed.join(", ")}. Abandon it again when that can be paid.`);
  } finally {
    deaf();
    view.close();
    const closed = ports.close();
    if (closed.kind === "error") unkept.push(`${closed.error}.`);
  }
  for (const because of unkept) note(context, because);
  return unkept.length > 0 && exitCode === EXIT.ok ? EXIT.stopped : exitCode;
}

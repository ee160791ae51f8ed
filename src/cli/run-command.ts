import type { Plan } from "../core/plan.ts";
import { execute } from "../interpreter/run/execute.ts";
import { localEngine } from "../interpreter/run/local-engine.ts";
import { AtWork } from "../views/at-work.ts";
import { planLines } from "../views/plan-text.ts";
import { currentAccount } from "../world/account.ts";
import { systemChance } from "../world/chance.ts";
import { noJournal } from "../world/no-journal.ts";
import { acceptPlan } from "./accept-plan.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { note, print, printDiagnostics, refuse, stdoutStyle } from "./print.ts";
import { openPorts, type RunPorts } from "./run-ports.ts";
import { runView } from "./run-view.ts";
import { stepPermit } from "./step-permit.ts";
import { cancelAtSignals } from "./stop-signals.ts";
import { nextCommands, typedAgain } from "./typed-again.ts";
import { VERSION } from "./version.ts";

/** `run FILE`: check, plan, ask once, run; answers with the run's exit code. */
export async function runCommand(context: CommandContext): Promise<number> {
  const prepared = await prepare(context);
  if (prepared.kind === "error") return prepared.error === "left" ? left(context) : refuse(context, prepared.error);
  printDiagnostics(context, prepared.value.warnings);
  const accepted = await acceptPlan(context, prepared.value.plan, prepared.value.stateFolder);
  switch (accepted) {
    case "nobody":
      return notAccepted(context, prepared.value.plan);
    case "left":
    case "declined":
      return left(context);
    case "accepted":
      break;
  }
  if (context.args.given.has("step") && !context.surroundings.canAsk) {
    note(context, "--step asks before every change, and there is no terminal to ask on. Nothing was run.");
    return EXIT.wrong;
  }
  const run = systemChance().runId();
  const ports = await openPorts(context, prepared.value, run, "run");
  if (ports.kind === "ok") return await carriedOut(context, prepared.value, ports.value, run);
  if (!("taken" in ports.error)) return refuse(context, ports.error);
  note(context, ports.error.taken);
  return EXIT.stopped;
}

/** A person went away from a prompt, or said no. */
function left(context: CommandContext): number {
  note(context, "Nothing was run.");
  return EXIT.cancelled;
}

/** Without a terminal and without `--yes`: the plan is printed, and nothing is run. */
function notAccepted(context: CommandContext, plan: Plan): number {
  if (!context.args.given.has("json")) print(context, planLines(plan, "short", stdoutStyle(context)));
  note(context, `Nothing was run: there is no terminal on which this plan could be accepted. Every command and what today's looks say: ${typedAgain(context, "plan")} --all. To accept it: ${typedAgain(context, "run")} --yes`);
  return EXIT.wrong;
}

async function carriedOut(context: CommandContext, prepared: Prepared, ports: RunPorts, run: string): Promise<number> {
  const { surroundings, args } = context;
  const { account, host } = currentAccount();
  const { presence } = ports.people;
  const view = await runView(context, { stateFolder: prepared.stateFolder, seenBefore: args.given.has("yes") ? "nothing" : "plan", shownMs: ports.shownMs, answering: presence === "terminal" ? "on this terminal" : "elsewhere" });
  const atWork = new AtWork();
  const engine = localEngine({
    journal: noJournal(),
    people: {
      presence,
      ask: async (question) => {
        const answer = await ports.people.ask(question);
        if (answer === undefined && presence === "terminal") execution.cancel("the question was left");
        return answer;
      },
    },
    onEvent: (event) => {
      atWork.see(event);
      view.see(event);
    },
    permit: args.given.has("step") ? stepPermit(surroundings, view) : undefined,
  });
  const execution = execute({
    runbook: prepared.runbook, plan: prepared.plan, run, digest: prepared.digest, operator: account, account, host, tool: `runbook ${VERSION}`,
    clock: ports.clock, transports: ports.transports, engine, lock: ports.lock, next: (end) => nextCommands(context, prepared.plan, end),
  });
  const deaf = cancelAtSignals(surroundings, view, atWork, execution);
  try {
    return (await execution.finished).exitCode;
  } finally {
    deaf();
    view.close();
    ports.close();
  }
}

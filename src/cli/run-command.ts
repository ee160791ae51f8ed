import type { Diagnostic } from "../core/diagnostic.ts";
import type { Plan } from "../core/plan.ts";
import { planLines } from "../views/plan-text.ts";
import { systemChance } from "../world/chance.ts";
import { acceptPlan } from "./accept-plan.ts";
import { carryOut } from "./carry-out.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { prepare } from "./prepare.ts";
import { note, print, printDiagnostics, refuse, stdoutStyle } from "./print.ts";
import { readSecrets } from "./read-secrets.ts";
import { openPorts } from "./run-ports.ts";
import { fileOfRun, runStore } from "./run-store.ts";
import { typedAgain } from "./typed-again.ts";

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
  const secrets = await readSecrets(context, prepared.value.runbook, prepared.value.plan.inputs);
  if (secrets.kind === "error") return secrets.error === "left" ? left(context) : refuse(context, secrets.error);
  const run = systemChance().runId();
  const ports = await openPorts(context, prepared.value, run, "run");
  if (ports.kind === "error") return notOpened(context, ports.error);
  const store = runStore(prepared.value.stateFolder);
  const held = store.hold(run);
  const kept = await store.begin(run, fileOfRun(context, prepared.value), prepared.value);
  if (kept.kind === "error") {
    ports.value.close();
    if (held.kind === "held") held.release();
    note(context, `${kept.error} Nothing was run.`);
    return EXIT.stopped;
  }
  try {
    return await carryOut(context, { run, prepared: prepared.value, secrets: secrets.value, ports: ports.value, journal: kept.value.journal, locks: ports.value.locks, inbox: kept.value.inbox });
  } finally {
    await kept.value.close();
    if (held.kind === "held") held.release();
  }
}

/** Why the system could not be opened, and the exit code of that. */
export function notOpened(context: CommandContext, because: readonly Diagnostic[] | { readonly taken: string }): number {
  if (!("taken" in because)) return refuse(context, because);
  note(context, because.taken);
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

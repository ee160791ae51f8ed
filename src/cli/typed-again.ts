import type { RunFinished } from "../core/event.ts";
import type { Plan, PlanNode } from "../core/plan.ts";
import type { Kept } from "./claimed-locks.ts";
import type { CommandContext } from "./command.ts";
import { waysToAnswer, type OpenQuestion } from "./open-questions.ts";

/** A word as the shells of a system take it. On Windows as both cmd.exe and PowerShell do, which agree on double quotes alone: what each makes of `$` and `%` inside them is beyond that. */
export function typedWord(text: string, platform: NodeJS.Platform): string {
  if (platform !== "win32") return /^[\w./:@%+=,-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  // Backslashes before a quote are doubled, so that the last one of a folder does not take the quote with it.
  return /^[\w./:+=\\-]+$/u.test(text) ? text : `"${text.replaceAll(/(\\*)"/gu, '$1$1\\"').replace(/\\+$/u, "$&$&")}"`;
}

/** A word as the shells of this machine take it. */
function shellWord(text: string): string {
  return typedWord(text, process.platform);
}

/** A command as it was typed, for another command word: the same file, values and places. */
export function typedAgain({ args, typed }: CommandContext, command: string): string {
  const flags = [...args.values].filter(([name]) => name !== "pace" && name !== "color" && name !== "leave").flatMap(([name, values]) => values.map((value) => `--${name} ${shellWord(value)}`));
  return [typed, command, ...args.operands.map(shellWord), ...flags].join(" ");
}

/** The flags among these that were given, as they are typed again. */
function flagsAgain({ args }: CommandContext, names: readonly string[]): string {
  return names.flatMap((name) => (args.values.get(name) ?? []).map((value) => ` --${name} ${shellWord(value)}`)).join("");
}

/** `world show` or `world reset` for the simulated system that a command was about. */
function worldCommandLine(context: CommandContext, verb: "show" | "reset"): string {
  return `${context.typed} world ${verb}${flagsAgain(context, ["system", "inventory", "state"])}`;
}

/** A command about a run, with what else it takes, and with the state folder that was given. */
export function runCommandLine(context: CommandContext, command: string, run: string, ...words: readonly string[]): string {
  return `${[context.typed, command, run, ...words].join(" ")}${flagsAgain(context, ["state"])}`;
}

/** The command that puts one simulated system, of this name, back to its start. */
export function resetCommandLine(context: CommandContext, system: string): string {
  return `${context.typed} world reset --system ${shellWord(system)}${flagsAgain(context, ["inventory", "state"])}`;
}

/** The command that answers a question of a run, in one of the ways that it takes. */
export function answerCommandLine(context: CommandContext, run: string, { step }: OpenQuestion, flags: string): string {
  return runCommandLine(context, "answer", run, shellWord(step), flags);
}

/** What the next commands depend on besides the end of a run. */
interface Aftermath {
  /** The questions that nobody has answered. */
  readonly open: readonly OpenQuestion[];
  /** Another run kept it off what it was to work on. */
  readonly keptOff: Kept | undefined;
  /** Steps that did something and say how it is undone. */
  readonly undoable: readonly string[];
  /** The run that this one undoes. */
  readonly undoes: string | undefined;
  /** Whether it was to be given up: `wholly`, and it is not taken up again; `owing`, and it has not let go yet. */
  readonly givenUp: "no" | "owing" | "wholly";
}

function answerCommands(context: CommandContext, run: string, open: readonly OpenQuestion[]): RunFinished["next"] {
  return open.map((question) => {
    const [first, ...others] = waysToAnswer(question);
    return { command: answerCommandLine(context, run, question, first?.flags ?? ""), does: `leaves that answer${others.map(({ flags }) => `, or ${flags}`).join("")}` };
  });
}

/** What a person may type where a run that is to be undone came to no rest, because something is asked; nothing where nothing is: the undoing follows. */
export function toBeAnswered(context: CommandContext, run: string, open: readonly OpenQuestion[]): RunFinished["next"] {
  return open.length === 0 ? [] : [...answerCommands(context, run, open), { command: runCommandLine(context, "rollback", run), does: "undoes it with that answer" }];
}

/** What a person may type after a run, in the form that was typed. */
export function nextCommands(context: CommandContext, plan: Plan, run: string, end: Pick<RunFinished, "result">, { open, keptOff, undoable, undoes, givenUp }: Aftermath): RunFinished["next"] {
  const again = typedAgain(context, "run");
  const ofRun = (command: string, which = run): string => runCommandLine(context, command, which);
  if (keptOff?.kind === "taken") return [{ command: ofRun("show", keptOff.holder.run), does: "shows what the other run has done so far" }];
  if (keptOff?.kind === "claimed") return [{ command: ofRun("resume", keptOff.holder.run), does: "goes on with the other run" }, { command: ofRun("abandon", keptOff.holder.run), does: "gives the other run up: what it owes is cleaned up, and the system is let go" }];
  // Of a run that was given up wholly an answer is for what undoes it.
  const answers = givenUp === "wholly" && undoable.length === 0 ? [] : answerCommands(context, run, open);
  const ofWorld = plan.simulated ? [
    { command: worldCommandLine(context, "show"), does: "shows the simulated system as the run left it" },
    { command: worldCommandLine(context, "reset"), does: "puts the simulated system back to its start, to run it anew" },
  ] : [];
  if (undoes !== undefined) return [...answers, ...afterUndoing(ofRun, end, undoes, givenUp), ...ofWorld];
  const undo = undoable.length === 0 ? [] : [{ command: ofRun("rollback"), does: "undoes what it did, after showing how" }];
  const goOn = givenUp === "wholly" ? [] : [{ command: ofRun("resume"), does: "goes on with this run, from what is true in the system" }];
  const giveUp = givenUp === "owing" ? [{ command: ofRun("abandon"), does: "lets go of the system once nothing is owed any more" }] : [];
  switch (end.result) {
    case "succeeded":
      return [{ command: again, does: whatAgain(plan) }, ...ofWorld];
    case "nothing to do":
      return ofWorld;
    case "waiting":
      return [...answers, { command: ofRun("resume"), does: "goes on with the answer; without one it asks on a terminal" }, ...undo, ...ofWorld];
    case "stopped":
    case "failed":
    case "cancelled":
    case "interrupted":
      return [...answers, ...giveUp, ...goOn, ...undo, { command: typedAgain(context, "plan"), does: "shows what today's looks say, and changes nothing" }, ...ofWorld];
  }
}

/** What a person may type after a rollback. */
function afterUndoing(ofRun: (command: string, which?: string) => string, { result }: Pick<RunFinished, "result">, undoes: string, givenUp: Aftermath["givenUp"]): RunFinished["next"] {
  if (result === "succeeded" || result === "nothing to do") return [{ command: ofRun("show", undoes), does: "shows the run that was undone" }];
  if (givenUp === "wholly") return [{ command: ofRun("rollback", undoes), does: "begins anew to undo it" }];
  const goOn = { command: ofRun("rollback", undoes), does: "goes on with undoing it; --leave STEP goes past a step that is to stay as it is" };
  const giveUp = { command: ofRun("abandon"), does: "gives up undoing it, and lets go of the system" };
  return [goOn, giveUp];
}

/** What a further run of a runbook that has succeeded does. */
function whatAgain({ nodes }: Plan): string {
  if (nodes.every((node) => node.effect === "reads")) return "looks again";
  const isGoalAsked = nodes.some(({ phase }) => phase === "postcondition");
  return isGoalAsked || !nodes.some(cannotTell) ? "finds everything done, and changes nothing" : "runs it once more: a step that cannot look does its work again";
}

/** True where a step changes something, or a person does, and no reading of its own can tell that it is done. */
function cannotTell({ kind, effect, actions, children }: PlanNode): boolean {
  return kind === "leaf" ? effect !== "reads" && !actions.some((action) => action.effect === "reads") : children.some(cannotTell);
}

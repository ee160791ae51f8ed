import type { Diagnostic } from "../core/diagnostic.ts";
import { errorWithoutPlace } from "../core/diagnostic.ts";
import type { AcceptedChange, RunResumed } from "../core/event.ts";
import { canonicalJson } from "../core/json.ts";
import type { FileChange } from "../interpreter/run/changed-file.ts";
import type { Recorded } from "../interpreter/run/recorded.ts";
import { askChoice, askYesNo } from "../world/terminal-prompts.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import type { Prepared } from "./prepare.ts";
import { note } from "./print.ts";

/** With what a run goes on whose file was changed. */
export interface Accepted {
  readonly changes: readonly AcceptedChange[];
  /** Steps that have run and are entered again, by their paths without items. */
  readonly again: readonly string[];
}

/** Inputs whose declaration is another one now: what was recorded may not fit it any more. Where a value comes from that was not given is nothing to one that was. */
export function invalidInputs(recorded: Recorded, { runbook }: Prepared, before: Prepared["runbook"]): readonly Diagnostic[] {
  const shape = (schema: object): string => canonicalJson({ ...schema, description: undefined, examples: undefined, default: undefined, required: undefined, from: undefined });
  return runbook.inputs.flatMap(({ name, schema, span }) => {
    const old = before.inputs.find((input) => input.name === name);
    const isGiven = recorded.started.inputs.some((input) => input.name === name);
    if (old !== undefined && (!isGiven || shape(old.schema) === shape(schema))) return [];
    if (old === undefined && !isGiven && (schema.required === false || "default" in schema)) return [];
    return [{ ...errorWithoutPlace("input-changed", `the input \`${name}\` is declared differently since the run began, and its value was recorded`, "put the declaration back, or abandon the run"), span }];
  });
}

const AS_DONE = "Take them as done, as they ran";
const ENTER_AGAIN = "Enter them again, as they stand in the file now";
const STOP = "Do nothing";

/** Tells what was changed in the file since, and asks where an answer is needed: taken as done, entered again, or stop. Of a run that is given up nothing is entered again, so nobody is asked. Gives the exit code where the run does not go on. */
export async function acceptChanges(context: CommandContext, run: string, to: RunResumed["to"], changes: readonly FileChange[], isSame: boolean): Promise<Accepted | number> {
  const { args } = context;
  const asked = changes.filter(({ kind }) => kind === "needs-answer");
  const accepted = (answer: "as-done" | "enter-again"): Accepted => ({
    changes: changes.map(({ kind, step, what, again }) => ({ step, what, answer: kind === "harmless" ? "harmless" : answer, ...(answer === "enter-again" && again.length > 0 ? { again } : {}) })),
    again: answer === "as-done" ? [] : asked.flatMap(({ again }) => again),
  });
  if (changes.length === 0) {
    if (!isSame) note(context, "The runbook was changed since the run began, in nothing that it does.");
    return accepted("as-done");
  }
  for (const { kind, what } of changes) note(context, `${kind === "harmless" ? "changed since" : kind === "impossible" ? "IMPOSSIBLE" : to === "abandon" ? "changed since, and taken as it ran" : "TO BE ANSWERED"}: ${what}`);
  if (changes.some(({ kind }) => kind === "impossible")) {
    note(context, `The run ${run} cannot go on with this file: put the step back as it was, resume, and change it afterwards.`);
    return EXIT.stopped;
  }
  if (to === "abandon") return accepted("as-done");
  if (args.given.has("as-done") && args.given.has("enter-again")) {
    note(context, "--as-done and --enter-again are two answers: give one.");
    return EXIT.wrong;
  }
  if (asked.length === 0 ? args.given.has("yes") : args.given.has("as-done")) return accepted("as-done");
  if (asked.length > 0 && args.given.has("enter-again")) return accepted("enter-again");
  return askAbout(context, asked.length, accepted);
}

async function askAbout(context: CommandContext, asked: number, accepted: (answer: "as-done" | "enter-again") => Accepted): Promise<Accepted | number> {
  if (!context.surroundings.canAsk) {
    note(context, asked === 0 ? "--yes goes on with the changed file." : "What has run is not run again with --as-done; with --enter-again it is entered as it stands in the file now: it looks first, and what cannot look is done again.");
    return EXIT.wrong;
  }
  if (asked === 0) {
    const yes = await askYesNo("Go on with the changed file?");
    if (yes.kind === "answered" && yes.value) return accepted("as-done");
  } else {
    const answer = await askChoice("What about the steps that have run?", [AS_DONE, ENTER_AGAIN, STOP]);
    if (answer.kind === "answered" && answer.value !== STOP) return accepted(answer.value === AS_DONE ? "as-done" : "enter-again");
  }
  note(context, "Nothing was done.");
  return EXIT.cancelled;
}

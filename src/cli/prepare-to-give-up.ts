import type { Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import { changesOf } from "../interpreter/run/changed-file.ts";
import type { Recorded } from "../interpreter/run/recorded.ts";
import { invalidInputs } from "./accept-changes.ts";
import type { CommandContext } from "./command.ts";
import { prepare, type InputsOf, type Prepared } from "./prepare.ts";
import { note } from "./print.ts";
import { isAsBefore, loadBefore } from "./runbook-before.ts";
import type { KeptRun } from "./run-store.ts";

/**
 * Loads what a run needs to be given up: its files as they are now, so that an `always` that was mended is carried out as it stands now. Where they
 * cannot be read any more, or do not fit what has run, it is given up with its files as they were when it was last taken up, or began: that is said.
 */
export async function prepareToGiveUp(context: CommandContext, kept: KeptRun, recorded: Recorded): Promise<Result<Prepared, readonly Diagnostic[] | "left">> {
  const inputsOf: InputsOf = async () => ok(recorded.started.inputs);
  const now = await prepare(context, inputsOf);
  const why = now.kind === "error" ? now.error === "left" ? undefined : now.error[0]?.message : await whyNotAsNow(context, kept, recorded, now.value);
  if (why === undefined) return now;
  const { args } = context;
  const before = await prepare({ ...context, args: { ...args, operands: [kept.file.file] } }, inputsOf, (path) => {
    const text = kept.texts.get(path);
    return text === undefined ? error("it was not among the run's files") : ok(text);
  });
  if (before.kind === "error") return now;
  note(context, `${why}. The run is given up with its files as they were when it was last taken up, or began.`);
  return before;
}

/** Why what has run cannot be told by the files as they are now; undefined where it can. */
async function whyNotAsNow(context: CommandContext, kept: KeptRun, recorded: Recorded, prepared: Prepared): Promise<string | undefined> {
  const before = isAsBefore(kept, prepared) ? undefined : loadBefore(kept, await context.loadBuiltins(), prepared);
  if (before === undefined) return undefined;
  const [invalid] = invalidInputs(recorded, prepared, before);
  return invalid?.message ?? changesOf(before, prepared.runbook, recorded).find(({ kind }) => kind === "impossible")?.what;
}

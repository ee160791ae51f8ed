import { resolve } from "node:path";
import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { ResolvedInput } from "../core/plan.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Runbook } from "../core/runbook.ts";
import { missingInputs, resolveInputs, type InputSource } from "../interpreter/language/inputs.ts";
import { readTextFile } from "../world/files.ts";
import { systemInputs, type ChosenSystem } from "./choose-system.ts";
import type { CommandContext } from "./command.ts";
import { displayPath } from "./find-file.ts";
import { pageStyle } from "./page-style.ts";
import { environmentSource, promptSource, setSource, valuesSource } from "./input-sources.ts";

/** The inputs of a run, each with its origin; what nobody gave is asked for where a person can be asked. Of secrets only the sources: they are read when the plan is accepted. `left`: the person went away from the prompt. */
export async function gatherInputs(context: CommandContext, runbook: Runbook, chosen: ChosenSystem): Promise<Result<readonly ResolvedInput[], readonly Diagnostic[] | "left">> {
  const { args, surroundings } = context;
  const { workingFolder } = surroundings;
  const faults: Diagnostic[] = [];
  const sources: InputSource[] = [];
  const take = (source: Result<InputSource, readonly Diagnostic[]>): void => {
    if (source.kind === "ok") sources.push(source.value);
    else faults.push(...source.error);
  };
  take(setSource(args.values.get("set") ?? [], workingFolder));
  for (const typed of args.values.get("values") ?? []) take(readValues(typed, workingFolder));
  sources.push(...systemInputs(chosen), environmentSource(surroundings.env, workingFolder));
  if (faults.length > 0) return error(faults);
  const missing = surroundings.canAsk ? missingInputs(runbook, sources) : [];
  if (missing.length > 0) {
    const { askInput } = await import("./ask-input.ts");
    const typed = new Map<string, string>();
    for (const input of missing) {
      const answer = await askInput(input, surroundings.stderr, pageStyle(surroundings.stderr, surroundings.env, args));
      if (answer.kind === "left") return error("left");
      typed.set(input.name, answer.value);
    }
    sources.push(promptSource(typed, workingFolder));
  }
  const notNamed = chosen.system === undefined ? [...(chosen.inventory?.systems.values() ?? [])] : [];
  return resolveInputs(runbook, sources, surroundings.canAsk ? "terminal" : "nobody", notNamed);
}

function readValues(typed: string, workingFolder: string): Result<InputSource, readonly Diagnostic[]> {
  const file = resolve(workingFolder, typed);
  const text = readTextFile(file);
  if (text.kind === "error") return error([errorWithoutPlace("cannot-read", `--values ${typed}: ${text.error}`)]);
  const source = valuesSource(file, { name: displayPath(file, workingFolder), text: text.value });
  return source.kind === "ok" ? ok(source.value) : source;
}

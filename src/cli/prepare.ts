import { resolve } from "node:path";
import { errorWithoutPlace, hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import { sha256 } from "../core/digest.ts";
import { nameHint } from "../core/names.ts";
import type { Plan, ResolvedInput } from "../core/plan.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Runbook } from "../core/runbook.ts";
import type { Source } from "../core/source.ts";
import { transportFor } from "../interpreter/language/inventory-transport.ts";
import { loadRunbook } from "../interpreter/language/load.ts";
import { makePlan } from "../interpreter/plan/make-plan.ts";
import { translate } from "../interpreter/plan/translate.ts";
import { readTextFile } from "../world/files.ts";
import { chooseStateFolder, lookIntoStateFolder, openStateFolder } from "../world/state-folder.ts";
import { trackedFiles } from "../world/tracked-files.ts";
import { chooseSystem, type ChosenSystem } from "./choose-system.ts";
import { valueOf, type CommandContext } from "./command.ts";
import { displayPath, findRunbookFile, projectFolderOf } from "./find-file.ts";
import { gatherInputs } from "./gather-inputs.ts";
import { openProject, type Project } from "./project.ts";

/** Where the values of the inputs come from. */
export type InputsOf = (context: CommandContext, runbook: Runbook, chosen: ChosenSystem) => Promise<Result<readonly ResolvedInput[], readonly Diagnostic[] | "left">>;

/** The text of a file, or why it cannot be read. */
type ReadFile = typeof readTextFile;

/** Everything that a run needs before anything is looked at. */
export interface Prepared {
  /** The runbook's file, absolute. */
  readonly file: string;
  /** Every file that was read for it. */
  readonly sources: readonly Source[];
  /** The absolute path of a file among these, by the name that it is shown by. */
  readonly absolutePathOf: (name: string) => string;
  readonly runbook: Runbook;
  /** SHA-256 of the runbook's text. */
  readonly digest: string;
  readonly plan: Plan;
  readonly chosen: ChosenSystem;
  /** Absolute. */
  readonly stateFolder: string;
  /** Of the runbook and what it calls. */
  readonly warnings: readonly Diagnostic[];
}

/** Finds, loads and checks the runbook, gathers its inputs and makes its plan. Every fault of a stage is reported at once. `left`: a person went away from a prompt. `read`: gives the text of a file by its absolute path. */
export async function prepare(context: CommandContext, inputsOf: InputsOf = gatherInputs, read: ReadFile = readTextFile): Promise<Result<Prepared, readonly Diagnostic[] | "left">> {
  const { workingFolder } = context.surroundings;
  const project = openProject(workingFolder);
  if (project.kind === "error") return project;
  const file = findRunbookFile(context.args.operands[0] ?? "", workingFolder, project.value.config?.runbooksFolder);
  const display = displayPath(file, workingFolder);
  const { runbook: written, diagnostics, sources } = loadRunbook(file, display, { files: { read }, registry: await context.loadBuiltins(), projectFolder: projectFolderOf(file) });
  const chosen = chooseSystem(context, project.value);
  const runbook = written === undefined ? undefined : inLanguage(written, valueOf(context.args, "lang"));
  if (runbook?.kind === "error") return error([runbook.error]);
  if (runbook === undefined || chosen.kind === "error") return error([...diagnostics, ...(chosen.kind === "error" ? chosen.error : [])]);
  const inputs = await inputsOf(context, runbook.value, chosen.value);
  if (inputs.kind === "error") return inputs;
  const { name, isSimulated } = chosen.value;
  const plan = makePlan({ runbook: runbook.value, displayFile: display, inputs: inputs.value, system: name, simulated: isSimulated });
  if (plan.kind === "error") return plan;
  const unreachable = plan.value.addresses.flatMap((address) => {
    const rule = transportFor(address, chosen.value.inventory, chosen.value.system);
    return rule.kind === "error" ? [rule.error] : [];
  });
  if (unreachable.length > 0) return error(unreachable);
  const stateFolder = await stateFolderOf(context, project.value);
  if (stateFolder.kind === "error") return stateFolder;
  return ok({ file, sources, absolutePathOf: (name) => resolve(workingFolder, name), runbook: runbook.value, digest: sha256(runbook.value.source.text), plan: plan.value, chosen: chosen.value, stateFolder: stateFolder.value, warnings: hasErrors(diagnostics) ? [] : diagnostics });
}

/** The runbook with its texts in the language of `--lang`; what is not translated stays in its own. */
function inLanguage(runbook: Runbook, language: string | undefined): Result<Runbook, Diagnostic> {
  if (language === undefined) return ok(runbook);
  if (runbook.translations.has(language)) return ok(translate(runbook, language));
  return error(errorWithoutPlace("unknown-language", `\`${runbook.name}\` has no texts in \`${language}\``, nameHint(language, runbook.translations.keys())));
}

/** The state folder of a command, made where it is not there yet; `of any account`: to look into it and to leave answers. */
export async function stateFolderOf({ args, surroundings }: CommandContext, project: Project, whose: "own" | "of any account" = "own"): Promise<Result<string, readonly Diagnostic[]>> {
  const { path } = chooseStateFolder({
    flag: valueOf(args, "state"), environment: surroundings.env["RUNBOOK_STATE"], projectFolder: project.folder, workingFolder: surroundings.workingFolder,
  });
  const opened = whose === "own" ? await openStateFolder(path, trackedFiles) : lookIntoStateFolder(path);
  return opened.kind === "ok" ? opened : error([errorWithoutPlace("state-folder", opened.error)]);
}

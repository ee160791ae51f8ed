import type { Registry } from "../core/builtin.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Runbook } from "../core/runbook.ts";
import { loadRunbook } from "../interpreter/language/load.ts";
import { fileFailure } from "../world/file-fault.ts";
import { runFolderOf } from "../world/run-folder.ts";
import { projectFolderOf } from "./find-file.ts";
import { keepTexts } from "./kept-texts.ts";
import type { Prepared } from "./prepare.ts";
import { resumedIn, type KeptRun } from "./run-store.ts";

/** The runbook as it was when the run was last taken up, or began; undefined where this version of the tool can no longer read it. */
export function loadBefore({ texts, file }: KeptRun, registry: Registry, { runbook }: Prepared): Runbook | undefined {
  return loadRunbook(file.file, runbook.source.name, {
    files: { read: (path) => { const text = texts.get(path); return text === undefined ? error("it was not among the run's files") : ok(text); } },
    registry, projectFolder: projectFolderOf(file.file),
  }).runbook;
}

/** True if every file of a run reads as it did when the run was last taken up, or began: then nothing can have changed in it. */
export function isAsBefore({ texts }: KeptRun, { sources, absolutePathOf }: Prepared): boolean {
  return sources.length === texts.size && sources.every(({ name, text }) => texts.get(absolutePathOf(name)) === text);
}

/** Keeps the files of a run with which it is taken up, where they are others: what was said to what was changed is not asked again. The sentence says why it could not be. */
export function keepAsNow(stateFolder: string, run: string, kept: KeptRun, prepared: Prepared): Result<undefined, string> {
  if (isAsBefore(kept, prepared)) return ok(undefined);
  const { path } = runFolderOf(stateFolder, run);
  try {
    keepTexts(path, prepared, resumedIn(kept.events) + 1);
    return ok(undefined);
  } catch (fault) {
    return error(`The changed file cannot be kept: ${fileFailure(path, fault).because}.`);
  }
}

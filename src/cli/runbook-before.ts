import type { Registry } from "../core/builtin.ts";
import { error, ok } from "../core/result.ts";
import type { Runbook } from "../core/runbook.ts";
import { loadRunbook } from "../interpreter/language/load.ts";
import { projectFolderOf } from "./find-file.ts";
import type { Prepared } from "./prepare.ts";
import type { KeptRun } from "./run-store.ts";

/** The runbook as it was when the run began; undefined where this version of the tool can no longer read it. */
export function loadBefore({ texts, file }: KeptRun, registry: Registry, { runbook }: Prepared): Runbook | undefined {
  return loadRunbook(file.file, runbook.source.name, {
    files: { read: (path) => { const text = texts.get(path); return text === undefined ? error("it was not among the run's files") : ok(text); } },
    registry, projectFolder: projectFolderOf(file.file),
  }).runbook;
}

/** True if every file of a run reads as it did when the run began: then nothing can have changed in it. */
export function isAsBefore({ texts }: KeptRun, { sources, absolutePathOf }: Prepared): boolean {
  return sources.length === texts.size && sources.every(({ name, text }) => texts.get(absolutePathOf(name)) === text);
}

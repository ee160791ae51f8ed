import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { builtins } from "../../src/builtins/index.ts";
import type { Runbook, Step } from "../../src/core/runbook.ts";
import { loadRunbook, type Files, type Loaded } from "../../src/interpreter/language/load.ts";
import { PROJECT } from "../docs/project.ts";

/** Files as they lie on the disk. */
export const diskFiles: Files = {
  read(path) {
    try {
      return { kind: "ok", value: readFileSync(path, "utf8") };
    } catch (fault) {
      return { kind: "error", error: fault instanceof Error ? fault.message : String(fault) };
    }
  },
};

/** A runbook of the project, loaded with every builtin. */
export function loadedFile(file: string): Loaded {
  const path = join(PROJECT, file);
  return loadRunbook(path, relative(PROJECT, path), { files: diskFiles, registry: builtins, projectFolder: PROJECT });
}

/** The same, where it must be without faults. */
export function loadedRunbook(file: string): Runbook {
  const { runbook, diagnostics } = loadedFile(file);
  if (runbook === undefined) throw new Error(`${file}: ${diagnostics.map((diagnostic) => diagnostic.message).join("; ")}`);
  return runbook;
}

/** Every step below a list with its path, each before those inside it. A plain block adds nothing to the paths of its steps. */
export function* stepsOf(steps: readonly Step[], prefix = ""): Generator<{ readonly path: string; readonly step: Step }> {
  for (const step of steps) {
    const path = `${prefix}${step.id}`;
    yield { path, step };
    if (step.body.kind === "block") yield* stepsOf([...step.body.steps, ...step.body.rescue, ...step.body.always], prefix);
    if (step.body.kind === "call") yield* stepsOfRunbook(step.body.runbook, `${path}/`);
  }
}

/** Every step of a runbook with its path, calls included. */
export function stepsOfRunbook(runbook: Runbook, prefix = ""): Generator<{ readonly path: string; readonly step: Step }> {
  return stepsOf([...runbook.preconditions, ...runbook.steps, ...runbook.postconditions], prefix);
}

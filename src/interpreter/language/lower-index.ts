import type { Registry } from "../../core/builtin.ts";
import type { Runbook } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { outputsOfUse } from "./lower-builtin.ts";
import { declaredSteps, type DeclaredStep, type FileLists } from "./lower-declare.ts";
import { valueAt } from "./node.ts";
import { record } from "./type-scope.ts";

/** The steps of a file by id. Where an id stands twice, which the validator reports, it means the first. */
export function indexSteps(lists: FileLists): ReadonlyMap<string, DeclaredStep> {
  const stepsById = new Map<string, DeclaredStep>();
  for (const step of declaredSteps(lists)) if (step.id !== "" && !stepsById.has(step.id)) stepsById.set(step.id, step);
  return stepsById;
}

/** The type of `outputs` of each step but blocks: known before any of them is lowered. Anything where its builtin or its file is unknown. */
export function outputsOfSteps(lists: FileLists, registry: Registry, calleeOf: (step: DeclaredStep) => Runbook | undefined): Map<DeclaredStep, Schema> {
  const outputs = new Map<DeclaredStep, Schema>();
  for (const step of declaredSteps(lists)) {
    if (step.kind === "block") continue;
    if (step.kind === "call") {
      const callee = calleeOf(step);
      outputs.set(step, callee === undefined ? { type: "any" } : record(callee.outputSchemas));
      continue;
    }
    const uses = valueAt(step.node, "uses");
    const builtin = uses?.kind === "scalar" ? registry.get(uses.text) : undefined;
    const inputs = valueAt(step.node, "with");
    outputs.set(step, builtin === undefined ? { type: "any" } : outputsOfUse(builtin, inputs?.kind === "map" ? inputs : undefined));
  }
  return outputs;
}

import { describe, expect, test } from "vitest";
import type { Runbook, Step } from "../../src/core/runbook.ts";
import { loadedRunbook } from "./loaded.ts";

const FILES = [
  "runbooks/ccr-rollup.yml",
  "runbooks/ccr-preflight.yml",
  "runbooks/ccr-move.yml",
  "runbooks/restart-passive-node.yml",
  "runbooks/ccr-rollup-undo.yml",
  "runbooks/parts/update-passive-node.yml",
  "runbooks/parts/hand-over.yml",
  "runbooks/parts/remove-from-passive-node.yml",
  "runbooks/parts/node-is-back.yml",
  "runbooks/parts/served-well.yml",
  "runbooks/parts/cluster-is-sound.yml",
  "runbooks/postgres-rollup.yml",
  "runbooks/parts/update-standby.yml",
  "runbooks/parts/switch-over.yml",
];

/** The steps of one file: those of called files are translated beside those. */
function* ownSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.body.kind === "leaf") yield* ownSteps(step.body.rollback);
    if (step.body.kind === "block") yield* ownSteps([...step.body.steps, ...step.body.rescue, ...step.body.always]);
  }
}

/** How many sentences a step can say when something does not hold. */
function becauses(step: Step): number {
  if (step.body.kind !== "leaf") return 0;
  return [step.body.waitUntil, ...step.body.expect].filter((condition) => condition?.because !== undefined).length;
}

function missing(runbook: Runbook): readonly string[] {
  const texts = runbook.translations.get("ja");
  if (texts === undefined) return ["the whole translation"];
  const lacks: string[] = [];
  if (texts.title === undefined) lacks.push("title");
  if (runbook.description !== undefined && texts.description === undefined) lacks.push("description");
  for (const { name } of runbook.inputs) if (!Object.hasOwn(texts.inputs, name)) lacks.push(`inputs.${name}`);
  for (const { name, title } of runbook.probes) if (title !== undefined && !Object.hasOwn(texts.probes, name)) lacks.push(`probes.${name}`);
  for (const { id } of runbook.invariants) if (!Object.hasOwn(texts.invariants, id)) lacks.push(`invariants.${id}`);
  for (const step of ownSteps([...runbook.preconditions, ...runbook.steps, ...runbook.postconditions])) {
    const translated = Object.hasOwn(texts.steps, step.id) ? texts.steps[step.id] : undefined;
    if (step.title !== undefined && translated?.title === undefined) lacks.push(`${step.id}.title`);
    if (step.why !== undefined && translated?.why === undefined) lacks.push(`${step.id}.why`);
    if (becauses(step) !== (translated?.because?.length ?? 0)) lacks.push(`${step.id}.because`);
    if (step.body.kind !== "leaf") continue;
    for (const { name } of step.body.with) {
      if (["question", "instructions", "show"].includes(name) && translated?.with?.[name] === undefined) lacks.push(`${step.id}.${name}`);
    }
  }
  return lacks;
}

describe("the Japanese texts", () => {
  test.each(FILES)("of %s lack nothing", (file) => {
    expect(missing(loadedRunbook(file))).toEqual([]);
  });
});

import { assertNever } from "../../core/assert-never.ts";
import type { Binding, Block, Call, Condition, Leaf, Runbook, Step, StepTexts, Template, Translation } from "../../core/runbook.ts";
import { ownValue } from "../../core/json.ts";

/** The runbook with its texts in another language, where they were translated; called files too. Nothing else changes: no digest depends on it. */
export function translate(runbook: Runbook, language: string): Runbook {
  const texts = runbook.translations.get(language);
  const steps = (list: readonly Step[]): readonly Step[] => list.map((step) => translateStep(step, texts, language));
  return {
    ...runbook,
    title: texts?.title ?? runbook.title,
    description: texts?.description ?? runbook.description,
    inputs: runbook.inputs.map((input) => {
      const description = texts === undefined ? undefined : ownValue(texts.inputs, input.name);
      return description === undefined ? input : { ...input, schema: { ...input.schema, description } };
    }),
    probes: runbook.probes.map((probe) => ({ ...probe, title: textFor(texts?.probes, probe.name) ?? probe.title })),
    invariants: runbook.invariants.map((invariant) => ({ ...invariant, because: textFor(texts?.invariants, invariant.id) ?? invariant.because })),
    preconditions: steps(runbook.preconditions),
    steps: steps(runbook.steps),
    postconditions: steps(runbook.postconditions),
  };
}

function textFor(texts: Readonly<Record<string, Template>> | undefined, name: string): Template | undefined {
  return texts === undefined ? undefined : ownValue(texts, name);
}

function translateStep(step: Step, translation: Translation | undefined, language: string): Step {
  const texts: StepTexts = (translation === undefined ? undefined : ownValue(translation.steps, step.id)) ?? {};
  return { ...step, title: texts.title ?? step.title, why: texts.why ?? step.why, body: translateBody(step.body, texts, translation, language) };
}

function translateBody(body: Leaf | Block | Call, texts: StepTexts, translation: Translation | undefined, language: string): Leaf | Block | Call {
  switch (body.kind) {
    case "leaf":
      return { ...translateLeaf(body, texts), rollback: body.rollback.map((step) => translateStep(step, translation, language)) };
    case "block": {
      const steps = (list: readonly Step[]): readonly Step[] => list.map((step) => translateStep(step, translation, language));
      return { ...body, steps: steps(body.steps), rescue: steps(body.rescue), always: steps(body.always) };
    }
    case "call":
      return { ...body, runbook: translate(body.runbook, language) };
    default:
      return assertNever(body);
  }
}

/** The texts of conditions stand in their order: that of `wait-until` first, then those of `expect`. */
function translateLeaf(leaf: Leaf, texts: StepTexts): Leaf {
  const because = texts.because ?? [];
  const first = leaf.waitUntil?.because === undefined ? 0 : 1;
  const withText = (condition: Condition, index: number): Condition => {
    const text = because[index];
    return text === undefined ? condition : { ...condition, because: text };
  };
  return {
    ...leaf,
    irreversible: texts.irreversible ?? leaf.irreversible,
    waitUntil: leaf.waitUntil === undefined ? undefined : first === 1 ? withText(leaf.waitUntil, 0) : leaf.waitUntil,
    expect: leaf.expect.map((condition, index) => withText(condition, first + index)),
    with: leaf.with.map(({ name, binding }) => {
      const text = texts.with === undefined ? undefined : ownValue(texts.with, name);
      return text === undefined ? { name, binding } : { name, binding: translatedBinding(text, binding) };
    }),
  };
}

function translatedBinding(text: Template | readonly Template[], original: Binding): Binding {
  if (!isList(text)) return { kind: "template", template: text, schema: { type: "string" } };
  const span = original.kind === "list" ? original.span : text[0]?.span;
  if (span === undefined) return original;
  return { kind: "list", span, items: text.map((template): Binding => ({ kind: "template", template, schema: { type: "string" } })) };
}

function isList(text: Template | readonly Template[]): text is readonly Template[] {
  return Array.isArray(text);
}

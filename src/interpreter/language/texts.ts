import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { emptyObject } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import type { StepTexts, Template, Translation } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import type { Missing } from "./check-template.ts";
import { outputsInReach } from "./lower-leaf.ts";
import { readBy, type FileContext, type Place } from "./lower-context.ts";
import type { DeclaredStep } from "./lower-declare.ts";
import { INPUT_TEXTS, lowerText } from "./lower-text.ts";
import { filePlace, type Lowered } from "./lower.ts";
import { entryAt, hasKey, valueAt, type MapEntry, type MapNode, type Node } from "./node.ts";

/** The entries of a mapping whose names the runbook has; the others are reported with the nearest name. */
function known(node: Node | undefined, names: ReadonlySet<string>, what: string, context: FileContext): readonly MapEntry[] {
  const entries = node?.kind === "map" ? node.entries : [];
  return entries.filter(({ key }) => {
    if (names.has(key.text)) return true;
    context.report(errorAt(key.span, "unknown-name", `the runbook has no ${what} \`${key.text}\``, nameHint(key.text, names)));
    return false;
  });
}

function texts(node: Node | undefined, place: Place, context: FileContext, missing: Missing): readonly Template[] {
  const items = node?.kind === "list" ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => lowerText(item, place, context, missing) ?? []);
}

/** How many `because` the step has of its own: for `wait-until`, and for each `expect`. */
function becauseCount(step: DeclaredStep): number {
  const wait = valueAt(step.node, "wait-until");
  const expect = valueAt(step.node, "expect");
  return (wait?.kind === "map" ? 1 : 0) + (expect?.kind === "list" ? expect.items.length : 0);
}

/** The inputs of the step's builtin as they are written. */
function withOf(step: DeclaredStep): MapNode | undefined {
  const given = valueAt(step.node, "with");
  return given?.kind === "map" ? given : undefined;
}

function lowerBecauses(node: Node, step: DeclaredStep, place: Place, outputs: Schema | undefined, context: FileContext): Pick<StepTexts, "because"> {
  const given = texts(node, outputsInReach(place, outputs), context, "prints-as-dash");
  const count = becauseCount(step);
  if (given.length !== count) {
    context.report(errorAt(node.span, "wrong-count", `step \`${step.id}\` has ${count} times \`because\`, and here ${given.length === 1 ? "is one" : `are ${given.length}`}`, "write a list: first that of `wait-until`, then those of `expect`, in their order"));
  }
  return { because: given };
}

function lowerStepTexts(step: DeclaredStep, node: MapNode, context: FileContext): StepTexts {
  const around = context.places.get(step);
  if (around === undefined) return {};
  const place = readBy(around, { kind: "step", step, part: "body" });
  const own = (key: "title" | "why" | "irreversible"): Template | undefined => lowerText(valueAt(node, key), place, context);
  const [title, why, irreversible] = [own("title"), own("why"), own("irreversible")];
  const inputs = withOf(step);
  const given = emptyObject<Template | readonly Template[]>();
  for (const name of INPUT_TEXTS) {
    const value = valueAt(node, name);
    if (value === undefined) continue;
    const key = entryAt(node, name)?.key ?? value;
    if (inputs === undefined || !hasKey(inputs, name)) context.report(errorAt(key.span, "unknown-name", `step \`${step.id}\` has no \`${name}\` to translate`));
    const lowered = texts(value, place, context, "is-an-error");
    given[name] = value.kind === "list" ? lowered : lowered[0] ?? [];
  }
  const because = valueAt(node, "because");
  // `check` has its sentence among its inputs; every other step has it beside its conditions.
  const isInput = because !== undefined && becauseCount(step) === 0 && inputs !== undefined && hasKey(inputs, "because");
  const sentence = isInput ? lowerText(because, place, context) : undefined;
  if (sentence !== undefined) given["because"] = sentence;
  return {
    ...(title === undefined ? {} : { title }),
    ...(why === undefined ? {} : { why }),
    ...(irreversible === undefined ? {} : { irreversible }),
    ...(because === undefined || isInput ? {} : lowerBecauses(because, step, place, context.found.outputs.get(step), context)),
    ...(Object.keys(given).length === 0 ? {} : { with: given }),
  };
}

function templates(entries: readonly MapEntry[], place: Place, context: FileContext, missing: Missing): Readonly<Record<string, Template>> {
  const lowered = emptyObject<Template>();
  for (const { key, value } of entries) {
    const template = lowerText(value, place, context, missing);
    if (template !== undefined) lowered[key.text] = template;
  }
  return lowered;
}

/** A translation of a lowered runbook: its names are those of the runbook, and its templates may read what the original texts may read. */
export function lowerTranslation(node: MapNode, lowered: Lowered, report: (diagnostic: Diagnostic) => void): Translation {
  const { runbook, place, watchPlace } = lowered;
  const context: FileContext = { ...lowered.context, report };
  const whole = filePlace(place);
  const title = lowerText(valueAt(node, "title"), whole, context);
  const description = lowerText(valueAt(node, "description"), whole, context);
  const inputs = emptyObject<string>();
  for (const { key, value } of known(valueAt(node, "inputs"), new Set(runbook.inputs.map(({ name }) => name)), "input", context)) {
    if (value.kind === "scalar") inputs[key.text] = value.text;
  }
  const steps = emptyObject<StepTexts>();
  for (const { key, value } of known(valueAt(node, "steps"), new Set(context.stepsById.keys()), "step", context)) {
    const step = context.stepsById.get(key.text);
    if (step !== undefined && value.kind === "map") steps[key.text] = lowerStepTexts(step, value, context);
  }
  const probes = known(valueAt(node, "probes"), lowered.probeNames, "probe", context);
  const invariants = known(valueAt(node, "invariants"), lowered.invariantNames, "invariant", context);
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    inputs,
    steps,
    probes: templates(probes, place, context, "is-an-error"),
    invariants: templates(invariants, watchPlace, context, "prints-as-dash"),
  };
}

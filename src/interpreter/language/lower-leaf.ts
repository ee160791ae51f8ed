import type { AnyBuiltin } from "../../core/builtin.ts";
import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { Condition, Leaf } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { takersHint } from "./check-secret.ts";
import { effectFault, effectOfUse, outputsOfUse, unknownBuiltin } from "./lower-builtin.ts";
import { lowerBindings, type LowerReading } from "./lower-binding.ts";
import { withRoot, type FileContext, type Place } from "./lower-context.ts";
import { textAt } from "./lower-declare.ts";
import { lowerCondition, lowerExpression } from "./lower-expression.ts";
import { targetNodeOf, targetOfLeaf } from "./lower-target.ts";
import { lowerSetting, lowerText } from "./lower-text.ts";
import { entryAt, hasKey, valueAt, type MapNode, type Node, type ScalarNode } from "./node.ts";
import { typed } from "./type-scope.ts";

/** Where a leaf is lowered. */
export interface LeafPlace {
  readonly place: Place;
  readonly context: FileContext;
  /** The target that it inherits: the file's or a block's. */
  readonly inherited: ScalarNode | undefined;
  /** One of a probe's several targets, in place of what stands under `target`. */
  readonly oneOf?: ScalarNode | undefined;
}

/** The builtin that `uses` names; undefined where there is none, which is reported. */
export function builtinOf(node: MapNode, context: FileContext): AnyBuiltin | undefined {
  const uses = valueAt(node, "uses");
  if (uses?.kind !== "scalar") return undefined;
  const builtin = context.registry.get(uses.text);
  if (builtin === undefined) context.report(unknownBuiltin(uses, context.registry));
  return builtin;
}

function withOf(node: MapNode): MapNode | undefined {
  const given = valueAt(node, "with");
  return given?.kind === "map" ? given : undefined;
}

/** A reading among a builtin's inputs, `{uses, with, target, that}`: it acts where the step does unless it says another place. */
function readingIn({ context, inherited }: LeafPlace, own: ScalarNode | undefined): LowerReading {
  return (node, at) => {
    if (node.kind !== "map") return undefined;
    const reading = lowerUse(node, { place: at, context, inherited: own ?? inherited });
    const that = lowerExpression(valueAt(node, "that"), "boolean", "is-judged", outputsInReach(at, reading?.outputs), context);
    const uses = valueAt(node, "uses");
    if (reading !== undefined && !reading.leaf.reads) {
      context.report(errorAt((uses ?? node).span, "not-reading", `\`${reading.leaf.builtin.name}\` changes something, and only a reading can tell whether it is done`));
    }
    return reading === undefined || that === undefined ? undefined : { reading: reading.leaf, that };
  };
}

/** The place with the outputs of a leaf in reach; anything where the builtin is unknown. */
export function outputsInReach(place: Place, outputs: Schema | undefined): Place {
  return withRoot(place, "outputs", typed(outputs ?? { type: "any" }));
}

function irreversibleOf(node: MapNode, builtin: AnyBuiltin, at: LeafPlace): Leaf["irreversible"] {
  const { place, context } = at;
  const given = valueAt(node, "irreversible");
  const uses = valueAt(node, "uses") ?? node;
  const isOneWay = builtin.oneWay === true || effectOfUse(builtin, withOf(node)) === "destroys";
  if (given === undefined && isOneWay) {
    context.report(errorAt(uses.span, "irreversible-missing", `what \`${builtin.name}\` does here cannot be taken back, and the step must say why that is right`, "add `irreversible:` with the reason; it is shown in the plan and before the step"));
  }
  if (given !== undefined && !isOneWay) {
    const key = entryAt(node, "irreversible")?.key ?? given;
    context.report(errorAt(key.span, "irreversible-refused", `\`irreversible\` stands only where something cannot be taken back, and what \`${builtin.name}\` does here can`, "leave it out; `why` is the place for a reason"));
  }
  return lowerText(given, place, context);
}

function expectOf(node: Node | undefined, place: Place, context: FileContext): readonly Condition[] {
  if (node?.kind !== "list") return [];
  return node.items.flatMap((item) => lowerCondition(item, place, context) ?? []);
}

function refuseUnlessReading(node: MapNode, builtin: AnyBuiltin, context: FileContext): void {
  const reasons: Readonly<Record<string, string>> = {
    "wait-until": "looking again is only for steps that read: a step that changes something is done when its builtin says so",
    every: "looking again is only for steps that read",
    remember: "only what was read can be remembered",
  };
  for (const [name, hint] of Object.entries(reasons)) {
    const key = entryAt(node, name)?.key;
    if (key !== undefined) context.report(errorAt(key.span, "not-reading", `\`${name}\` stands only on a step that reads, and \`${builtin.name}\` changes something`, hint));
  }
}

/** A use of a builtin: what it is given and where it acts, without what only a step has. */
export interface Use {
  readonly leaf: Leaf;
  /** Type of what it gives. */
  readonly outputs: Schema;
}

/** `uses`, `with`, `target`: all that a probe or a reading has of a leaf. Undefined where no builtin is named, which is reported. */
export function lowerUse(node: MapNode, at: LeafPlace): Use | undefined {
  const { place, context, inherited } = at;
  const builtin = builtinOf(node, context);
  const uses = valueAt(node, "uses");
  if (builtin === undefined || uses?.kind !== "scalar") return undefined;
  const inputs = withOf(node);
  const reads = effectOfUse(builtin, inputs) === "reads";
  const own = at.oneOf ?? targetNodeOf(node);
  const target = targetOfLeaf(own, inherited, builtin, reads, uses, place, context);
  const fault = effectFault(builtin, inputs);
  if (fault !== undefined) context.report(fault);
  // What is wrong with the effect was said: its type is no second fault.
  const quiet = fault === undefined ? context : { ...context, report: (found: Diagnostic): void => void (found.span?.start === fault.span?.start || context.report(found)) };
  const given = { given: valueAt(node, "with"), schemas: builtin.inputs, whose: `\`${builtin.name}\``, where: uses, depth: "top" as const, passed: [] };
  const bindings = lowerBindings(given, { place, context: quiet, lowerReading: readingIn(at, own), secretInputs: "take-anything", takers: () => takersHint(given.whose, builtin.inputs) });
  return {
    leaf: { kind: "leaf", builtin, with: bindings, target: target ?? { kind: "none" }, expect: [], waitUntil: undefined, every: undefined, remember: false, irreversible: undefined, rollback: [], reads },
    outputs: outputsOfUse(builtin, inputs),
  };
}

/** A leaf: a use of a builtin with its conditions. Everything in it is checked even where a part is wrong; undefined where no leaf came of it. */
export function lowerLeaf(node: MapNode, at: LeafPlace): Leaf | undefined {
  const { place, context } = at;
  const use = lowerUse(node, at);
  const wait = valueAt(node, "wait-until");
  const inside = hasKey(node, "expect") || wait !== undefined ? outputsInReach(place, use?.outputs) : place;
  const expect = expectOf(valueAt(node, "expect"), inside, context);
  const waitUntil = wait === undefined ? undefined : lowerCondition(wait, inside, context);
  const every = lowerSetting(valueAt(node, "every"), { type: "duration" }, "every", place, context);
  if (use === undefined) return undefined;
  const { builtin, reads } = use.leaf;
  if (!reads) refuseUnlessReading(node, builtin, context);
  const irreversible = irreversibleOf(node, builtin, at);
  return { ...use.leaf, expect, waitUntil, every, remember: textAt(node, "remember") === "true", irreversible };
}

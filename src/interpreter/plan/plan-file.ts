import { worseEffect, type Effect } from "../../core/action.ts";
import { assertNever } from "../../core/assert-never.ts";
import { hasHole, hole, type Phase, type PlanNode, type PlannedTarget } from "../../core/plan.ts";
import type { Leaf, Probe, Runbook, Scope, Step, Template } from "../../core/runbook.ts";
import { judge } from "../language/expression.ts";
import { renderText } from "../language/template.ts";
import { bindPlanned } from "./bind.ts";
import { withHoles } from "./holes.ts";
import { inputSchemas } from "./input-schemas.ts";
import { knownItems, withItem } from "./items.ts";
import { insideOf, instancePath, stepPath } from "./paths.ts";
import { leafEffect, plannedActions } from "./planned-actions.ts";
import { makeRoots, type Roots } from "./roots.ts";

/** Where steps are planned, and what is in reach there. */
export interface PlanPlace {
  readonly prefix: string;
  readonly phase: Phase;
  readonly roots: Roots;
  readonly scope: Scope;
  readonly addresses: readonly string[];
  /** Steps that have ended, in another run: a condition that reads only these can be told. Absent: none has. */
  readonly ended?: ReadonlySet<string>;
}

/** The steps of a file, planned: its probes, preconditions, steps and postconditions in this order. */
export function planFile(runbook: Runbook, roots: Roots, prefix: string, addresses: readonly string[]): readonly PlanNode[] {
  const at = (phase: Phase): PlanPlace => ({ prefix, phase, roots, scope: roots, addresses });
  return [
    ...runbook.probes.flatMap((probe) => probe.readings.map((reading) => probeNode(probe, reading, at("probe")))),
    ...runbook.preconditions.map((step) => planStep(step, at("precondition"))),
    ...runbook.steps.map((step) => planStep(step, at(runbook.mode === "checks" ? "precondition" : "step"))),
    ...runbook.postconditions.map((step) => planStep(step, at("postcondition"))),
  ];
}

function probeNode(probe: Probe, leaf: Leaf, place: PlanPlace): PlanNode {
  return { path: `${place.prefix}probes.${probe.name}`, ...leafParts(leaf, place), kind: "leaf", phase: "probe", title: probe.title === undefined ? probe.name : text(probe.title, place.scope), why: undefined, if: undefined, irreversible: undefined, children: [] };
}

function leafParts(leaf: Leaf, place: PlanPlace): Pick<PlanNode, "uses" | "effect" | "target" | "actions"> {
  return { uses: leaf.builtin.name, effect: leafEffect(leaf), target: plannedTarget(leaf, place), actions: plannedActions(leaf, place.scope) };
}

const NO_ACTIONS: PlanNode["actions"] = [];
const NO_CHILDREN: PlanNode["children"] = [];

function planStep(step: Step, place: PlanPlace): PlanNode {
  const path = stepPath(place.prefix, step.id);
  if (step.loop === undefined) return planBody(step, path, place);
  const { loop } = step;
  const instances = knownItems(loop, place.scope);
  const children = instances === undefined
    ? [planBody(step, instancePath(path, "…"), place)]
    : instances.map(({ key, item }) => planBody(step, instancePath(path, key), { ...place, scope: withItem(place.scope, loop.as, item) }));
  return { ...frameOf(step, path, place), kind: "for-each", uses: undefined, target: { kind: "none" }, effect: worst(children), actions: [], children };
}

function planBody(step: Step, path: string, place: PlanPlace): PlanNode {
  const { body } = step;
  const frame = frameOf(step, path, place);
  const skipped = isNeverEntered(step, place);
  switch (body.kind) {
    case "leaf":
      return { ...frame, kind: "leaf", ...leafParts(body, place), ...(skipped || body.rollback.length === 0 ? {} : { rollback: planSteps(body.rollback, { ...place, prefix: insideOf(path), phase: "rollback" }) }), ...(skipped ? { actions: NO_ACTIONS } : {}), children: NO_CHILDREN, irreversible: body.irreversible === undefined ? undefined : text(body.irreversible, place.scope) };
    case "block": {
      const inner = step.loop === undefined ? place : { ...place, prefix: insideOf(path) };
      const children = skipped ? [] : [
        ...body.steps.map((child) => planStep(child, inner)),
        ...body.rescue.map((child) => planStep(child, { ...inner, phase: "rescue" })),
        ...body.always.map((child) => planStep(child, { ...inner, phase: "always" })),
      ];
      return { ...frame, kind: "block", uses: undefined, target: { kind: "none" }, effect: worst(children), actions: [], children };
    }
    case "call": {
      const inputs = bindPlanned(body.with, inputSchemas(body.runbook), place.scope);
      const roots = makeRoots(body.runbook, inputs, place.roots.run);
      const children = skipped || roots.kind === "error" ? [] : planFile(body.runbook, roots.value, insideOf(path), place.addresses);
      return { ...frame, kind: "call", uses: undefined, target: { kind: "none" }, effect: worst(children), actions: [], children };
    }
    default:
      return assertNever(body);
  }
}

/** Steps that stand beside each other, planned. */
export function planSteps(steps: readonly Step[], place: PlanPlace): readonly PlanNode[] {
  return steps.map((step) => planStep(step, place));
}

/** True if the step's condition reads only what is known, and is false. */
function isNeverEntered(step: Step, place: PlanPlace): boolean {
  const condition = step.if;
  if (condition === undefined || condition.reads.some(([root, name]) => root !== "inputs" && root !== "vars" && !(root === "steps" && place.ended?.has(name ?? "") === true))) return false;
  return judge(condition, place.scope).kind === "false";
}

function frameOf(step: Step, path: string, place: PlanPlace): Pick<PlanNode, "path" | "phase" | "title" | "why" | "if" | "irreversible"> {
  return {
    path,
    phase: place.phase,
    title: step.title === undefined ? step.id : text(step.title, place.scope),
    why: step.why === undefined ? undefined : text(step.why, place.scope),
    if: step.if?.text,
    irreversible: undefined,
  };
}

function plannedTarget(leaf: Leaf, place: PlanPlace): PlannedTarget {
  const { target } = leaf;
  switch (target.kind) {
    case "none":
      return { kind: "none" };
    case "local":
      return { kind: "address", address: "local" };
    case "named": {
      const address = place.roots.targets[target.name]?.address ?? hole(`targets.${target.name}.address`);
      return hasHole(address) ? { kind: "one-of", addresses: place.addresses } : { kind: "address", address };
    }
    case "template": {
      const address = text(target.template, place.scope);
      return hasHole(address) ? { kind: "one-of", addresses: place.addresses } : { kind: "address", address };
    }
    default:
      return assertNever(target);
  }
}

function text(template: Template, scope: Scope): string {
  const rendered = renderText(template, withHoles(template, scope));
  return rendered.kind === "ok" ? rendered.value : template.text;
}

function worst(nodes: readonly PlanNode[]): Effect {
  return nodes.reduce<Effect>((effect, node) => worseEffect(effect, node.effect), "reads");
}

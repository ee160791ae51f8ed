import { worseEffect, type Action, type Effect } from "../../core/action.ts";
import type { AnyActionDeclaration, AnyBuiltin, Values } from "../../core/builtin.ts";
import { emptyObject } from "../../core/json.ts";
import { hole, type PlannedAction } from "../../core/plan.ts";
import type { Leaf, Scope } from "../../core/runbook.ts";
import { effectOf } from "../../core/builtin.ts";
import { bindPlanned } from "./bind.ts";

/** Every action that a leaf may ever take, as far as its inputs are known: its own, then those of the readings among its inputs. */
export function plannedActions(leaf: Leaf, scope: Scope): readonly PlannedAction[] {
  const inputs = bindPlanned(leaf.with, leaf.builtin.inputs, scope);
  const own = Object.entries(leaf.builtin.actions).map(([name, declaration]) => plannedAction(name, declaration, leaf.builtin, inputs));
  const nested = leaf.with.flatMap(({ name, binding }) =>
    binding.kind === "reading" ? plannedActions(binding.reading, scope).map((action) => ({ ...action, name: `${name}/${action.name}` })) : []);
  return [...own, ...nested];
}

function plannedAction(name: string, declaration: AnyActionDeclaration, builtin: AnyBuiltin, inputs: Values): PlannedAction {
  const fill = emptyObject<string>();
  for (const fillName of Object.keys(declaration.fills ?? {})) fill[fillName] = hole(fillName);
  const template: Action = declaration.make(inputs, fill);
  return { name, title: declaration.title, effect: actionEffect(builtin, declaration.effect, inputs), atMost: declaration.atMost ?? 1, template };
}

/** The effect of an action: what is declared, or, where the author's input names it, that. */
export function actionEffect(builtin: AnyBuiltin, declared: Effect, inputs: Values): Effect {
  const named = inputs["effect"];
  if (builtin.effectFromInput === true && declared !== "reads" && isEffect(named)) return named;
  return declared;
}

function isEffect(value: unknown): value is Effect {
  return value === "reads" || value === "changes" || value === "disrupts" || value === "destroys";
}

/** The worst that a leaf may do. */
export function leafEffect(leaf: Leaf): Effect {
  if (leaf.reads) return "reads";
  const named = leaf.with.find(({ name }) => name === "effect")?.binding;
  if (leaf.builtin.effectFromInput === true && named?.kind === "literal" && isEffect(named.value)) return named.value;
  return worseEffect(effectOf(leaf.builtin), "changes");
}

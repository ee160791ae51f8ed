import { assertNever } from "../../core/assert-never.ts";
import type { Binding, Expression, Path, Step, Template } from "../../core/runbook.ts";
import { pathsOf } from "../language/template.ts";

const known = new WeakMap<Step, ReadonlySet<string>>();

/** The ids of the steps whose outputs a step reads and cannot do without. */
export function stepsNeededBy(step: Step): ReadonlySet<string> {
  const found = known.get(step);
  if (found !== undefined) return found;
  const ids = new Set<string>();
  collectStep(step, ids);
  known.set(step, ids);
  return ids;
}

function addPath(path: Path, ids: Set<string>): void {
  const [root, id, part] = path;
  if (root === "steps" && id !== undefined && (part === "outputs" || part === "each")) ids.add(id);
}

function addExpression(expression: Expression | undefined, ids: Set<string>): void {
  for (const path of expression?.reads ?? []) addPath(path, ids);
}

function addTemplate(template: Template, ids: Set<string>): void {
  for (const { path, guarded } of pathsOf(template)) if (!guarded) addPath(path, ids);
}

function addBinding(binding: Binding, ids: Set<string>): void {
  switch (binding.kind) {
    case "literal":
      return;
    case "template":
      return addTemplate(binding.template, ids);
    case "list":
      return binding.items.forEach((item) => addBinding(item, ids));
    case "object":
      return binding.entries.forEach((entry) => addBinding(entry.binding, ids));
    case "condition":
      return addExpression(binding.condition, ids);
    case "reading":
      return binding.reading.with.forEach((entry) => addBinding(entry.binding, ids));
    default:
      return assertNever(binding);
  }
}

function collectStep(step: Step, ids: Set<string>): void {
  addExpression(step.if, ids);
  addExpression(step.loop?.items, ids);
  const { body } = step;
  switch (body.kind) {
    case "leaf":
      if (body.target.kind === "template") addTemplate(body.target.template, ids);
      for (const { binding } of body.with) addBinding(binding, ids);
      for (const { that } of body.expect) addExpression(that, ids);
      addExpression(body.waitUntil?.that, ids);
      return;
    case "block": {
      const inner = [...body.steps, ...body.rescue, ...body.always];
      for (const child of inner) collectStep(child, ids);
      for (const child of inner) ids.delete(child.id);
      return;
    }
    case "call":
      for (const { binding } of body.with) addBinding(binding, ids);
      return;
    default:
      return assertNever(body);
  }
}

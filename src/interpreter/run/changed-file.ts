import { assertNever } from "../../core/assert-never.ts";
import { canonicalJson } from "../../core/json.ts";
import type { Binding, Condition, Leaf, Runbook, Step, Template } from "../../core/runbook.ts";
import { insideOf, stepPath, withoutItems } from "../plan/paths.ts";
import type { Recorded } from "./recorded.ts";

/** What was changed in the file of a run since it began, by step. `harmless`: the run can go on as if it had always been so. */
export interface FileChange {
  readonly kind: "harmless" | "needs-answer" | "impossible";
  /** The step's path without items; of the file as a whole "". */
  readonly step: string;
  /** What was changed, in the file's words: "`with` of install was changed". */
  readonly what: string;
}

/** What a step does, as far as it must be the same for its end to count: parts by the keys of the file. */
type Shape = Readonly<Record<string, string>>;

interface Placed {
  readonly path: string;
  readonly step: Step;
  readonly shape: Shape;
}

/**
 * Compares the steps of a run's file with what the run knows of them (semantics.md section 4): what had ended must have been what it is
 * now, unless a person takes it as done; a step whose outcome is open must not have been changed at all. Texts, limits and retries
 * are free, and so is what was not begun yet.
 */
export function changesOf(before: Runbook, now: Runbook, recorded: Recorded): readonly FileChange[] {
  const [old, fresh] = [placedSteps(before, ""), placedSteps(now, "")];
  const nowByPath = new Map(fresh.map((placed) => [placed.path, placed]));
  const oldPaths = new Set(old.map(({ path }) => path));
  const ended = new Set([...recorded.given].flatMap(([path, { when }]) => (when === "always" ? [withoutItems(path)] : [])));
  const open = new Set([...recorded.inFlight.keys()].filter((path) => (recorded.acts.get(path)?.length ?? 0) > 0).map(withoutItems));
  const changes: FileChange[] = [];
  for (const { path, shape } of old) {
    const other = nowByPath.get(path);
    const differing = other === undefined ? undefined : Object.keys({ ...shape, ...other.shape }).filter((key) => shape[key] !== other.shape[key]);
    if (differing?.length === 0) continue;
    const what = differing === undefined ? `step \`${path}\` is gone` : `${differing.map((key) => `\`${key}\``).join(", ")} of step \`${path}\` was changed`;
    if (open.has(path)) changes.push({ kind: "impossible", step: path, what: `${what}, and nobody knows yet how it ended` });
    else if (ended.has(path)) changes.push({ kind: "needs-answer", step: path, what: `${what}, and it has run` });
    else changes.push({ kind: "harmless", step: path, what });
  }
  const lastEnded = fresh.findLastIndex(({ path }) => ended.has(path) || open.has(path));
  for (const [index, { path }] of fresh.entries()) {
    if (oldPaths.has(path)) continue;
    changes.push(index < lastEnded
      ? { kind: "needs-answer", step: path, what: `step \`${path}\` is new, and stands before steps that have run` }
      : { kind: "harmless", step: path, what: `step \`${path}\` is new` });
  }
  return changes;
}

/** Every step of a file and of what it calls, in the order of the file. */
function placedSteps(runbook: Runbook, prefix: string): readonly Placed[] {
  return [...runbook.preconditions, ...runbook.steps, ...runbook.postconditions].flatMap((step) => placed(step, prefix));
}

function placed(step: Step, prefix: string): readonly Placed[] {
  const path = stepPath(prefix, step.id);
  const { body } = step;
  const general = { if: step.if?.text ?? "", "for-each": step.loop === undefined ? "" : `${step.loop.items.text} as ${step.loop.as}` };
  const inner = step.loop === undefined ? prefix : insideOf(path);
  switch (body.kind) {
    case "leaf":
      return [{ path, step, shape: { ...general, ...shapeOf(body) } }];
    case "block":
      return [{ path, step, shape: { ...general, block: "block" } }, ...[...body.steps, ...body.rescue, ...body.always].flatMap((child) => placed(child, inner))];
    case "call":
      return [{ path, step, shape: { ...general, call: body.runbook.name, with: shapeOfWith(body.with) } }, ...placedSteps(body.runbook, insideOf(path))];
    default:
      return assertNever(body);
  }
}

function shapeOf(leaf: Leaf): Shape {
  const { target } = leaf;
  return {
    uses: leaf.builtin.name, with: shapeOfWith(leaf.with), target: target.kind === "named" ? target.name : target.kind === "template" ? target.template.text : target.kind,
    expect: leaf.expect.map(({ that }: Condition) => that.text).join("\n"),
  };
}

function shapeOfWith(bindings: readonly { readonly name: string; readonly binding: Binding }[]): string {
  return canonicalJson(Object.fromEntries(bindings.filter(({ name }) => name !== "because").map(({ name, binding }) => [name, shapeOfBinding(binding)])));
}

function shapeOfBinding(binding: Binding): unknown {
  switch (binding.kind) {
    case "literal":
      return { value: binding.value };
    case "template":
      return { template: textOf(binding.template) };
    case "list":
      return binding.items.map(shapeOfBinding);
    case "object":
      return Object.fromEntries(binding.entries.map((entry) => [entry.name, shapeOfBinding(entry.binding)]));
    case "condition":
      return { condition: binding.condition.text };
    case "reading":
      return { ...shapeOf(binding.reading), that: binding.that.text };
    default:
      return assertNever(binding);
  }
}

function textOf(template: Template): string {
  return template.text;
}

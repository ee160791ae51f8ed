import { error, ok, type Result } from "../../core/result.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { digestOf } from "../../core/digest.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { hasHole, hole, SECRET_HOLE, type Plan, type PlanNode, type ResolvedInput } from "../../core/plan.ts";
import type { Runbook, Scope, Step } from "../../core/runbook.ts";
import { renderText } from "../language/template.ts";
import { bindPlanned } from "./bind.ts";
import { withHoles } from "./holes.ts";
import { inputSchemas } from "./input-schemas.ts";
import { knownItems, withItem } from "./items.ts";
import { planFile } from "./plan-file.ts";
import { makeRoots, type Roots } from "./roots.ts";

/** What a plan is made from. */
export interface PlanInput {
  readonly runbook: Runbook;
  /** The path as the user wrote it. */
  readonly displayFile: string;
  readonly inputs: readonly ResolvedInput[];
  readonly system: string;
  readonly simulated: boolean;
}

/** Where the run is not known yet, `run.*` are holes. */
const UNKNOWN_RUN = { id: hole("run.id"), operator: hole("run.operator"), started: hole("run.started") };

/** The plan: the closed set of what the run may do. Pure; nothing is looked at. Faults are addresses and vars that have no value. */
export function makePlan(input: PlanInput): Result<Plan, readonly Diagnostic[]> {
  const given = emptyObject<Json>();
  for (const { name, value, secret } of input.inputs) given[name] = secret === undefined ? value : SECRET_HOLE;
  const roots = makeRoots(input.runbook, given, { ...UNKNOWN_RUN, system: input.system, simulated: input.simulated });
  if (roots.kind === "error") return error(roots.error);
  const context = { addresses: new Set<string>(), locks: new Set<string>() };
  collect(input.runbook, roots.value, context);
  const addresses = [...context.addresses].toSorted();
  const nodes = planFile(input.runbook, roots.value, "", addresses);
  const locks = [...new Set([input.system, ...addresses, ...context.locks])].toSorted();
  const digest = digestOf({ runbook: input.runbook.name, system: input.system, simulated: input.simulated, inputs: input.inputs.map(({ name, value }) => ({ name, value })), addresses, locks, nodes: nodes.map(withoutTexts) });
  return ok({ digest, runbook: input.runbook.name, file: input.displayFile, title: textOf(input.runbook.title, roots.value), system: input.system, simulated: input.simulated, inputs: input.inputs, addresses, locks, nodes });
}

function textOf(template: Runbook["title"], roots: Roots): string {
  const text = renderText(template, withHoles(template, roots));
  return text.kind === "ok" ? text.value : template.text;
}

/** Adds the addresses and locks of a file and of all that it calls, as far as they are known at the start. */
function collect(runbook: Runbook, roots: Roots, into: { readonly addresses: Set<string>; readonly locks: Set<string> }): void {
  for (const target of Object.values(roots.targets)) {
    for (const address of target.addresses ?? [target.address ?? ""]) if (!hasHole(address) && address !== "") into.addresses.add(address);
  }
  for (const template of runbook.lock) {
    const text = renderText(template, withHoles(template, roots));
    if (text.kind === "ok" && !hasHole(text.value)) into.locks.add(text.value);
  }
  for (const step of [...runbook.preconditions, ...runbook.steps, ...runbook.postconditions]) collectStep(step, roots, roots, into);
}

/** What the calls below a step add; where a list is known from the start, for each of its items. */
function collectStep(step: Step, roots: Roots, scope: Scope, into: Parameters<typeof collect>[2]): void {
  const items = step.loop === undefined ? undefined : knownItems(step.loop, scope);
  const scopes = items?.map(({ item }) => withItem(scope, step.loop?.as ?? "item", item)) ?? [scope];
  const { body } = step;
  for (const inner of scopes) {
    if (body.kind === "block") for (const child of [...body.steps, ...body.rescue, ...body.always]) collectStep(child, roots, inner, into);
    if (body.kind === "leaf") for (const child of body.rollback) collectStep(child, roots, inner, into);
    if (body.kind !== "call") continue;
    const called = makeRoots(body.runbook, bindPlanned(body.with, inputSchemas(body.runbook), inner), roots.run);
    if (called.kind === "ok") collect(body.runbook, called.value, into);
  }
}

/** A node as the digest sees it: what will be done, not how it is told. */
export function withoutTexts(node: PlanNode): unknown {
  const { title: _title, why: _why, irreversible: _irreversible, children, actions, rollback, ...rest } = node;
  return { ...rest, actions: actions.map(({ title: _actionTitle, ...action }) => action), children: children.map(withoutTexts), ...(rollback === undefined ? {} : { rollback: rollback.map(withoutTexts) }) };
}

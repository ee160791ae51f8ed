import { emptyObject, type Json } from "../../core/json.ts";
import { showHoles } from "../../core/plan.ts";
import type { Loop, Step } from "../../core/runbook.ts";
import type { Secrets } from "../../core/secrets.ts";
import { evaluate } from "../language/expression.ts";
import { renderForPeople } from "../language/template.ts";
import { withHoles } from "../plan/holes.ts";
import { insideOf, instancePath, itemKey } from "../plan/paths.ts";
import { withOwnSteps } from "../plan/roots.ts";
import { isStopped, mayEnter, type Branch, type Run, type StepEnd } from "./context.ts";
import { givenEnd } from "./given-end.ts";
import { nextAttempt } from "./leaf.ts";
import { givenOutputs } from "./masked-outputs.ts";
import type { Recorded } from "./recorded.ts";
import type { Task } from "./scheduler.ts";
import { settingNumber } from "./settings.ts";
import { loopEnd } from "./status.ts";

/** Runs the body of one instance. */
export type RunBody = (run: Run, branch: Branch, step: Step, path: string) => Promise<StepEnd>;

interface Item {
  readonly key: string;
  readonly item: Json;
}

/** The title of a loop itself, of whose items it can only tell the name: as the plan tells it. */
function loopTitle(step: Step, branch: Branch): string {
  return step.title === undefined ? step.id : showHoles(renderForPeople(step.title, withHoles(step.title, branch.scope)));
}

/** Runs a loop: one instance for each item, up to `max-parallel` at a time; with more than `max-failures` failed, none is begun. */
export async function runLoop(run: Run, branch: Branch, step: Step, loop: Loop, path: string, runBody: RunBody): Promise<StepEnd> {
  const items = itemsOf(loop, branch, run.secrets);
  run.emit({
    type: "step-started", step: path, kind: "for-each", phase: branch.phase, attempt: nextAttempt(run, path), title: loopTitle(step, branch), effect: "reads",
    ...(branch.parent === undefined ? {} : { parent: branch.parent }), ...(items.kind === "ok" ? { items: items.items.map(({ key }) => key) } : {}),
  });
  if (items.kind === "failed") return { status: "failed", code: items.code, because: items.because };
  if (items.items.length === 0) {
    if (branch.phase !== "goal") run.emit({ type: "warning", code: "empty-loop", message: `${path}: the list is empty, nothing is done`, step: path });
    return { status: "skipped", because: "the list is empty" };
  }
  const maxParallel = Math.max(1, settingNumber(loop.maxParallel, branch.scope) ?? 1);
  const maxFailures = settingNumber(loop.maxFailures, branch.scope) ?? 0;
  const ends: (StepEnd | undefined)[] = items.items.map(() => undefined);
  let next = 0;
  // Counted as instances end: it is asked before every step of each of them.
  let failures = 0;
  let isOneUnknown = false;
  const givenUp = (): boolean => branch.givenUp() || (branch.depth === "whole" && (failures > maxFailures || isOneUnknown));
  // An instance that waits for a person has not ended: it keeps its place, and the others go on.
  const worker = async (task: Task): Promise<void> => {
    let last: StepEnd | undefined;
    while (next < items.items.length && last?.status !== "waiting" && mayEnter(run, branch, instancePath(path, items.items[next]?.key ?? "")) && !givenUp()) {
      const index = next;
      next += 1;
      const item = items.items[index];
      if (item === undefined) return;
      last = await runInstance(run, { ...branch, task, givenUp, disruptors: Math.max(branch.disruptors, maxParallel) }, step, loop.as, path, item, runBody, () => failures < maxFailures);
      ends[index] = last;
      if (last.status === "failed") failures += 1;
      if (last.status === "unknown") isOneUnknown = true;
    }
  };
  await inParallel(branch.task, path, Math.min(maxParallel, items.items.length), worker);
  const begun = ends.filter((end) => end !== undefined);
  const end = loopEnd(begun, maxFailures);
  const each = items.items.flatMap(({ item }, index) => {
    const instance = ends[index];
    return instance === undefined ? [] : [{ item, status: instance.status, ...(instance.outputs === undefined ? {} : { outputs: instance.outputs }) }];
  });
  const cut = isStopped(run, branch) && begun.length < items.items.length && (end.status === "ok" || end.status === "unchanged");
  return { ...(cut ? { status: "interrupted" as const } : end), each };
}

/** What `steps.x.each` was before the run was taken up again. */
export function eachBefore(recorded: Pick<Recorded, "ends">, branch: Pick<Branch, "scope">, loop: Loop, path: string): StepEnd["each"] {
  const items = itemsOf(loop, branch, undefined);
  if (items.kind === "failed") return [];
  return items.items.flatMap(({ key, item }) => {
    const end = recorded.ends.get(instancePath(path, key));
    const outputs = end === undefined ? undefined : givenOutputs(end);
    return end === undefined ? [] : [{ item, status: end.status, ...(outputs === undefined ? {} : { outputs }) }];
  });
}

async function inParallel(task: Task, path: string, workers: number, worker: (task: Task) => Promise<void>): Promise<void> {
  if (workers === 1) return worker(task);
  const spawned = Array.from({ length: workers }, (_, index) => task.spawn(`${path}#${index}`, worker));
  for (const one of spawned) await one.join(task);
}

async function runInstance(run: Run, branch: Branch, step: Step, as: string, path: string, item: Item, runBody: RunBody, withinBudget: () => boolean): Promise<StepEnd> {
  const instance = instancePath(path, item.key);
  const before = branch.phase === "goal" ? undefined : run.resumption?.endOf(instance, step, branch.task.now());
  if (before !== undefined) {
    if (before.passedOver !== undefined) run.tally.passedOver.push(instance);
    // That it was passed over is the loop's affair.
    const { passedOver: _passedOver, ...end } = givenEnd(before);
    return end;
  }
  const startedMs = branch.task.now();
  // What the steps of one instance gave is nothing to another one, which may run at the same time.
  const roots = withOwnSteps(branch.roots);
  const scope = Object.assign(emptyObject<unknown>(), branch.scope, { steps: roots.steps, [as]: item.item });
  run.tally.entered.add(instance);
  const body = await runBody(run, { ...branch, parent: path, roots, scope, prefix: step.body.kind === "leaf" ? branch.prefix : insideOf(instance) }, step, instance);
  const end: StepEnd = body.status === "failed" || body.status === "unknown" || body.status === "waiting" ? { ...body, failedStep: body.failedStep ?? instance } : body;
  if (end.status === "waiting") return end;
  if (end.status !== "unknown") run.tally.entered.delete(instance);
  if (end.status === "not-yet") return end;
  const passedOver = end.status === "failed" && withinBudget();
  run.emit({
    type: "step-finished", step: instance, status: end.status, attempts: end.attempts ?? 1, ms: branch.task.now() - startedMs,
    ...(end.code === undefined ? {} : { code: end.code }), ...(end.because === undefined ? {} : { because: end.because }),
    ...(end.outputs === undefined ? {} : { outputs: end.outputs }), ...(passedOver ? { passedOver: "max-failures" as const } : {}),
  });
  if (passedOver) run.tally.passedOver.push(instance);
  return end;
}

type Items = { readonly kind: "ok"; readonly items: readonly Item[] } | { readonly kind: "failed"; readonly code: string; readonly because: string };

/** The items of a loop where it stands, each with its key, or why there are none. */
export function itemsOf(loop: Loop, branch: Pick<Branch, "scope">, secrets: Secrets | undefined): Items {
  const value = evaluate(loop.items, branch.scope);
  if (value.kind === "not-known") return { kind: "failed", code: "not_known", because: `the list cannot be told: ${value.because}` };
  if (!Array.isArray(value.value)) return { kind: "failed", code: "bad_input", because: `${loop.items.text} is no list` };
  const items: Item[] = [];
  const seen = new Set<string>();
  for (const item of value.value as readonly Json[]) {
    const key = itemKey(item);
    if (key === undefined) return { kind: "failed", code: "bad_input", because: `${loop.items.text} holds ${JSON.stringify(item)}: items are texts, whole numbers or records with \`id\`` };
    const secret = secrets?.nameIn(key);
    if (secret !== undefined) return { kind: "failed", code: "bad_input", because: `an item of ${loop.items.text} holds the secret \`${secret}\`, and items stand in the paths of steps` };
    if (seen.has(key)) return { kind: "failed", code: "bad_input", because: `${loop.items.text} holds \`${key}\` twice: items are unique` };
    seen.add(key);
    items.push({ key, item });
  }
  return { kind: "ok", items };
}

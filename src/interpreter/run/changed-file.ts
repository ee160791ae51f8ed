import { assertNever } from "../../core/assert-never.ts";
import { canonicalJson } from "../../core/json.ts";
import type { Binding, Condition, Leaf, Runbook, Step, Target } from "../../core/runbook.ts";
import { insideOf, stepPath, withoutItems } from "../plan/paths.ts";
import type { Recorded } from "./recorded.ts";

/** What was changed in the file of a run since it began, by step. `harmless`: the run can go on as if it had always been so. */
export interface FileChange {
  readonly kind: "harmless" | "needs-answer" | "impossible";
  /** The step's path without items; of the file as a whole "". */
  readonly step: string;
  /** What was changed, in the file's words: "`with` of install was changed". */
  readonly what: string;
  /** For `needs-answer`: steps that have run and are entered again where that is the answer, by their paths without items. Empty where none is there any more. */
  readonly again: readonly string[];
}

/** What a step does, as far as it must be the same for its end to count: parts by the keys of the file. */
type Shape = Readonly<Record<string, string>>;

interface Placed {
  readonly path: string;
  readonly shape: Shape;
  /** `rollback`: it undoes another step, and is no part of the run. */
  readonly part: "run" | "rollback";
}

/**
 * Compares the steps of a run's file with what the run knows of them (semantics.md section 4): what had ended must have been what it is
 * now, unless a person takes it as done or has it entered again; a step whose outcome is open must not have been changed at all. Texts, limits
 * and retries are free, and so is what was not begun yet.
 */
export function changesOf(before: Runbook, now: Runbook, recorded: Recorded): readonly FileChange[] {
  const [old, fresh] = [placedSteps(before, ""), placedSteps(now, "")];
  const nowByPath = new Map(fresh.map((placed) => [placed.path, placed]));
  const oldIndex = new Map(old.map(({ path }, index) => [path, index]));
  const ended = new Set([...recorded.given].flatMap(([path, { when }]) => (when === "always" ? [withoutItems(path)] : [])));
  const open = new Set([...recorded.inFlight.keys()].filter((path) => (recorded.acts.get(path)?.length ?? 0) > 0).map(withoutItems));
  const changes: FileChange[] = [];
  for (const { path, shape } of old) {
    const other = nowByPath.get(path);
    const differing = other === undefined ? undefined : Object.keys({ ...shape, ...other.shape }).filter((key) => shape[key] !== other.shape[key]);
    if (differing?.length === 0) continue;
    const what = differing === undefined ? `step \`${path}\` is gone` : `${differing.map((key) => `\`${key}\``).join(", ")} of step \`${path}\` was changed`;
    if (open.has(path)) changes.push({ kind: "impossible", step: path, what: `${what}, and nobody knows yet how it ended`, again: [] });
    else if (ended.has(path)) changes.push({ kind: "needs-answer", step: path, what: `${what}, and it has run`, again: other === undefined ? [] : [path] });
    else changes.push({ kind: "harmless", step: path, what, again: [] });
  }
  const hasRun = ({ path }: Placed): boolean => ended.has(path) || open.has(path);
  const lastOld = old.findLastIndex(hasRun);
  for (const [index, placed] of fresh.entries()) {
    const { path } = placed;
    const was = oldIndex.get(path);
    if (was !== undefined && (hasRun(placed) || was < lastOld || placed.part === "rollback")) continue;
    const behind = placed.part === "rollback" ? [] : fresh.slice(index + 1).filter((other) => ended.has(other.path)).map((other) => other.path);
    const twin = was === undefined ? old.find((other) => ended.has(other.path) && !nowByPath.has(other.path) && canonicalJson(other.shape) === canonicalJson(placed.shape)) : undefined;
    const stands = was === undefined ? `step \`${path}\` is new` : `step \`${path}\`, which has not run, stands elsewhere`;
    const alike = twin === undefined ? "" : `; it does what \`${twin.path}\` did, and is run whatever is answered: call it \`${twin.path}\` again where it must not be`;
    if (behind.length > 0) changes.push({ kind: "needs-answer", step: path, what: `${stands}, before steps that have run${alike}`, again: behind });
    else if (was === undefined) changes.push({ kind: "harmless", step: path, what: `${stands}${alike}`, again: [] });
  }
  return changes;
}

/** What is recorded, without the ends of these steps, by their paths without items, and of those around them: they are entered again, with what they did before. */
export function enteredAgain(recorded: Recorded, again: readonly string[]): Recorded {
  if (again.length === 0) return recorded;
  const isAgain = (path: string): boolean => again.includes(withoutItems(path));
  const around = new Set<string>();
  for (const path of recorded.given.keys()) {
    if (!isAgain(path)) continue;
    for (let at = recorded.parents.get(path); at !== undefined; at = recorded.parents.get(at)) around.add(at);
  }
  return { ...recorded, given: new Map([...recorded.given].filter(([path]) => !isAgain(path) && !around.has(path))) };
}

/** Every step of a file and of what it calls, in the order of the file. */
function placedSteps(runbook: Runbook, prefix: string): readonly Placed[] {
  const texts = new FileTexts(runbook);
  return [...runbook.preconditions, ...runbook.steps, ...runbook.postconditions].flatMap((step) => placed(step, prefix, texts, "run"));
}

/** Texts of a file's steps, each with the vars that it stands on: a var whose text was changed changes every step that reads it. */
class FileTexts {
  readonly #vars: ReadonlyMap<string, string>;
  readonly #targets: ReadonlyMap<string, string>;

  constructor({ vars, targets }: Runbook) {
    this.#vars = new Map(vars.map(({ name, template }) => [name, template.text]));
    this.#targets = new Map(targets.map((target) => [target.name, targetText(target)]));
  }

  whole(text: string): string {
    const read = new Set<string>();
    const pending = [text];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const [, name = ""] of next.matchAll(/\bvars\.([a-z][a-z0-9_]*)/g)) {
        if (read.has(name)) continue;
        read.add(name);
        pending.push(this.#vars.get(name) ?? "");
      }
    }
    return [text, ...[...read].toSorted().map((name) => `${name} = ${this.#vars.get(name) ?? ""}`)].join("\n");
  }

  target(target: Leaf["target"]): string {
    if (target.kind === "named") return `${target.name} ${this.whole(this.#targets.get(target.name) ?? "")}`;
    return target.kind === "template" ? this.whole(target.template.text) : target.kind;
  }
}

function targetText({ addresses }: Target): string {
  return addresses.map(({ text }) => text).join(", ");
}

function placed(step: Step, prefix: string, texts: FileTexts, part: Placed["part"]): readonly Placed[] {
  const path = stepPath(prefix, step.id);
  const { body } = step;
  const general = { if: texts.whole(step.if?.text ?? ""), "for-each": step.loop === undefined ? "" : `${texts.whole(step.loop.items.text)} as ${step.loop.as}` };
  const inner = step.loop === undefined ? prefix : insideOf(path);
  switch (body.kind) {
    case "leaf":
      return [{ path, shape: { ...general, ...shapeOf(body, texts) }, part }, ...body.rollback.flatMap((child) => placed(child, insideOf(path), texts, "rollback"))];
    case "block":
      return [{ path, shape: { ...general, block: "block" }, part }, ...[...body.steps, ...body.rescue, ...body.always].flatMap((child) => placed(child, inner, texts, part))];
    case "call":
      return [{ path, shape: { ...general, call: body.runbook.name, with: shapeOfWith(body.with, texts) }, part }, ...placedSteps(body.runbook, insideOf(path))];
    default:
      return assertNever(body);
  }
}

function shapeOf(leaf: Leaf, texts: FileTexts): Shape {
  return { uses: leaf.builtin.name, with: shapeOfWith(leaf.with, texts), target: texts.target(leaf.target), expect: leaf.expect.map(({ that }: Condition) => texts.whole(that.text)).join("\n") };
}

function shapeOfWith(bindings: readonly { readonly name: string; readonly binding: Binding }[], texts: FileTexts): string {
  return canonicalJson(Object.fromEntries(bindings.filter(({ name }) => name !== "because").map(({ name, binding }) => [name, shapeOfBinding(binding, texts)])));
}

function shapeOfBinding(binding: Binding, texts: FileTexts): unknown {
  switch (binding.kind) {
    case "literal":
      return { value: binding.value };
    case "template":
      return { template: texts.whole(binding.template.text) };
    case "list":
      return binding.items.map((item) => shapeOfBinding(item, texts));
    case "object":
      return Object.fromEntries(binding.entries.map((entry) => [entry.name, shapeOfBinding(entry.binding, texts)]));
    case "condition":
      return { condition: texts.whole(binding.condition.text) };
    case "reading":
      return { ...shapeOf(binding.reading, texts), that: texts.whole(binding.that.text) };
    default:
      return assertNever(binding);
  }
}

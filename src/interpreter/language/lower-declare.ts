import type { Schema } from "../../core/schema.ts";
import { hasKey, valueAt, type MapNode, type Node, type ScalarNode } from "./node.ts";

/** The lists in which steps stand. The first four are a file's own; the next three a block's; `rollback` belongs to a step that changes something. */
export type ListRole = "preconditions" | "steps" | "checks" | "postconditions" | "block" | "rescue" | "always" | "rollback";

/** A list of steps as it is written. */
export interface StepList {
  readonly role: ListRole;
  /** The block, or the step that it undoes; undefined for a file's own lists. */
  readonly owner: DeclaredStep | undefined;
  readonly steps: readonly DeclaredStep[];
}

/** A step as far as its keys tell without a look at any expression: what other steps need to know before they are lowered. */
export interface DeclaredStep {
  readonly id: string;
  readonly idNode: ScalarNode;
  readonly node: MapNode;
  readonly kind: "leaf" | "block" | "call" | "none";
  readonly list: StepList;
  /** Place in its list, from 0. */
  readonly index: number;
  readonly hasCondition: boolean;
  readonly isLoop: boolean;
  /** The run may go on although it failed: `on-failure` is not `stop`. */
  readonly mayBePassedOver: boolean;
  /** `remember: true`, or something that is refused and was meant so. */
  readonly remembers: boolean;
  /** For a block: the run goes on after its rescue. */
  readonly goesOnAfterRescue: boolean;
  readonly block: StepList | undefined;
  readonly rescue: StepList | undefined;
  readonly always: StepList | undefined;
  readonly rollback: StepList | undefined;
}

/** What lowering finds out about declared steps as it goes through the file. */
export interface Found {
  /** Type of `outputs`; absent for a block. */
  readonly outputs: Map<DeclaredStep, Schema>;
  /** Type of a loop's item. */
  readonly items: Map<DeclaredStep, Schema>;
  /** What is known to be true inside a step: the parts of its `if` (see `check-guards`). */
  readonly facts: Map<DeclaredStep, readonly string[]>;
}

const NO_NAME: Omit<ScalarNode, "span"> = { kind: "scalar", text: "", style: "plain", offsets: undefined, contentStart: 0 };

/** The text of a key's scalar, or undefined where it is absent or no scalar. */
export function textAt(node: MapNode, key: string): string | undefined {
  const value = valueAt(node, key);
  return value?.kind === "scalar" ? value.text : undefined;
}

function kindOf(node: MapNode): DeclaredStep["kind"] {
  if (hasKey(node, "uses")) return "leaf";
  if (hasKey(node, "block")) return "block";
  return hasKey(node, "call") ? "call" : "none";
}

function declareStep(node: MapNode, list: StepList, index: number): DeclaredStep {
  const id = valueAt(node, "id");
  const policy = textAt(node, "on-failure");
  const step: { -readonly [K in keyof DeclaredStep]: DeclaredStep[K] } = {
    id: id?.kind === "scalar" ? id.text : "",
    idNode: id?.kind === "scalar" ? id : { ...NO_NAME, span: node.span },
    node,
    kind: kindOf(node),
    list,
    index,
    hasCondition: hasKey(node, "if"),
    isLoop: hasKey(node, "for-each"),
    mayBePassedOver: policy !== undefined && policy !== "stop",
    remembers: hasKey(node, "remember") && textAt(node, "remember") !== "false",
    goesOnAfterRescue: textAt(node, "after-rescue") === "continue",
    block: undefined,
    rescue: undefined,
    always: undefined,
    rollback: undefined,
  };
  step.block = declareList(valueAt(node, "block"), "block", step);
  step.rescue = declareList(valueAt(node, "rescue"), "rescue", step);
  step.always = declareList(valueAt(node, "always"), "always", step);
  step.rollback = declareList(valueAt(node, "rollback"), "rollback", step);
  return step;
}

/** The steps of a list and all below them; undefined where there is no list. What is no mapping is left out: the validator has said so. */
export function declareList(node: Node | undefined, role: ListRole, owner: DeclaredStep | undefined): StepList | undefined {
  if (node?.kind !== "list") return undefined;
  const steps: DeclaredStep[] = [];
  const list: StepList = { role, owner, steps };
  for (const item of node.items) if (item.kind === "map") steps.push(declareStep(item, list, steps.length));
  return list;
}

/** Adds all steps of a list to `found`, each before those inside it, in the order of the file. */
function collect(list: StepList | undefined, found: DeclaredStep[]): void {
  if (list === undefined) return;
  for (const step of list.steps) {
    found.push(step);
    collect(step.block, found);
    collect(step.rescue, found);
    collect(step.always, found);
    collect(step.rollback, found);
  }
}

/** The steps around one, from the nearest. */
export function* ownersOf(step: DeclaredStep): Generator<DeclaredStep> {
  for (let owner = step.list.owner; owner !== undefined; owner = owner.list.owner) yield owner;
}

/** The lists of steps of a file, declared. */
export interface FileLists {
  readonly preconditions: StepList | undefined;
  readonly steps: StepList | undefined;
  readonly postconditions: StepList | undefined;
  readonly mode: "steps" | "checks";
}

/** Declares the steps of a file: done before called files are loaded. */
export function declareFile(node: MapNode): FileLists {
  const mode = hasKey(node, "checks") && !hasKey(node, "steps") ? "checks" : "steps";
  return {
    preconditions: declareList(valueAt(node, "preconditions"), "preconditions", undefined),
    steps: declareList(valueAt(node, mode), mode, undefined),
    postconditions: declareList(valueAt(node, "postconditions"), "postconditions", undefined),
    mode,
  };
}

/** All steps of a file, each before those inside it. */
export function declaredSteps(lists: FileLists): readonly DeclaredStep[] {
  const found: DeclaredStep[] = [];
  collect(lists.preconditions, found);
  collect(lists.steps, found);
  collect(lists.postconditions, found);
  return found;
}

import { assertNever } from "../../core/assert-never.ts";
import type { Path } from "../../core/runbook.ts";
import { ownersOf, type DeclaredStep, type Found, type ListRole, type StepList } from "./lower-declare.ts";

/**
 * Who reads: a step, in its `if` (judged before all else), in its `for-each`, or in the rest; a probe or an invariant, which
 * are asked at any time; or what is asked when all is over, where what did not run is merely absent.
 */
export type Reader =
  | { readonly kind: "step"; readonly step: DeclaredStep; readonly part: "if" | "for-each" | "body" }
  | { readonly kind: "watch" }
  | { readonly kind: "end" };

/** Why a value may not be there when it is read, and what to do. */
export interface ReachFault {
  readonly code: "step-may-not-have-run" | "inside-a-loop" | "loop-has-no-outputs" | "not-in-reach";
  readonly message: string;
  readonly hint: string;
}

/** The order of a file's own lists. Postconditions may read every step: one that did not run makes them not known, so not held (semantics.md section 1). */
const RANK: Readonly<Record<ListRole, number>> = { preconditions: 0, steps: 1, checks: 1, postconditions: 2, block: 1, rescue: 1, always: 1, rollback: 1 };

/** True if a fact is known where the reader stands: in the expression itself, or by the `if` of the step or of one around it. */
export function isKnown(fact: string, reader: Reader, local: ReadonlySet<string>, found: Found): boolean {
  if (local.has(fact)) return true;
  if (reader.kind !== "step") return false;
  if (reader.part !== "if" && found.facts.get(reader.step)?.includes(fact) === true) return true;
  for (const owner of ownersOf(reader.step)) if (found.facts.get(owner)?.includes(fact) === true) return true;
  return false;
}

/** The step that this one undoes, at whatever depth below its `rollback` it stands; undefined for a step of the run itself. */
export function undoneBy(step: DeclaredStep): DeclaredStep | undefined {
  if (step.list.role === "rollback") return step.list.owner;
  for (const owner of ownersOf(step)) if (owner.list.role === "rollback") return owner.list.owner;
  return undefined;
}

/**
 * What a rollback may not read, and nothing may read of a rollback; `in-reach` where the outputs are there although the step is not beside
 * the reader; undefined where the order of the steps decides.
 */
function rollbackFault(path: Path, target: DeclaredStep, reader: Reader, local: ReadonlySet<string>, found: Found): ReachFault | "in-reach" | undefined {
  const own = undoneBy(target);
  const undone = reader.kind === "step" ? undoneBy(reader.step) : undefined;
  if (own === undone) return undefined;
  if (own !== undefined) return { code: "not-in-reach", message: `\`${target.id}\` undoes \`${own.id}\`, and is no part of the run`, hint: "only the steps of the same `rollback` can read it" };
  if (undone === undefined || target === undone) return "in-reach";
  if (target.remembers) return reachFault(path, target, { kind: "step", step: undone, part: "body" }, local, found) ?? "in-reach";
  return {
    code: "not-in-reach", message: `\`${path.join(".")}\` cannot be read by what undoes \`${undone.id}\`: it may run long after`,
    hint: `in reach are \`inputs\`, \`vars\`, \`targets\`, \`run\`, \`steps.${undone.id}.outputs\`, and what a step before it remembers (\`remember: true\`)`,
  };
}

/** True if `reader` stands inside `step`, at any depth. */
function standsInside(reader: Reader, step: DeclaredStep): boolean {
  if (reader.kind !== "step") return false;
  for (const owner of ownersOf(reader.step)) if (owner === step) return true;
  return false;
}

/** Why a step may not have run, and what its author can do. */
interface Absence {
  readonly because: string;
  readonly remedy: "guard" | "move" | "own-outputs";
}

function later(target: DeclaredStep): Absence {
  return { because: `\`${target.id}\` comes later`, remedy: "move" };
}

function unsure(because: string): Absence {
  return { because, remedy: "guard" };
}

function hintFor({ remedy }: Absence, target: DeclaredStep, reader: Reader): string {
  const done = `\`steps.${target.id}.done\``;
  switch (remedy) {
    case "move":
      return `a step reads what ran before it: put \`${target.id}\` before the step that reads it`;
    case "own-outputs":
      return "in `expect` and `wait-until` a step's own outputs are `outputs`";
    case "guard":
      return reader.kind === "step"
        ? `guard it with ${done} in the \`if\` of this step or of one around it, on the left of \`&&\` or in \`?:\`; in a text with \`default\``
        : `guard it with ${done} on the left of \`&&\` or in \`?:\``;
    default:
      return assertNever(remedy);
  }
}

/** What a step inside a loop, or a loop itself, may not be asked from outside. */
function loopFault(step: DeclaredStep, path: Path, reader: Reader): ReachFault | undefined {
  const fromOutside = (loop: DeclaredStep): string => `from outside the loop only \`steps.${loop.id}.status\`, \`.done\` and \`.each\` can be read`;
  for (const owner of ownersOf(step)) {
    if (!owner.isLoop || standsInside(reader, owner)) continue;
    return { code: "inside-a-loop", message: `step \`${step.id}\` runs once for each item of \`${owner.id}\``, hint: fromOutside(owner) };
  }
  if (!step.isLoop || path[2] !== "outputs") return undefined;
  return { code: "loop-has-no-outputs", message: `step \`${step.id}\` is a loop and has no outputs of its own`, hint: fromOutside(step) };
}

/** Statuses that count as done: a comparison with one of them is as good a guard as `.done`. */
const DONE_STATUSES = ["ok", "unchanged", "rescued"] as const;

/** True if the step is known to be done. */
function isDone(step: DeclaredStep, known: (fact: string) => boolean): boolean {
  return known(`steps.${step.id}.done`) || DONE_STATUSES.some((status) => known(`steps.${step.id}.status=="${status}"`));
}

/** Why a step may not have given its outputs although the steps beside it run. */
function hazardOf(step: DeclaredStep, known: (fact: string) => boolean, found: Found): string | undefined {
  if (step.hasCondition) {
    const own = found.facts.get(step);
    if (own === undefined || own.length === 0 || !own.every(known)) return `\`${step.id}\` is skipped where its \`if\` is false`;
  }
  return step.mayBePassedOver ? `the run goes on although \`${step.id}\` failed (\`on-failure\`)` : undefined;
}

/** Why the steps of a list may not all have run although their block has ended and the run goes on. */
function listHazardOf({ role, owner }: StepList, step: DeclaredStep): string | undefined {
  if (owner === undefined) return undefined;
  if (role === "rescue") return `\`${step.id}\` runs only when a step of \`${owner.id}\` has failed`;
  return role === "block" && owner.goesOnAfterRescue ? `\`${owner.id}\` goes on after its rescue, and then \`${step.id}\` may not have run` : undefined;
}

/** The reader and the steps around it, by the list in which each stands. */
function chainOf(reader: DeclaredStep): ReadonlyMap<StepList, DeclaredStep> {
  const chain = new Map([[reader.list, reader]]);
  for (const owner of ownersOf(reader)) chain.set(owner.list, owner);
  return chain;
}

/** Where two steps part: why the one that is read may not have ended when the other one reads it. `read` is `target` or a block around it. */
function orderFault(read: DeclaredStep, target: DeclaredStep, reader: DeclaredStep): Absence {
  if (target === reader) return { because: "a step cannot read itself", remedy: "own-outputs" };
  if (target === read) return { because: `\`${target.id}\` has not ended while the steps inside it run`, remedy: "move" };
  const part = branchOf(target, read);
  const own = reader === read ? undefined : branchOf(reader, read);
  if (own === undefined || own === "block") return later(target);
  if (part === "block") return unsure(`a step of \`${read.id}\` may have failed before \`${target.id}\``);
  return part === "rescue" ? unsure(`\`${target.id}\` runs only when a step of \`${read.id}\` has failed`) : later(target);
}

/** In which of a block's lists a step inside it stands. */
function branchOf(step: DeclaredStep, block: DeclaredStep): ListRole | undefined {
  if (step.list.owner === block) return step.list.role;
  for (const owner of ownersOf(step)) if (owner.list.owner === block) return owner.list.role;
  return undefined;
}

/** Why the outputs of `target` may not be there; undefined where it surely ran. */
function whyNotRun(target: DeclaredStep, reader: Reader, known: (fact: string) => boolean, found: Found): Absence | undefined {
  if (reader.kind === "end") return undefined;
  const chain = reader.kind === "step" ? chainOf(reader.step) : undefined;
  for (let step: DeclaredStep | undefined = target; step !== undefined; step = step.list.owner) {
    // A step that is done was reached, whatever stands around it.
    if (isDone(step, known)) return undefined;
    if (reader.kind === "watch" || chain === undefined) return unsure("probes and invariants are asked at any time");
    const beside = chain.get(step.list);
    if (beside !== undefined && beside === step) return orderFault(step, target, reader.step);
    if (beside !== undefined && step.index > beside.index) return later(target);
    const top = beside === undefined && step.list.owner === undefined ? compareLists(step.list, chain) : undefined;
    if (top === "postcondition") return undefined;
    if (top === "later") return later(target);
    const hazard = hazardOf(step, known, found);
    if (hazard !== undefined) return unsure(hazard);
    if (beside !== undefined) return undefined;
    // Where the reader stands in another list of the same block, `orderFault` says how the two lists follow each other.
    const owner = step.list.owner;
    const around = owner === undefined ? undefined : chain.get(owner.list);
    const left = around === owner ? undefined : listHazardOf(step.list, target);
    if (left !== undefined) return unsure(left);
  }
  return undefined;
}

/** How a file's own list stands to the list that the reader is in. */
function compareLists(list: StepList, chain: ReadonlyMap<StepList, DeclaredStep>): "before" | "later" | "postcondition" {
  const readers = [...chain.keys()].find((candidate) => candidate.owner === undefined);
  if (readers?.role === "postconditions") return "postcondition";
  return RANK[list.role] < RANK[readers?.role ?? "steps"] ? "before" : "later";
}

/**
 * Judges a read of `steps.<id>.…`: whether the step is in reach from where it is read, and whether it surely ran. `local`
 * are the facts that hold at that place of the expression (`steps.x.done && …`).
 */
export function reachFault(path: Path, target: DeclaredStep, reader: Reader, local: ReadonlySet<string>, found: Found): ReachFault | undefined {
  const apart = rollbackFault(path, target, reader, local, found);
  if (apart !== undefined) return apart === "in-reach" ? undefined : apart;
  const loop = loopFault(target, path, reader);
  if (loop !== undefined) return loop;
  if (path[2] !== "outputs" && path[2] !== "each") return undefined;
  const absence = whyNotRun(target, reader, (fact) => isKnown(fact, reader, local, found), found);
  if (absence === undefined) return undefined;
  return { code: "step-may-not-have-run", message: `\`${path.join(".")}\` may not be there: ${absence.because}`, hint: hintFor(absence, target, reader) };
}

/** True if a step ran whenever its file ended well: all of it, or its postconditions alone. `facts` hold where its value is read. */
export function surelyRan(target: DeclaredStep, part: "any" | "postconditions", facts: ReadonlySet<string>, found: Found): boolean {
  const known = (fact: string): boolean => facts.has(fact);
  let step = target;
  for (let owner: DeclaredStep | undefined = target; owner !== undefined; owner = owner.list.owner) {
    step = owner;
    if (isDone(step, known)) return true;
    if (hazardOf(step, known, found) !== undefined || listHazardOf(step.list, target) !== undefined) return false;
  }
  return part === "any" || step.list.role === "postconditions";
}

import { errorAt } from "../../core/diagnostic.ts";
import type { Leaf } from "../../core/runbook.ts";
import { effectOfUse } from "./lower-builtin.ts";
import { undoneBy } from "./check-reach.ts";
import { placeOf } from "./lower-context.ts";
import type { DeclaredStep } from "./lower-declare.ts";
import type { LeafPlace } from "./lower-leaf.ts";
import { entryAt, valueAt } from "./node.ts";
import { record, typed, type Members } from "./type-scope.ts";

/** The roots that a rollback reads beside its `steps` and the items of the loops around it: what stands in the journal of the run that it undoes. */
const NO_ROOTS: ReadonlySet<string> = new Set(["failure", "outputs"]);

/** Where the steps that undo a step are lowered: without what only its own run knew, and with its outputs, those of one instance where it is a loop. */
export function rollbackPlace(declared: DeclaredStep, at: LeafPlace): LeafPlace {
  const { place, context } = at;
  const roots = new Map([...place.roots].filter(([name]) => !NO_ROOTS.has(name)));
  const steps = roots.get("steps");
  const outputs = context.found.outputs.get(declared) ?? { type: "any" };
  if (declared.isLoop && steps?.kind === "members") {
    const own = record({ outputs, status: { type: "string" }, done: { type: "boolean" } });
    const members: Members = { ...steps.members, of: (name) => (name === declared.id ? own : steps.members.of(name)) };
    roots.set("steps", { kind: "members", members });
  } else if (steps === undefined) roots.set("steps", typed(record({})));
  return { ...at, place: placeOf(roots, place.reader, place.limit) };
}

/** Reports a `rollback` where there is nothing that it could undo, or where it would never be run. */
export function checkRollback(declared: DeclaredStep, { builtin, reads }: Leaf, { context }: LeafPlace): void {
  const key = entryAt(declared.node, "rollback")?.key;
  if (key === undefined) return;
  const inputs = valueAt(declared.node, "with");
  const isOneWay = builtin.oneWay === true || effectOfUse(builtin, inputs?.kind === "map" ? inputs : undefined) === "destroys";
  if (undoneBy(declared) !== undefined) {
    context.report(errorAt(key.span, "rollback-refused", "what undoes a step is not undone itself", "leave it out: a rollback that stopped goes on, or is run again"));
  } else if (reads) {
    context.report(errorAt(key.span, "rollback-refused", `\`rollback\` stands only on a step that changes something, and \`${builtin.name}\` only reads`, "leave it out"));
  } else if (builtin.undo?.kind === "nothing") {
    context.report(errorAt(key.span, "rollback-refused", `after \`${builtin.name}\` there is nothing to undo: ${builtin.undo.because}`, "leave it out: a rollback passes such a step"));
  } else if (isOneWay) {
    context.report(errorAt(key.span, "rollback-refused", `what \`${builtin.name}\` does here cannot be taken back`, "leave it out: a rollback does not go past such a step unless somebody names it"));
  }
}

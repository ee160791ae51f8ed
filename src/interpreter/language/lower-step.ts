import { assertNever } from "../../core/assert-never.ts";
import { errorAt } from "../../core/diagnostic.ts";
import type { Block, Leaf, Call, Step } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { firstChange } from "./check-reading.ts";
import { factsOf } from "./expression.ts";
import { lowerCall } from "./lower-call.ts";
import { readBy, withRoot, type Place } from "./lower-context.ts";
import type { DeclaredStep, StepList } from "./lower-declare.ts";
import { lowerExpression } from "./lower-expression.ts";
import { lowerLeaf, type LeafPlace } from "./lower-leaf.ts";
import { lowerLoop } from "./lower-loop.ts";
import { lowerPolicy, mayBeNoted } from "./lower-policy.ts";
import { lowerRetry } from "./lower-retry.ts";
import { checkRollback, rollbackPlace } from "./lower-rollback.ts";
import { lowerTargetRef, targetNodeOf } from "./lower-target.ts";
import { lowerSetting, lowerText } from "./lower-text.ts";
import { valueAt } from "./node.ts";
import { record, typed } from "./type-scope.ts";

const TEXT: Schema = { type: "string" };
const MAYBE_TEXT: Schema = { type: "string", required: false };

/** What failed: in a rescue it is there; in an always only where something failed. */
const FAILURE = record({ step: TEXT, code: TEXT, because: TEXT });
const MAYBE_FAILURE = record({ step: MAYBE_TEXT, code: MAYBE_TEXT, because: MAYBE_TEXT });

/** The steps of a list, in their order; those that could not be lowered are left out, and were reported. */
export function lowerList(list: StepList | undefined, at: LeafPlace): readonly Step[] {
  return (list?.steps ?? []).flatMap((step) => lowerStep(step, at) ?? []);
}

/** A step with all that stands below it. Every part is checked, also where another is wrong; undefined where no step came of it. */
export function lowerStep(declared: DeclaredStep, at: LeafPlace): Step | undefined {
  const { node } = declared;
  const { context } = at;
  const condition = declared.hasCondition ? lowerExpression(valueAt(node, "if"), "boolean", "is-an-error", readBy(at.place, { kind: "step", step: declared, part: "if" }), context) : undefined;
  if (condition !== undefined) context.found.facts.set(declared, factsOf(condition));
  const { loop, inside, item } = lowerLoop(node, declared.isLoop ? readBy(at.place, { kind: "step", step: declared, part: "for-each" }) : at.place, context);
  if (declared.isLoop) context.found.items.set(declared, item);
  const place = readBy(inside, { kind: "step", step: declared, part: "body" });
  context.places.set(declared, inside);
  const title = lowerText(valueAt(node, "title"), place, context);
  const why = lowerText(valueAt(node, "why"), place, context);
  const timeout = lowerSetting(valueAt(node, "timeout"), { type: "duration" }, "timeout", place, context);
  const onFailure = lowerPolicy(valueAt(node, "on-failure"), place, context);
  const body = lowerBody(declared, { ...at, place });
  if (body === undefined) return undefined;
  const retry = body.kind === "leaf" ? lowerRetry(node, body, place, context) : undefined;
  const step: Step = { id: declared.id, span: declared.idNode.span, title, why, if: condition, loop, timeout, onFailure, retry, body };
  checkNoted(step, declared, place, at);
  return step;
}

function checkNoted(step: Step, { node }: DeclaredStep, place: Place, { context }: LeafPlace): void {
  if (!mayBeNoted(step.onFailure.policy, place)) return;
  const change = firstChange(step);
  const policy = valueAt(node, "on-failure") ?? node;
  if (change === undefined) return;
  context.report(errorAt(policy.span, "not-reading", `\`note\` makes a failure an open item, which is only for what reads; \`${change.step.id}\` does not only read: ${change.what}`, "`continue` goes on over a failed change, and the run ends `failed`"));
}

function lowerBody(declared: DeclaredStep, at: LeafPlace): Leaf | Block | Call | undefined {
  const { context, place } = at;
  switch (declared.kind) {
    case "leaf":
      return lowerUndoable(declared, at);
    case "block":
      return lowerBlock(declared, at);
    case "call": {
      const callee = context.calleeOf(declared);
      return callee === undefined ? undefined : lowerCall(declared.node, callee, place, context);
    }
    case "none":
      return undefined;
    default:
      return assertNever(declared.kind);
  }
}

/** A leaf with what undoes it. */
function lowerUndoable(declared: DeclaredStep, at: LeafPlace): Leaf | undefined {
  const leaf = lowerLeaf(declared.node, at);
  const rollback = declared.rollback === undefined ? [] : lowerList(declared.rollback, rollbackPlace(declared, at));
  if (leaf === undefined) return undefined;
  checkRollback(declared, leaf, at);
  return { ...leaf, rollback };
}

function lowerBlock(declared: DeclaredStep, at: LeafPlace): Block {
  const { node } = declared;
  const { context, place } = at;
  const own = targetNodeOf(node);
  if (own !== undefined) lowerTargetRef(own, place, context);
  const inner: LeafPlace = { ...at, inherited: own ?? at.inherited };
  return {
    kind: "block",
    steps: lowerList(declared.block, inner),
    rescue: lowerList(declared.rescue, { ...inner, place: withRoot(place, "failure", typed(FAILURE)) }),
    afterRescue: declared.rescue === undefined ? undefined : declared.goesOnAfterRescue ? "continue" : "stop",
    always: lowerList(declared.always, { ...inner, place: withRoot(place, "failure", typed(MAYBE_FAILURE)) }),
  };
}

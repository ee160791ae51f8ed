import type { AnyBuiltin } from "../../core/builtin.ts";
import { errorAt } from "../../core/diagnostic.ts";
import { INTERPRETER_CODES } from "../../core/failure.ts";
import { nameHint } from "../../core/names.ts";
import type { Leaf, Retry, Setting } from "../../core/runbook.ts";
import { plainTemplate, lowerSetting } from "./lower-text.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { entryAt, valueAt, type MapNode, type Node } from "./node.ts";

/** Codes after which a step is not tried again: the run itself is ending. */
const FINAL: ReadonlySet<string> = new Set(["cancelled", "invariant"]);

const INTEGER = { type: "integer", minimum: 1 } as const;

/** The failure codes with which a step can end and be tried again. */
function codesOf(leaf: Leaf): readonly string[] {
  const general = Object.keys(INTERPRETER_CODES).filter((code) => !FINAL.has(code) && (code !== "expectation" || leaf.expect.length > 0) && (code !== "expired" || expires(leaf)));
  return [...Object.keys(leaf.builtin.codes), ...general];
}

/** True if the step asks a question that does not stand for ever. */
function expires(leaf: Leaf): boolean {
  return leaf.with.some(({ name }) => name === "expires");
}

function codesIn(node: Node | undefined, leaf: Leaf, context: FileContext): readonly string[] | undefined {
  if (node?.kind !== "list") return undefined;
  const possible = codesOf(leaf);
  return node.items.flatMap((item) => {
    if (item.kind !== "scalar") return [];
    if (!possible.includes(item.text)) {
      const why = item.text === "expectation" ? "the step has no `expect`" : item.text === "expired" ? "the step asks nothing that `expires`" : nameHint(item.text, possible);
      context.report(errorAt(item.span, "code-cannot-occur", `this step cannot fail with \`${item.text}\``, why));
    }
    return [item.text];
  });
}

/** Why a step may not be begun twice; undefined where it may. */
function whyNotRepeated(builtin: AnyBuiltin, leaf: Leaf): string | undefined {
  if (builtin.repeatable === false) return `\`${builtin.name}\` must not be begun twice`;
  if (leaf.reads || builtin.cannotLook !== true) return undefined;
  const given = leaf.with.find(({ name }) => name === "repeatable")?.binding;
  const hasEyes = leaf.with.some(({ name }) => name === "done-when");
  if (hasEyes || (given?.kind === "literal" && given.value === true)) return undefined;
  return `\`${builtin.name}\` cannot see what it did, so nobody knows whether it may be run again`;
}

/** `retry` of a leaf. Undefined where there is none, or where it is wrong, which is reported. */
export function lowerRetry(node: MapNode, leaf: Leaf, place: Place, context: FileContext): Retry | undefined {
  const retry = valueAt(node, "retry");
  const key = entryAt(node, "retry")?.key;
  if (retry?.kind !== "map" || key === undefined) return undefined;
  const why = whyNotRepeated(leaf.builtin, leaf);
  if (why !== undefined) context.report(errorAt(key.span, "retry-refused", `this step cannot be tried again: ${why}`, leaf.builtin.cannotLook === true ? "give it `done-when`, or say `repeatable: true` where running it twice does no harm" : "leave `retry` out; `on-failure: ask` lets a person decide"));
  const attempts = lowerSetting(valueAt(retry, "attempts"), INTEGER, "attempts", place, context);
  const once: Setting = { template: plainTemplate("1", retry.span), schema: INTEGER };
  return {
    attempts: attempts ?? once,
    delay: lowerSetting(valueAt(retry, "delay"), { type: "duration" }, "delay", place, context),
    backoff: lowerSetting(valueAt(retry, "backoff"), { type: "number", minimum: 1 }, "backoff", place, context),
    maxDelay: lowerSetting(valueAt(retry, "max-delay"), { type: "duration" }, "max-delay", place, context),
    on: codesIn(valueAt(retry, "on"), leaf, context),
  };
}

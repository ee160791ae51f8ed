import { errorAt } from "../../core/diagnostic.ts";
import { RESERVED_NAMES } from "../../core/names.ts";
import type { Expression, Loop } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { typeName } from "./check-type.ts";
import { withRoot, type FileContext, type Place } from "./lower-context.ts";
import { textAt } from "./lower-declare.ts";
import { lowerExpression } from "./lower-expression.ts";
import { lowerSetting } from "./lower-text.ts";
import { valueAt, type MapNode, type Node } from "./node.ts";
import { TEMPLATE_HELPERS } from "./template-helper.ts";
import { typed } from "./type-scope.ts";

/** Roots that may come into reach anywhere, and words of CEL: functions, macros, types and reserved words of its specification. No item may be called so. */
const TAKEN: ReadonlySet<string> = new Set([
  "inputs", "vars", "targets", "steps", "run", "failure", "outputs", "probes",
  "has", "all", "exists", "exists_one", "map", "filter", "size", "matches", "contains", "split", "join", "version", "duration", "filesize", "timestamp",
  "int", "uint", "double", "bool", "string", "bytes", "list", "type", "dyn", "null_type", "any", "optional",
  "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
]);

const ANY: Schema = { type: "any" };

/** The name of a loop's item, checked; `item` where none is given. */
function itemName(node: Node | undefined, place: Place, context: FileContext): string {
  if (node?.kind !== "scalar") return "item";
  const name = node.text;
  const isTaken = TAKEN.has(name) || RESERVED_NAMES.has(name) || TEMPLATE_HELPERS.has(name);
  if (isTaken) context.report(errorAt(node.span, "reserved-name", `an item cannot be called \`${name}\`: the word has a meaning of its own`, "choose another name"));
  else if (place.roots.has(name)) context.report(errorAt(node.span, "reserved-name", `\`${name}\` is in reach here already`, "give the item of this loop a name of its own with `as`"));
  return name;
}

/** The type of a loop's item: a text, a whole number, or a record with an `id`, because that is its key in the path of the instance. */
function itemType(items: Expression, context: FileContext): Schema {
  const type = items.type.type === "list" ? items.type.items : ANY;
  if (type.type === "any" || type.type === "map" || type.type === "string" || type.type === "integer" || (type.type === "object" && Object.hasOwn(type.properties, "id"))) return type;
  const what = type.type === "object" ? "a record without `id`" : typeName(type);
  context.report(errorAt(items.span, "wrong-type", `each item is ${what}, and an item must be a text, a whole number or a record with \`id\``, "the item is what tells the instances apart: `copy[NODEA]`"));
  return type;
}

/** The loop of a step, with the place inside it, where the item is in reach; the place itself where the step is no loop. */
export function lowerLoop(node: MapNode, place: Place, context: FileContext): { readonly loop: Loop | undefined; readonly inside: Place; readonly item: Schema } {
  const forEach = valueAt(node, "for-each");
  if (forEach === undefined) {
    // `as` without a loop is refused; the name is not missing besides.
    const alone = textAt(node, "as");
    return { loop: undefined, inside: alone === undefined || place.roots.has(alone) ? place : withRoot(place, alone, typed(ANY)), item: ANY };
  }
  const items = lowerExpression(forEach, "list", "is-an-error", place, context);
  const as = itemName(valueAt(node, "as"), place, context);
  const item = items === undefined ? ANY : itemType(items, context);
  const maxParallel = lowerSetting(valueAt(node, "max-parallel"), { type: "integer", minimum: 1 }, "max-parallel", place, context);
  const maxFailures = lowerSetting(valueAt(node, "max-failures"), { type: "integer", minimum: 0 }, "max-failures", place, context);
  const inside = withRoot(place, as, typed({ ...item, required: true }));
  return { loop: items === undefined ? undefined : { items, as, maxParallel, maxFailures }, inside, item };
}

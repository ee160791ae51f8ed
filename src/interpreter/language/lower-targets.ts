import { errorAt } from "../../core/diagnostic.ts";
import type { Target, Template } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { refuseSecrets } from "./check-secret.ts";
import { checkReads, checkText, typeOfTemplate } from "./check-template.ts";
import { isMisfit, typeName } from "./check-type.ts";
import { limitedTo, type FileContext, type Place } from "./lower-context.ts";
import { lowerPlainText, lowerText, parsedTemplate } from "./lower-text.ts";
import { hasKey, valueAt, type MapNode, type Node } from "./node.ts";
import { pathsOf } from "./template.ts";
import { record } from "./type-scope.ts";

const KNOWN_EARLY = "addresses and locks are known before the first look: only `inputs` and `vars` can be read here";

const TEXT: Schema = { type: "string" };
const TEXTS: Schema = { type: "list", items: TEXT };

/** Reports a var that depends on the run itself where the value must be the same for every run. */
function refuseRunVars(template: Template, what: string, ofTheRun: ReadonlySet<string>, context: FileContext): void {
  for (const { path, span } of pathsOf(template)) {
    const name = path[0] === "vars" ? path[1] : undefined;
    if (name !== undefined && ofTheRun.has(name)) context.report(errorAt(span, "not-in-reach", `\`vars.${name}\` depends on the run itself, and ${what} does not`, "use a var that stands on inputs alone"));
  }
}

/** One template of an address, with the type of its value. */
function address(node: Node, wanted: Schema, place: Place, ofTheRun: ReadonlySet<string>, context: FileContext): { readonly template: Template; readonly type: Schema } | undefined {
  const template = parsedTemplate(node, context);
  if (template === undefined) return undefined;
  checkReads(template, "is-an-error", place, context);
  refuseRunVars(template, "an address", ofTheRun, context);
  refuseSecrets(template, "an address", place, context);
  const type = typeOfTemplate(template, place);
  if (wanted.type === "string") checkText(template, place, context);
  else if (isMisfit(type, wanted)) context.report(errorAt(node.span, "wrong-type", `\`addresses\` is a list, and this is ${typeName(type)}`, "hand on a list, or write one: `[\"{{inputs.node_a}}\", \"{{inputs.node_b}}\"]`"));
  return { template, type };
}

/** The locks of a file beside its system and addresses: templates over inputs and vars. */
export function lowerLocks(node: Node | undefined, place: Place, ofTheRun: ReadonlySet<string>, context: FileContext): readonly Template[] {
  const inner = limitedTo(place, ["inputs", "vars"], KNOWN_EARLY);
  const items = node?.kind === "list" ? node.items : [];
  return items.flatMap((item) => {
    const template = lowerPlainText(item, "a lock", inner, context);
    if (template !== undefined) refuseRunVars(template, "a lock", ofTheRun, context);
    return template ?? [];
  });
}

/** Which targets a file has: their kind is known before anything else is lowered. */
export function targetKinds(node: Node | undefined): ReadonlyMap<string, "single" | "group"> {
  const kinds = new Map<string, "single" | "group">();
  for (const { key, value } of node?.kind === "map" ? node.entries : []) kinds.set(key.text, value.kind === "map" && hasKey(value, "addresses") ? "group" : "single");
  return kinds;
}

/** The targets of a file. Their types go into `types`: an address has the type of the input that it is. */
export function lowerTargets(node: Node | undefined, types: Record<string, Schema>, place: Place, ofTheRun: ReadonlySet<string>, context: FileContext): readonly Target[] {
  const inner = limitedTo(place, ["inputs", "vars"], KNOWN_EARLY);
  const targets: Target[] = [];
  for (const { key, value } of node?.kind === "map" ? node.entries : []) {
    types[key.text] = value.kind === "map" && (hasKey(value, "address") || hasKey(value, "addresses")) ? record({ address: TEXT }) : { type: "any" };
    if (value.kind === "map") targets.push(lowerTarget(key.text, value, types, inner, ofTheRun, context));
  }
  return targets;
}

function lowerTarget(name: string, node: MapNode, types: Record<string, Schema>, place: Place, ofTheRun: ReadonlySet<string>, context: FileContext): Target {
  const description = lowerText(valueAt(node, "description"), place, context);
  const { span } = node;
  const group = valueAt(node, "addresses");
  if (group === undefined) {
    const single = valueAt(node, "address");
    if (single === undefined) return { name, kind: "single", addresses: [], description, span };
    const found = address(single, TEXT, place, ofTheRun, context);
    types[name] = record({ address: found?.type ?? TEXT });
    return { name, kind: "single", addresses: found === undefined ? [] : [found.template], description, span };
  }
  const found = group.kind === "list" ? group.items.map((item) => address(item, TEXT, place, ofTheRun, context)) : [address(group, TEXTS, place, ofTheRun, context)];
  const known = found.filter((item) => item !== undefined);
  const ofList = group.kind === "list" ? known[0]?.type ?? TEXT : undefined;
  const list: Schema = ofList === undefined ? known[0]?.type ?? TEXTS : { type: "list", items: ofList };
  types[name] = record({ addresses: list.type === "list" ? list : TEXTS });
  return { name, kind: "group", addresses: known.map(({ template }) => template), description, span };
}

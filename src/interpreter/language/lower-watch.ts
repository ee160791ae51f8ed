import { errorAt } from "../../core/diagnostic.ts";
import type { Invariant, Probe, Setting } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { lowerExpression } from "./lower-expression.ts";
import { lowerUse, outputsInReach, type LeafPlace, type Use } from "./lower-leaf.ts";
import { lowerBecause, lowerSetting, lowerText, plainTemplate } from "./lower-text.ts";
import { valueAt, type MapNode, type Node, type ScalarNode } from "./node.ts";
import { record } from "./type-scope.ts";

const DURATION: Schema = { type: "duration" };
const STATE: Schema = { type: "string", enum: ["up", "down", "unknown"] };

/** The readings of a probe, one for each of its targets in their order; one where it names none. */
function readingsOf(node: MapNode, at: LeafPlace): readonly Use[] {
  const target = valueAt(node, "target");
  const targets = target?.kind === "list" ? target.items.filter((item) => item.kind === "scalar") : [undefined];
  return targets.flatMap((item) => lowerUse(node, { ...at, oneOf: item }) ?? []);
}

function lowerProbe(key: ScalarNode, node: MapNode, types: Record<string, Schema>, at: LeafPlace): Probe | undefined {
  const { place, context } = at;
  const name = key.text;
  const readings = readingsOf(node, at);
  const outputs = readings[0]?.outputs;
  types[name] = record({ up: { type: "boolean" }, state: STATE, ...(outputs === undefined ? { outputs: { type: "any" } } : { outputs }) });
  const changing = readings.find(({ leaf }) => !leaf.reads);
  if (changing !== undefined) {
    const uses = valueAt(node, "uses") ?? node;
    context.report(errorAt(uses.span, "not-reading", `a probe only looks, and \`${changing.leaf.builtin.name}\` changes something`));
  }
  const up = lowerExpression(valueAt(node, "up"), "boolean", "is-judged", outputsInReach(place, outputs), context);
  const title = lowerText(valueAt(node, "title"), place, context);
  const every: Setting | undefined = lowerSetting(valueAt(node, "every"), DURATION, "every", place, context);
  const outageBudget = lowerSetting(valueAt(node, "outage-budget"), DURATION, "outage-budget", place, context);
  const during = valueAt(node, "down-only-during");
  const downOnlyDuring = during?.kind === "list" ? during.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : [])) : undefined;
  if (up === undefined || readings.length === 0) return undefined;
  const often = every ?? { template: plainTemplate("10s", node.span), schema: DURATION };
  return { name, title, readings: readings.map(({ leaf }) => leaf), every: often, up, downOnlyDuring, outageBudget, span: key.span };
}

/** The probes of a file. Their types go into `types`, for the invariants. */
export function lowerProbes(node: Node | undefined, types: Record<string, Schema>, at: LeafPlace): readonly Probe[] {
  const entries = node?.kind === "map" ? node.entries : [];
  return entries.flatMap(({ key, value }) => (value.kind === "map" ? lowerProbe(key, value, types, at) ?? [] : []));
}

/** The invariants of a file: conditions over what its probes saw, which is in reach at `place`. */
export function lowerInvariants(node: Node | undefined, place: Place, context: FileContext): readonly Invariant[] {
  const items = node?.kind === "list" ? node.items.filter((item) => item.kind === "map") : [];
  return items.flatMap((item) => {
    const id = valueAt(item, "id");
    const that = lowerExpression(valueAt(item, "that"), "boolean", "is-judged", place, context);
    const because = lowerBecause(valueAt(item, "because"), place, context);
    return that === undefined || id?.kind !== "scalar" ? [] : [{ id: id.text, that, because, span: id.span }];
  });
}

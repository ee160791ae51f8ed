import type { PlanNode } from "../core/plan.ts";
import { actionLines, indentAt, nodeConditions, nodeHead, noteLines, plannedText, targetText } from "./plan-node-text.ts";
import { paint, type Style } from "./style.ts";
import { wrapped } from "./terminal-text.ts";

/** How much of a plan is shown. `short`: every action that changes something, and every question; what only looks is named and counted. */
export type PlanExtent = "short" | "all";

/** Steps of a plan with what is below them. */
export function treeLines(nodes: readonly PlanNode[], depth: number, extent: PlanExtent, style: Style): readonly string[] {
  if (extent === "all") return nodes.flatMap((node) => wholeLines(node, depth, style));
  const lines: string[] = [];
  let looking: PlanNode[] = [];
  const count = (): void => {
    lines.push(...lookingLines(looking, depth, style));
    looking = [];
  };
  for (const node of nodes) {
    if (isLooking(node)) {
      looking.push(node);
      continue;
    }
    count();
    lines.push(...shortLines(node, depth, style));
  }
  count();
  return lines;
}

function wholeLines(node: PlanNode, depth: number, style: Style): readonly string[] {
  const why = node.why === undefined ? [] : [`- ${plannedText(node.why)}`];
  return [
    ...nodeHead(node, depth, style),
    ...noteLines([...why, ...nodeConditions(node)], depth, style),
    ...node.actions.flatMap((action) => actionLines(action, depth, style)),
    ...treeLines(node.children, depth + 1, "all", style),
    ...rollbackLines(node, depth, "all", style),
  ];
}

function shortLines(node: PlanNode, depth: number, style: Style): readonly string[] {
  const changing = node.actions.filter((action) => action.effect !== "reads");
  const asks = isQuestion(node) ? ["a person is asked"] : isNeverEntered(node) ? ["never entered with these inputs"] : [];
  return [
    ...nodeHead(node, depth, style),
    ...noteLines([...nodeConditions(node), ...asks], depth, style),
    ...changing.flatMap((action) => actionLines(action, depth, style)),
    ...(node.kind === "for-each" ? instanceLines(node.children, depth + 1, style) : treeLines(node.children, depth + 1, "short", style)),
    ...rollbackLines(node, depth, "short", style),
  ];
}

/** What undoes a step, marked as no part of the run; no lines where nothing does. */
function rollbackLines({ rollback = [] }: PlanNode, depth: number, extent: PlanExtent, style: Style): readonly string[] {
  return rollback.length === 0 ? [] : [...noteLines(["not in this run; `runbook rollback` would undo it with"], depth, style), ...treeLines(rollback, depth + 3, extent, style)];
}

/** The instances of a loop; those that would do the very same are shown once, with where the others are. */
function instanceLines(instances: readonly PlanNode[], depth: number, style: Style): readonly string[] {
  const alike = Map.groupBy(instances, (instance) => JSON.stringify(deeds(instance)));
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const same = others.length === 0 ? [] : [`the same ${others.length === 1 ? "" : `${others.length} times: `}${others.map((other) => targetText(other.target) || plannedText(other.path)).join(", ")}`];
    return [...treeLines([first], depth, "short", style), ...noteLines(same, depth, style)];
  });
}

/** What a step may change, without where: two steps that may do the same are equal here. */
function deeds(node: PlanNode): unknown {
  return [node.if, node.actions.filter((action) => action.effect !== "reads").map((action) => action.template), node.children.map(deeds)];
}

/** True if nothing in it or below it changes something or asks somebody. */
function isLooking(node: PlanNode): boolean {
  return !isQuestion(node) && !isNeverEntered(node) && node.actions.every((action) => action.effect === "reads") && (node.children.length > 0 || node.effect === "reads") && node.children.every(isLooking);
}

/** What has steps below it, and the plan leaves them out: its condition is false by the inputs alone. */
function isNeverEntered(node: PlanNode): boolean {
  return node.kind !== "leaf" && node.children.length === 0 && node.if !== undefined;
}

function isQuestion(node: PlanNode): boolean {
  return node.kind === "leaf" && node.uses?.startsWith("human.") === true;
}

/** Steps that only look, as one paragraph: how many, and their titles. */
function lookingLines(nodes: readonly PlanNode[], depth: number, style: Style): readonly string[] {
  if (nodes.length === 0) return [];
  const count = nodes.reduce((sum, node) => sum + leafCount(node), 0);
  const titles = nodes.map((node) => plannedText(node.title)).join("; ");
  const indent = indentAt(depth);
  return wrapped(`${count} that only ${count === 1 ? "looks" : "look"}: ${titles}`, style.columns, indent, `${indent}  `).map((line) => paint(style, "quiet", line));
}

function leafCount(node: PlanNode): number {
  return node.children.length === 0 ? 1 : node.children.reduce((sum, child) => sum + leafCount(child), 0);
}

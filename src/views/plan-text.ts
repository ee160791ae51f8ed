import { EFFECTS, type Effect } from "../core/action.ts";
import type { Phase, Plan, PlanNode } from "../core/plan.ts";
import { assertNever } from "../core/assert-never.ts";
import { inputLines, systemName } from "./opening.ts";
import { plannedText, targetText } from "./plan-node-text.ts";
import { treeLines, type PlanExtent } from "./plan-tree.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";

const SECTIONS: readonly (readonly [Phase, string])[] = [
  ["probe", "Watched while it runs"],
  ["precondition", "Preconditions: all must hold before anything changes"],
  ["step", "Steps"],
  ["postcondition", "Postconditions: the goal, looked at first and last"],
  ["rollback", "What undoes it, the last first"],
];

/**
 * The plan for people: what it is applied to, and the steps. `short` shows every action that may change something with its command
 * and counts what only looks; `all` shows every action. What only a later look can tell stands as `⟨name⟩`.
 */
export function planLines(plan: Plan, extent: PlanExtent, style: Style): readonly string[] {
  return [
    ...planHead(plan, [], style),
    ...SECTIONS.flatMap(([phase, title]) => {
      const nodes = phase === "probe" ? probesOf(plan.nodes) : plan.nodes.filter((node) => node.phase === phase);
      return nodes.length === 0 ? [] : ["", ...wrapped(title, style.columns).map((line) => paint(style, "strong", line)), ...(phase === "probe" && extent === "short" ? probeLines(nodes, style) : treeLines(nodes, 1, extent, style))];
    }),
    "",
    ...summaryLines(plan, style),
  ];
}

/** The plan as the first screen of a run, for the question whether to run it: what it is applied to, where its state is kept, and the steps that change something. */
export function planSummary(plan: Plan, stateFolder: string, style: Style): readonly string[] {
  const changing = leavesOf(plan.nodes).filter(({ leaf }) => leaf.effect !== "reads");
  const rows = changing.map(({ leaf, isCertain }) => [leaf.effect, targetText(leaf.target), `${plannedText(leaf.title)}${isCertain ? "" : " (only if it is called for)"}`]);
  return [...planHead(plan, [["state", oneLine(stateFolder)]], style), "", ...(rows.length === 0 ? [] : [paint(style, "strong", "What it may change, in this order"), ...table(rows, style.columns), ""]), ...summaryLines(plan, style)];
}

function probeLines(probes: readonly PlanNode[], style: Style): readonly string[] {
  return table(probes.map((probe) => [plannedText(probe.title), targetText(probe.target)]), style.columns);
}

/** The probes, each once: its targets are asked in turn. */
function probesOf(nodes: readonly PlanNode[]): readonly PlanNode[] {
  const byPath = Map.groupBy(nodes.filter((node) => node.phase === "probe"), (node) => node.path);
  return [...byPath.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const addresses = [first, ...others].flatMap(({ target }) => (target.kind === "address" ? [target.address] : target.kind === "one-of" ? target.addresses : []));
    return [{ ...first, target: { kind: "one-of" as const, addresses } }];
  });
}

function planHead(plan: Plan, places: readonly (readonly [string, string])[], style: Style): readonly string[] {
  const rows = [
    ["runbook", `${oneLine(plan.runbook)}  (${oneLine(plan.file)})`],
    ["system", systemName(plan)],
    ...places,
    ["locks", plan.locks.map((lock) => plannedText(lock)).join(", ")],
    ["digest", plan.digest.slice(0, 16)],
  ];
  return [...wrapped(plannedText(plan.title), style.columns).map((line) => paint(style, "strong", line)), ...table(rows.filter(([, value]) => value !== ""), style.columns), ...inputLines(plan.inputs, "to-be-chosen", style)];
}

function summaryLines(plan: Plan, style: Style): readonly string[] {
  const leaves = leavesOf(plan.nodes);
  const counts = EFFECTS.flatMap((effect) => {
    const count = leaves.filter(({ leaf }) => leaf.effect === effect).length;
    return count === 0 ? [] : [`${count} ${verb(effect, count)}`];
  });
  return wrapped(`${leaves.length} ${leaves.length === 1 ? "step" : "steps"}: ${counts.join(", ")}.`, style.columns);
}

function verb(effect: Effect, count: number): string {
  switch (effect) {
    case "reads":
      return count === 1 ? "only looks" : "only look";
    case "changes":
      return count === 1 ? "changes something" : "change something";
    case "disrupts":
      return count === 1 ? "stops a service for a while" : "stop a service for a while";
    case "destroys":
      return count === 1 ? "does what cannot be undone" : "do what cannot be undone";
    default:
      return assertNever(effect);
  }
}

/** A leaf of a plan, and whether it is entered in any case: no condition and no failure stands before it. */
interface PlannedLeaf {
  readonly leaf: PlanNode;
  readonly isCertain: boolean;
}

/** The leaves of a plan, without its probes, in their order. */
function leavesOf(nodes: readonly PlanNode[], isCertain = true): readonly PlannedLeaf[] {
  return nodes.flatMap((node): readonly PlannedLeaf[] => {
    if (node.phase === "probe") return [];
    const isSure = isCertain && node.if === undefined && node.phase !== "rescue";
    if (node.children.length > 0) return leavesOf(node.children, isSure);
    return node.kind === "leaf" ? [{ leaf: node, isCertain: isSure }] : [];
  });
}

import { EFFECTS, type Effect } from "../core/action.ts";
import { showHoles, type Phase, type Plan, type PlanNode, type PlannedAction, type PlannedTarget } from "../core/plan.ts";
import { assertNever } from "../core/assert-never.ts";
import { commandLine } from "./command-line.ts";
import { inputLines, systemName } from "./opening.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { table } from "./table.ts";
import { oneLine, wrapped } from "./terminal-text.ts";

const SECTIONS: readonly (readonly [Phase, string])[] = [
  ["probe", "Watched while it runs"],
  ["precondition", "Preconditions: all must hold before anything changes"],
  ["step", "Steps"],
  ["postcondition", "Postconditions: the goal, looked at first and last"],
];

const TONES: Readonly<Record<Effect, Tone>> = { reads: "quiet", changes: "name", disrupts: "warn", destroys: "bad" };

/** The whole plan for people: what it is applied to, and every step with every action that it may take. What only a later look can tell stands as `⟨name⟩`. */
export function planLines(plan: Plan, style: Style): readonly string[] {
  return [
    ...planHead(plan, style),
    ...SECTIONS.flatMap(([phase, title]) => {
      const nodes = phase === "probe" ? probesOf(plan.nodes) : plan.nodes.filter((node) => node.phase === phase);
      return nodes.length === 0 ? [] : ["", ...wrapped(title, style.columns).map((line) => paint(style, "strong", line)), ...nodes.flatMap((node) => nodeLines(node, 1, style))];
    }),
    "",
    ...summaryLines(plan, style),
  ];
}

/** The plan in short, for the question whether to run it: what it is applied to, and the steps that change something. */
export function planSummary(plan: Plan, style: Style): readonly string[] {
  const changing = leavesOf(plan.nodes).filter(({ leaf }) => leaf.effect !== "reads");
  const rows = changing.map(({ leaf, isCertain }) => [leaf.effect, targetText(leaf.target), `${text(leaf.title)}${isCertain ? "" : " (only if it is called for)"}`]);
  return [...planHead(plan, style), "", ...(rows.length === 0 ? [] : [paint(style, "strong", "What it may change, in this order"), ...table(rows, style.columns), ""]), ...summaryLines(plan, style)];
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

function planHead(plan: Plan, style: Style): readonly string[] {
  const rows = [
    ["runbook", `${oneLine(plan.runbook)}  (${oneLine(plan.file)})`],
    ["system", systemName(plan)],
    ["locks", plan.locks.map((lock) => text(lock)).join(", ")],
    ["digest", plan.digest.slice(0, 16)],
  ];
  return [...wrapped(text(plan.title), style.columns).map((line) => paint(style, "strong", line)), ...table(rows.filter(([, value]) => value !== ""), style.columns), ...inputLines(plan.inputs, style)];
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

function nodeLines(node: PlanNode, depth: number, style: Style): readonly string[] {
  const indent = "  ".repeat(Math.min(depth, 8));
  const marks = [targetText(node.target), node.effect === "reads" ? "" : node.effect, node.kind === "for-each" ? "for each" : ""].filter((mark) => mark !== "");
  const part = node.phase === "rescue" ? "if that fails, " : node.phase === "always" ? "in any case, " : "";
  const head = wrapped(`${text(node.path)}: ${part}${text(node.title)}${marks.length === 0 ? "" : ` [${marks.join(", ")}]`}`, style.columns, indent, `${indent}  `);
  const notes = [
    ...(node.why === undefined ? [] : [`- ${text(node.why)}`]),
    ...(node.if === undefined ? [] : [`only if ${oneLine(node.if)}`]),
    ...(node.irreversible === undefined ? [] : [`cannot be undone: ${text(node.irreversible)}`]),
  ];
  return [
    ...head.map((line) => (node.effect === "reads" ? line : paint(style, TONES[node.effect], line))),
    ...notes.flatMap((note) => wrapped(note, style.columns, `${indent}    `, `${indent}      `)),
    ...node.actions.flatMap((action) => actionLines(action, indent, style)),
    ...node.children.flatMap((child) => nodeLines(child, depth + 1, style)),
  ];
}

/** A reading by its command alone; what changes something by what it does, and its command. */
function actionLines(action: PlannedAction, indent: string, style: Style): readonly string[] {
  const command = commandLine(action.template);
  if (action.effect === "reads") return wrapped(`looks: ${command}`, style.columns, `${indent}    `, `${indent}      `).map((line) => paint(style, "quiet", line));
  const often = action.atMost > 1 ? ` (at most ${action.atMost} times)` : "";
  return [
    ...wrapped(`may: ${text(action.title)} [${action.effect}]${often}`, style.columns, `${indent}    `, `${indent}      `),
    ...wrapped(`$ ${command}`, style.columns, `${indent}      `, `${indent}        `),
  ];
}

function targetText(target: PlannedTarget): string {
  switch (target.kind) {
    case "none":
      return "";
    case "address":
      return `on ${text(target.address)}`;
    case "one-of":
      return `on one of ${target.addresses.map((address) => text(address)).join(", ")}`;
    default:
      return assertNever(target);
  }
}

function text(planned: string): string {
  return oneLine(showHoles(planned));
}

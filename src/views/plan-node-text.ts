import type { Effect } from "../core/action.ts";
import { assertNever } from "../core/assert-never.ts";
import { showHoles, type PlanNode, type PlannedAction, type PlannedTarget } from "../core/plan.ts";
import { commandLine } from "./command-line.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { oneLine, wrapped } from "./terminal-text.ts";

const TONES: Readonly<Record<Effect, Tone>> = { reads: "quiet", changes: "name", disrupts: "warn", destroys: "bad" };

/** The blanks before a step of the plan. */
export function indentAt(depth: number): string {
  return "  ".repeat(Math.min(depth, 8));
}

/** The head of a step: path, title, where it acts, and its effect where it changes something. */
export function nodeHead(node: PlanNode, depth: number, style: Style): readonly string[] {
  const indent = indentAt(depth);
  const marks = [targetText(node.target), node.effect === "reads" ? "" : node.effect, node.kind === "for-each" ? "for each" : ""].filter((mark) => mark !== "");
  const part = node.phase === "rescue" ? "if that fails, " : node.phase === "always" ? "in any case, " : "";
  const head = wrapped(`${plannedText(node.path)}: ${part}${plannedText(node.title)}${marks.length === 0 ? "" : ` [${marks.join(", ")}]`}`, style.columns, indent, `${indent}  `);
  return head.map((line) => (node.effect === "reads" ? line : paint(style, TONES[node.effect], line)));
}

/** Under which condition a step is entered, and that it cannot be undone; no lines where neither is said. */
export function nodeConditions(node: PlanNode): readonly string[] {
  return [
    ...(node.if === undefined ? [] : [`only if ${oneLine(node.if)}`]),
    ...(node.irreversible === undefined ? [] : [`cannot be undone: ${plannedText(node.irreversible)}`]),
  ];
}

/** Notes below the head of a step. */
export function noteLines(notes: readonly string[], depth: number, style: Style): readonly string[] {
  const indent = indentAt(depth);
  return notes.flatMap((note) => wrapped(note, style.columns, `${indent}    `, `${indent}      `));
}

/** An action of a step: a reading by its command alone; what changes something by what it does, how often at most, and its command. */
export function actionLines(action: PlannedAction, depth: number, style: Style): readonly string[] {
  const indent = indentAt(depth);
  const command = commandLine(action.template);
  if (action.effect === "reads") return wrapped(`looks: ${command}`, style.columns, `${indent}    `, `${indent}      `).map((line) => paint(style, "quiet", line));
  const often = action.atMost > 1 ? ` (at most ${action.atMost} times)` : "";
  return [
    ...wrapped(`may: ${plannedText(action.title)} [${action.effect}]${often}`, style.columns, `${indent}    `, `${indent}      `),
    ...wrapped(`$ ${command}`, style.columns, `${indent}      `, `${indent}        `),
  ];
}

/** Where a step acts: `on NODEA`, `on one of NODEA, NODEB`, or "" for nowhere. */
export function targetText(target: PlannedTarget): string {
  switch (target.kind) {
    case "none":
      return "";
    case "address":
      return `on ${plannedText(target.address)}`;
    case "one-of":
      return `on one of ${target.addresses.map((address) => plannedText(address)).join(", ")}`;
    default:
      return assertNever(target);
  }
}

/** A planned text for people, on one line: what only a later look can tell stands as `⟨name⟩`. */
export function plannedText(planned: string): string {
  return oneLine(showHoles(planned));
}
